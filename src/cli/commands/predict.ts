/** `textune predict`: classify texts given as arguments, in a file or on standard input. */
import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import type { Prediction } from "../../classifier/predict.js";
import type { ReadOptions } from "../../data/read-dataset.js";
import type { CommandContext, CommonOptions } from "../command-context.js";
import { readingFields, readOptions } from "../data-options.js";
import { predictionFormat } from "../format-prediction.js";
import { interruptible } from "../interrupt.js";
import { addOptions, givenOptions, kebabCase, type OptionGroup, resolveOptions } from "../option-schema.js";
import { createNotices, createResultWriter, type Notices } from "../output.js";
import { argumentTexts, fileTexts, lineTexts, type SourceText, tableTexts } from "../read-texts.js";
import { runningFields } from "../running-options.js";
import type { Terminal } from "../terminal.js";
import { untilAborted } from "../until-aborted.js";

const EXAMPLES = `
Examples:
  $ textune predict my-classifier "A wonderful little film." "What a waste of time."
  $ textune predict my-classifier --file reviews.csv --text text > predictions.tsv
  $ textune predict my-classifier --file reviews.jsonl --text review --json > predictions.jsonl
  $ tail -n 100 reviews.txt | textune predict my-classifier

A line comes out for each text that goes in, in the same order: label, probability and text, separated by tabs.
With --json each line is an object with text, label, probability and the scores of all labels.
An empty text gets an empty label (null in JSON).
`;

const { label: _label, ...textFields } = readingFields;
const groups: readonly OptionGroup[] = [
  { title: "Data (with --file, or from standard input with --format):", fields: textFields },
  { title: "Running:", fields: runningFields },
];
const schema = z.object({ ...textFields, ...runningFields });

interface PredictFlags extends CommonOptions {
  readonly file?: string;
}

/** Adds the command to `program`. */
export function addPredictCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("predict")
    .summary("classify texts")
    .description(
      "Classify texts: those given as arguments, else those in a file, else those on standard input, one a line.",
    )
    .argument("<classifier>", "folder of a classifier, or the Hugging Face id of one")
    .argument("[texts...]", "texts to classify")
    .addHelpText("after", EXAMPLES)
    .option("--file <file>", "classify the lines of a text file, or a column of a CSV, TSV, JSON or JSON Lines file");
  addOptions(command, groups);
  command
    .optionsGroup("General:")
    .option("--json", "print a JSON object for each text")
    .option("--quiet", "show no notices")
    .action((folder: string, texts: string[], flags: PredictFlags) => predict(command, context, folder, texts, flags));
}

async function predict(
  command: Command,
  { terminal }: CommandContext,
  folder: string,
  texts: readonly string[],
  flags: PredictFlags,
): Promise<void> {
  const options = resolveOptions(schema, givenOptions(command, groups), (name) => `--${kebabCase(name)}`);
  if (texts.length > 0 && flags.file !== undefined) {
    fail("E_USAGE", {
      where: "--file",
      expected: "either texts as arguments or --file",
      got: "both",
      fix: "leave one out",
    });
  }
  if (options.format === "folder")
    fail("E_USAGE", {
      where: "--format folder",
      expected: "a format of one file",
      got: "folder",
      fix: "name a file of texts",
    });
  const notices = createNotices(terminal, flags.quiet ?? false);
  const results = createResultWriter(terminal.stdout);
  const announce = (): void => notices.say("stopping; press Ctrl-C again to stop at once");
  await interruptible(terminal, announce, async (signal) => {
    const { TextClassifier } = await import("../../classifier/text-classifier.js");
    const { threads, batchSize } = options;
    const classifier = await TextClassifier.fromPretrained(folder, {
      signal,
      ...(threads === undefined ? {} : { threads }),
    });
    const format = predictionFormat(terminal, classifier.labels, flags.json ?? false);
    const source = chooseSource(terminal, texts, flags.file, readOptions(options), notices);
    // Someone who types wants an answer to each line; otherwise texts go together.
    const typing = texts.length === 0 && flags.file === undefined && terminal.stdin.isTTY === true;
    const count = { done: 0, empty: 0, truncated: 0 };
    const onTruncated = (texts: number): void => {
      count.truncated += texts;
    };
    const say = async (row: SourceText, prediction: Prediction | undefined): Promise<void> => {
      count.done++;
      if (prediction === undefined) count.empty++;
      await results.write(format(row.text, prediction));
    };
    try {
      if (typing) {
        for await (const row of untilAborted(source, signal)) {
          await say(row, row.text.trim() === "" ? undefined : await classifier.predict(row.text, { onTruncated }));
        }
      } else {
        // Rows that wait for their prediction; empty ones come out when those before them have.
        const waiting: SourceText[] = [];
        const flushEmpty = async (): Promise<void> => {
          while (waiting.length > 0 && waiting[0].text.trim() === "")
            await say(waiting.shift() as SourceText, undefined);
        };
        async function* textsOf(): AsyncGenerator<string> {
          for await (const row of untilAborted(source, signal)) {
            const empty = row.text.trim() === "";
            if (empty && waiting.length === 0) await say(row, undefined);
            else waiting.push(row);
            if (!empty) yield row.text;
          }
        }
        for await (const prediction of classifier.predictStream(textsOf(), { batchSize, signal, onTruncated })) {
          await flushEmpty();
          await say(waiting.shift() as SourceText, prediction);
        }
        await flushEmpty();
      }
      if (count.truncated > 0) {
        notices.warn(
          `${count.truncated} of ${count.done} texts are longer than ${classifier.maxLength} tokens and lost their end`,
        );
      }
      if (count.empty > 0) notices.warn(`${count.empty} of ${count.done} texts are empty and got no label`);
    } finally {
      // Input that nobody reads any more would keep the process alive.
      terminal.stdin.destroy?.();
      await classifier.close();
    }
  });
}

function chooseSource(
  terminal: Terminal,
  texts: readonly string[],
  file: string | undefined,
  options: ReadOptions,
  notices: Notices,
): AsyncIterable<SourceText> {
  if (texts.length > 0) return argumentTexts(texts);
  const note = (line: string): void => notices.say(line);
  if (file !== undefined) return fileTexts(file, options, note);
  const { stdin } = terminal;
  if (stdin.isTTY === true) notices.say("Type a text and press Enter; Ctrl-D ends.");
  const { format } = options;
  return format === undefined || format === "folder" || (format === "lines" && options.pattern === undefined)
    ? lineTexts(stdin)
    : tableTexts(stdin, "standard input", format, options, note);
}
