/** `textune train`: fine-tune a model on a file of labelled texts. */
import type { Command } from "commander";
import { fail } from "../../base/errors.js";
import { assertTrainable } from "../../data/assert-trainable.js";
import type { Dataset } from "../../data/dataset.js";
import { readDataset } from "../../data/read-dataset.js";
import { formatReport } from "../../metrics/format-report.js";
import type { ResolvedTrainingOptions } from "../../training/options.js";
import { trainingOptions } from "../../training/options.js";
import type { CommandContext, CommonOptions } from "../command-context.js";
import { readConfigFile } from "../config-file.js";
import { readOptions } from "../data-options.js";
import { interruptible } from "../interrupt.js";
import { addOptions, checkConfig, givenOptions, kebabCase, resolveOptions } from "../option-schema.js";
import { createNotices, createResultWriter } from "../output.js";
import { checkOutputFolder } from "../output-folder.js";
import { createProgressReporter, formatDuration } from "../report-progress.js";
import { shellWord } from "../shell-word.js";
import { trainCommandOptions, trainConfigGroups, trainGroups } from "../train-options.js";
import { trainingCallbacks } from "../training-callbacks.js";

const EXAMPLES = `
Examples:
  $ textune train reviews.csv --text text --label sentiment --output my-classifier
  $ textune train tickets.jsonl --text subject --text body --label team --output teams --epochs 5
  $ textune train train.csv --validation dev.csv --test test.csv --label stars --output stars
  $ textune train reviews.csv --output mine --model bert-base-uncased --batch-size 16
  $ textune train --config run.json --learning-rate 1e-4

A configuration file holds the same options under their names in camelCase, and "data":
  { "data": "reviews.csv", "label": "sentiment", "output": "my-classifier", "learningRate": 1e-4 }
What the command line says goes before what the file says.
`;

interface TrainFlags extends CommonOptions {
  readonly config?: string;
}

/** Adds the command to `program`. */
export function addTrainCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("train")
    .summary("fine-tune a model on a file of labelled texts")
    .description("Fine-tune a pre-trained model on a file of labelled texts, and write the classifier to a folder.")
    .argument("[data]", "CSV, TSV, JSON or JSON Lines file, or a folder with a folder of texts for each class")
    .addHelpText("after", EXAMPLES);
  addOptions(command, trainGroups);
  command
    .optionsGroup("General:")
    .option("--config <file>", "JSON file with options")
    .option("--json", "print the results as JSON on standard output")
    .option("--quiet", "show neither progress nor notices")
    .action((data: string | undefined, flags: TrainFlags) => train(command, context, data, flags));
}

async function train(
  command: Command,
  { terminal }: CommandContext,
  argument: string | undefined,
  flags: TrainFlags,
): Promise<void> {
  const settings = await readSettings(command, argument, flags.config);
  const { data, output, ...options } = settings.command;
  const quiet = flags.quiet ?? false;
  const notices = createNotices(terminal, quiet);
  const results = createResultWriter(terminal.stdout);
  await checkOutputFolder(output, options.overwrite);

  const progress = createProgressReporter(terminal, quiet);
  const announce = (): void => progress.note("stopping after this step; press Ctrl-C again to stop at once");
  await interruptible(terminal, announce, async (signal) => {
    const told = new Set<string>();
    const tell = (line: string): void => {
      if (told.has(line)) return;
      told.add(line);
      progress.note(line);
    };
    const began = terminal.now();
    const parts = await readParts(data, options, settings.training.seed, signal);
    assertTrainable(parts.train);
    for (const dataset of [parts.whole, parts.validation, parts.test]) {
      for (const notice of dataset?.notices ?? []) tell(`${dataset?.source}: ${notice}`);
    }
    tell(describeData(parts));

    // Here and not above, for the help and a wrong option should not wait for onnxruntime.
    const { TextClassifier } = await import("../../classifier/text-classifier.js");
    const { model, revision, offline, cacheFolder } = options;
    const { threads, seed } = settings.training;
    const classifier = await TextClassifier.fromPretrained(model, {
      labels: parts.train.labels,
      seed,
      offline,
      signal,
      onDownload: ({ file, total }) => tell(`downloading ${file}, ${(total / 1e6).toFixed(1)} MB`),
      ...given({ revision, cacheFolder, threads }),
    });
    try {
      tell(describeModel(model, classifier.loading));
      const callbacks = trainingCallbacks(progress, tell);
      const history = await classifier.fit(parts.train, {
        ...given(settings.training),
        validation: parts.validation,
        callbacks: [callbacks],
        signal,
      });
      if (history.aborted && history.bestEpoch === undefined) {
        progress.stop();
        fail("E_ABORTED", {
          where: "train",
          got: `stopped after ${history.losses.length} steps${parts.validation === undefined ? "" : ", before the first validation"}; nothing was written`,
        });
      }
      const report =
        parts.test === undefined || history.aborted ? undefined : await classifier.evaluate(parts.test, { signal });
      await classifier.save(output);
      progress.stop();
      if (history.aborted) {
        fail("E_ABORTED", {
          where: "train",
          got: `stopped after ${history.losses.length} steps; the classifier of epoch ${history.bestEpoch} is in ${shellWord(output)}`,
        });
      }

      const seconds = (terminal.now() - began) / 1000;
      const validation = history.epochs.find((epoch) => epoch.epoch === history.bestEpoch)?.validation;
      if (flags.json === true) {
        const { epochs, losses, bestEpoch } = history;
        await results.write(
          `${JSON.stringify({ output, labels: classifier.labels, seconds, bestEpoch, epochs, losses, validation, test: report }, undefined, 2)}\n`,
        );
        return;
      }
      const shown = report ?? validation;
      if (shown !== undefined && !quiet) {
        const what =
          report === undefined
            ? `validation, ${shown.examples} rows, epoch ${history.bestEpoch} of ${history.epochs.length}`
            : `test, ${shown.examples} rows`;
        await results.write(`\n${what}\n\n${formatReport(shown)}\n`);
      }
      notices.say(`\nThe classifier is in ${shellWord(output)} (trained in ${formatDuration(seconds)}). Use it:`);
      notices.say(`  textune predict ${shellWord(output)} "some text"`);
      notices.say(`  textune evaluate ${shellWord(output)} other-data.csv`);
    } finally {
      progress.stop();
      await classifier.close();
    }
  }).finally(() => progress.stop());
}

interface Settings {
  readonly command: ReturnType<typeof readCommandOptions> & { readonly data: string; readonly output: string };
  readonly training: ResolvedTrainingOptions;
}

async function readSettings(
  command: Command,
  argument: string | undefined,
  configPath: string | undefined,
): Promise<Settings> {
  const config =
    configPath === undefined ? {} : checkConfig(await readConfigFile(configPath), trainConfigGroups, configPath);
  const values = { ...config, ...givenOptions(command, trainGroups), ...given({ data: argument }) };
  const options = readCommandOptions(values);
  const { data, output } = options;
  if (data === undefined)
    fail("E_USAGE", {
      where: "train",
      expected: "a file of labelled texts",
      got: "none",
      fix: "name it: textune train DATA --output DIR",
    });
  if (output === undefined)
    fail("E_USAGE", {
      where: "--output",
      expected: "a folder for the classifier",
      got: "none",
      fix: "add --output DIR",
    });
  if (options.validation === undefined && options.validationSplit !== undefined)
    splitSize("--validation-split", options.validationSplit);
  if (options.test !== undefined && options.testSplit !== undefined) {
    fail("E_USAGE", {
      where: "--test-split",
      expected: "either --test or --test-split",
      got: "both",
      fix: "leave one out",
    });
  }
  if (options.testSplit !== undefined) splitSize("--test-split", options.testSplit);
  return { command: { ...options, data, output }, training: resolveOptions(trainingOptions, values, flagOf) };
}

function readCommandOptions(values: Readonly<Record<string, unknown>>) {
  return resolveOptions(trainCommandOptions, values, flagOf);
}

function splitSize(where: string, size: number): void {
  if (size >= 1 && !Number.isInteger(size)) {
    fail("E_CONFIG", {
      where,
      expected: "a share below 1 or a whole number of rows",
      got: String(size),
      fix: "write for example 0.1",
    });
  }
}

interface Parts {
  readonly whole: Dataset;
  readonly train: Dataset;
  readonly validation: Dataset | undefined;
  readonly test: Dataset | undefined;
}

async function readParts(
  data: string,
  options: Omit<Settings["command"], "data" | "output">,
  seed: number,
  signal: AbortSignal,
): Promise<Parts> {
  const reading = { ...readOptions(options), signal };
  const whole = await readDataset(data, given({ ...reading, labels: options.labels }));
  assertTrainable(whole);
  const readOther = (path: string | undefined) =>
    path === undefined ? undefined : readDataset(path, { ...reading, labels: whole.labels });
  const validation = await readOther(options.validation);
  const test = await readOther(options.test);
  const sizes = {
    ...(validation === undefined && options.validationSplit > 0 ? { validation: options.validationSplit } : {}),
    ...(options.testSplit === undefined ? {} : { test: options.testSplit }),
  };
  const split: { train: Dataset; validation?: Dataset; test?: Dataset } =
    Object.keys(sizes).length === 0
      ? { train: whole }
      : whole.split({ ...sizes, stratify: true, smallClasses: "first", seed });
  return {
    whole,
    train: split.train,
    validation: validation ?? split.validation,
    test: test ?? split.test,
  };
}

function describeData({ train, validation, test }: Parts): string {
  const parts = [
    `${train.length} texts to train on`,
    ...(validation === undefined ? [] : [`${validation.length} to validate`]),
    ...(test === undefined ? [] : [`${test.length} to test`]),
  ];
  const { names, counts } = train.labels;
  const classes = names.slice(0, 8).map((name, id) => `${name} ${counts[id]}`);
  return `${parts.join(", ")}; ${names.length} classes: ${classes.join(", ")}${names.length > classes.length ? ", …" : ""}`;
}

function describeModel(
  model: string,
  loading: {
    readonly found: readonly string[];
    readonly created: readonly string[];
    readonly ignored: readonly string[];
  },
): string {
  const { found, created, ignored } = loading;
  const more = [
    ...(created.length === 0 ? [] : [`new: ${listed(created)}`]),
    ...(ignored.length === 0 ? [] : [`not used: ${listed(ignored)}`]),
  ];
  return `${model}: ${found.length} weights read${more.length === 0 ? "" : `; ${more.join("; ")}`}`;
}

function listed(names: readonly string[]): string {
  return names.length <= 4 ? names.join(", ") : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
}

function flagOf(name: string): string {
  return `--${kebabCase(name)}`;
}

/** `values` without those that are undefined. */
function given<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
