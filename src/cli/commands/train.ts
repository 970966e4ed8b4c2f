/** `textune train`: fine-tune a model on a file of labelled texts. */
import type { Command } from "commander";
import type { z } from "zod";
import { fail } from "../../base/errors.js";
import { resolveOptions } from "../../base/resolve-options.js";
import { assertTrainable } from "../../data/dataset/assert-trainable.js";
import { formatReport } from "../../metrics/format-report.js";
import { trainingOptions } from "../../training/options.js";
import type { CommandContext } from "../command-context.js";
import { checkParts, type DataParts, readParts } from "../data-parts.js";
import { dataArgument, given, readingNotices, sourceOptions } from "../data-source-options.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { evaluationProgress } from "../evaluation-progress.js";
import { checkOutputFolder } from "../output-folder.js";
import { formatDuration } from "../report-progress.js";
import { shellWord } from "../shell-word.js";
import { trainGroups, trainSchema } from "../train-options.js";
import { trainingCallbacks } from "../training-callbacks.js";

const EXAMPLES = `
Examples:
  $ textune train reviews.csv --text text --label sentiment --output my-classifier
  $ textune train tickets.jsonl --text subject --text body --label team --output teams --epochs 5
  $ textune train train.csv --validation dev.csv --test test.csv --label stars --output stars
  $ textune train aclImdb_v1.tar.gz --member aclImdb/train --exclude unsup --test-member aclImdb/test --output imdb
  $ textune train hf://owner/reviews --validation-part validation --test-part test --output reviews
  $ textune train reviews.csv --output mine --model bert-base-uncased --batch-size 16
  $ textune train --config run.json --learning-rate 1e-4

A configuration file holds the same options under their names in camelCase, and "data":
  { "data": "reviews.csv", "label": "sentiment", "output": "my-classifier", "learningRate": 1e-4 }
What the command line says goes before what the file says.
`;

type Call = CommandCall<z.output<typeof trainSchema>>;

/** Adds the command to `program`. */
export function addTrainCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "train",
    summary: "fine-tune a model on labelled texts",
    description: "Fine-tune a pre-trained model on labelled texts, and write the classifier to a folder.",
    examples: EXAMPLES,
    arguments: [dataArgument],
    groups: trainGroups,
    schema: trainSchema,
    json: "print the results as JSON on standard output",
    quiet: "show neither progress nor notices",
    stopping: "stopping after this step; press Ctrl-C again to stop at once",
    run: train,
  });
}

async function train(call: Call): Promise<void> {
  const { options, terminal, signal, quiet, progress, say, results } = call;
  const { output, data } = options;
  if (output === undefined)
    fail("E_USAGE", {
      option: "output",
      expected: "a folder for the classifier",
      got: "none",
      fix: "add --output DIR",
    });
  checkParts(call.given);
  const training = resolveOptions(trainingOptions.strip(), options);
  await checkOutputFolder(output, options.overwrite);

  const told = new Set<string>();
  const tell = (line: string): void => {
    if (told.has(line)) return;
    told.add(line);
    say(line);
  };
  const began = terminal.now();
  const reading = { ...sourceOptions(options), signal };
  const parts = await readParts({
    data,
    options,
    reading,
    readingOthers: (whole) => ({ ...reading, labels: whole.labels }),
    check: assertTrainable,
    split: { stratify: true, smallClasses: "first", seed: training.seed },
  });
  assertTrainable(parts.train);
  for (const dataset of [parts.whole, parts.validation, parts.test]) {
    for (const notice of dataset === undefined ? [] : readingNotices(dataset)) {
      tell(`${dataset?.source}: ${notice}`);
      // Training says it again, without the file's name.
      told.add(notice);
    }
  }
  tell(describeData(parts));
  const rare = smallClasses(parts);
  if (rare.length > 0)
    tell(`${listed(rare.map((name) => `"${name}"`))}: too few rows to hold any out; all are trained on`);

  // Here and not above, for the help and a wrong option should not wait for onnxruntime.
  const { TextClassifier } = await import("../../classifier/node/text-classifier.js");
  const { model, revision, offline, cacheFolder } = options;
  const { threads, seed } = training;
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
      ...given(training),
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
    const { tokenCache } = training;
    const report =
      parts.test === undefined || history.aborted
        ? undefined
        : await classifier.evaluate(parts.test, { signal, tokenCache, ...evaluationProgress(progress, tell) });
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
    if (call.json) {
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
    say(`\nThe classifier is in ${shellWord(output)} (trained in ${formatDuration(seconds)}). Use it:`);
    say(`  textune predict ${shellWord(output)} "some text"`);
    say(`  textune evaluate ${shellWord(output)} other-data.csv`);
  } finally {
    await classifier.close();
  }
}

function describeData({ train, validation, test }: DataParts): string {
  const parts = [
    `${train.length} texts to train on`,
    ...(validation === undefined ? [] : [`${validation.length} to validate`]),
    ...(test === undefined ? [] : [`${test.length} to test`]),
  ];
  const { names, counts } = train.labels;
  const classes = names.slice(0, 8).map((name, id) => `${name} ${counts[id]}`);
  return `${parts.join(", ")}; ${names.length} classes: ${classes.join(", ")}${names.length > classes.length ? ", …" : ""}`;
}

/** Classes of which a held-out part has no row because there are fewer rows than parts. */
function smallClasses({ whole, train, validation, test }: DataParts): string[] {
  if (whole === train) return [];
  const { names, counts } = whole.labels;
  const heldOut = [validation, test].filter((part) => part !== undefined);
  return names.filter((_, id) => {
    const count = counts[id] as number;
    return count > 0 && count <= heldOut.length && train.labels.counts[id] === count;
  });
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
