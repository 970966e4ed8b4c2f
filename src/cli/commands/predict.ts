/** `textune predict`: classify texts given as arguments, in a file or on standard input. */

import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import { given } from "../../base/given.js";
import type { RowText } from "../../data/dataset/node/stream-texts.js";
import type { Family } from "../../metrics/family.js";
import type { PredictionOf } from "../../tasks/prediction.js";
import type { TextExample } from "../../tokenizers/tokenizer.js";
import { announceDownloads } from "../announce-downloads.js";
import { classifierArgument } from "../classifier-argument.js";
import type { CommandContext } from "../command-context.js";
import { sourceOptions, textFields } from "../data-source-options.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { predictionFormat } from "../format-prediction.js";
import { hubFields, hubOptions } from "../hub-fields.js";
import { argumentTexts, lineTexts, sourceTexts, tableTexts } from "../read-texts.js";
import { runningFields } from "../running-options.js";
import { shellWord } from "../shell-word.js";
import { untilAborted } from "../until-aborted.js";

const EXAMPLES = `
Examples:
  $ textune predict my-classifier "A wonderful little film." "What a waste of time."
  $ textune predict my-classifier --file reviews.csv --text text > predictions.tsv
  $ textune predict my-classifier --file reviews.jsonl --text review --json > predictions.jsonl
  $ textune predict my-classifier --file pairs.csv --text question --text-pair answer
  $ textune predict my-classifier --file mails.sqlite --query "select body from mails" --text body
  $ textune predict my-classifier --file reviews.parquet --text review --output scored.parquet --workers 4
  $ textune predict my-classifier "A wonderful little film." --explain
  $ tail -n 100 reviews.txt | textune predict my-classifier

A line comes out for each text that goes in, in the same order: label, probability and text (of a pair both texts),
separated by tabs.
With --json each line is an object with text, label, probability and the scores of all labels.
With --explain each text is followed by the words that speak for its label (+) or against it (-); with --json the line has
them in "explanation", token by token and word by word.
An empty text gets an empty label (null in JSON).
With --output the file holds every column of the input, and predicted, probability and a score for each label. A run
that was stopped, or killed, goes on where it was when the same command is given again.
`;

const textsArgument = {
  name: "texts",
  description: "texts to classify",
  field: z.union([z.string(), z.array(z.string())]).optional(),
  many: true,
  optional: true,
} as const;
const fileFields = {
  file: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe(
      "classify the lines of a text file, or a column of a table: all that train takes, addresses and folders too",
    ),
} as const;
const outputFields = {
  output: z
    .string()
    .optional()
    .describe(
      "with --file: write all its columns and what the classifier says to a file (.csv, .tsv, .jsonl, .parquet)",
    ),
  overwrite: z.boolean().default(false).describe("replace the output file if it is there already"),
  workers: z
    .number()
    .int()
    .positive()
    .default(1)
    .describe("with --output: threads that run the model, each with a copy of it and a share of the cores"),
} as const;
const explainFields = {
  explain: z.boolean().default(false).describe("say which words speak for the label, by integrated gradients"),
  explainLabel: z.string().optional().describe("with --explain: the label to explain instead of the predicted one"),
} as const;
const schema = z.object({
  classifier: classifierArgument.field,
  texts: textsArgument.field,
  ...fileFields,
  ...outputFields,
  ...explainFields,
  ...textFields,
  ...hubFields,
  ...runningFields,
});
type Call = CommandCall<z.output<typeof schema>>;

/** Adds the command to `program`. */
export function addPredictCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "predict",
    summary: "classify texts",
    description:
      "Classify texts: those given as arguments, else those in a file, else those on standard input, one a line.",
    examples: EXAMPLES,
    arguments: [classifierArgument, textsArgument],
    groups: [
      { title: "Texts:", fields: fileFields },
      { title: "Output:", fields: outputFields },
      { title: "Explanation:", fields: explainFields },
      { title: "Data (with --file, or from standard input with --format):", fields: textFields },
      { title: "Model:", fields: hubFields },
      { title: "Running:", fields: runningFields },
    ],
    schema,
    json: "print a JSON object for each text",
    quiet: "show no notices",
    unit: "rows",
    run: predict,
  });
}

/** What JSON has for an empty text. */
const NO_PREDICTION: Readonly<Record<Family, Readonly<Record<string, null>>>> = {
  "single-label": { label: null, probability: null, scores: null },
  binary: { label: null, probability: null, scores: null },
  "multi-label": { labels: null, scores: null },
  regression: { value: null, values: null },
};

async function predict(call: Call): Promise<void> {
  const { options, terminal, signal, results, warn } = call;
  const texts = [options.texts ?? []].flat();
  if (texts.length > 0 && options.file !== undefined) {
    fail("E_USAGE", {
      option: "file",
      expected: "either texts as arguments or --file",
      got: "both",
      fix: "leave one out",
    });
  }
  if (options.format === "folder" && texts.length === 0 && options.file === undefined)
    fail("E_USAGE", {
      where: "--format folder",
      expected: "a format of one file, as texts come from standard input",
      got: "folder",
      fix: "name the folder with --file",
    });
  const { explain, explainLabel } = options;
  if (explainLabel !== undefined && !explain)
    fail("E_USAGE", { option: "explainLabel", expected: "--explain beside it", got: "none", fix: "add --explain" });
  if (options.output !== undefined) {
    if (explain)
      fail("E_USAGE", {
        option: "explain",
        expected: "to be asked for without --output",
        got: "both",
        fix: "leave one out: --explain --json has the words",
      });
    return scoreInto(options.output, call);
  }
  const { batchSize } = options;
  const classifier = await open(call);
  const format = predictionFormat(terminal, classifier.labels, call.json, NO_PREDICTION[classifier.task.family]);
  const source = chooseSource(call, texts);
  // Someone who types wants an answer to each line; otherwise texts go together.
  const typing = texts.length === 0 && options.file === undefined && terminal.stdin.isTTY === true;
  const count = { done: 0, empty: 0, truncated: 0 };
  const onTruncated = (texts: number): void => {
    count.truncated += texts;
  };
  const say = async (row: RowText, prediction: PredictionOf<Family> | undefined): Promise<void> => {
    count.done++;
    if (prediction === undefined) count.empty++;
    const explanation =
      explain && prediction !== undefined
        ? await classifier.explain(exampleOf(row), { label: explainLabel, signal })
        : undefined;
    await results.write(format(row, prediction, explanation));
  };
  try {
    if (typing) {
      for await (const row of untilAborted(source, signal)) {
        await say(row, isEmpty(row) ? undefined : await classifier.predict(exampleOf(row), { onTruncated }));
      }
    } else {
      // Rows that wait for their prediction; empty ones come out when those before them have.
      const waiting: RowText[] = [];
      const flushEmpty = async (): Promise<void> => {
        while (waiting.length > 0 && isEmpty(waiting[0])) await say(waiting.shift() as RowText, undefined);
      };
      async function* examples(): AsyncGenerator<TextExample> {
        for await (const row of untilAborted(source, signal)) {
          const empty = isEmpty(row);
          if (empty && waiting.length === 0) await say(row, undefined);
          else waiting.push(row);
          if (!empty) yield exampleOf(row);
        }
      }
      for await (const prediction of classifier.predictStream(examples(), { batchSize, signal, onTruncated })) {
        await flushEmpty();
        await say(waiting.shift() as RowText, prediction);
      }
      await flushEmpty();
    }
    if (count.truncated > 0) {
      const lost = classifier.truncationSide === "left" ? "beginning" : "end";
      warn(
        `${count.truncated} of ${count.done} texts are longer than ${classifier.maxLength} tokens and lost their ${lost}`,
      );
    }
    if (count.empty > 0) warn(`${count.empty} of ${count.done} texts are empty and got no label`);
  } finally {
    // Input that nobody reads any more would keep the process alive.
    terminal.stdin.destroy?.();
    await classifier.close();
  }
}

async function open({ options, signal, say }: Call) {
  // Here and not above, for the help should not wait for onnxruntime.
  const { TextClassifier } = await import("../../classifier/node/text-classifier.js");
  return TextClassifier.fromPretrained(options.classifier, {
    signal,
    ...hubOptions(options, say),
    ...given({ threads: options.threads, workers: options.workers }),
  });
}

async function scoreInto(output: string, call: Call): Promise<void> {
  const { options, signal, progress, say, warn, terminal } = call;
  const { file } = options;
  if (file === undefined)
    fail("E_USAGE", {
      option: "output",
      expected: "a file of texts to classify",
      got: "none",
      fix: "name it with --file",
    });
  const { scoreFile } = await import("../../workflows/node/score-file.js");
  const { batchSize, overwrite } = options;
  const classifier = await open(call);
  const began = terminal.now();
  let before: number | undefined;
  let told = began;
  try {
    const result = await scoreFile({
      classifier,
      name: options.classifier,
      addresses: [file].flat(),
      reading: { ...sourceOptions(options), onDownload: announceDownloads(say), signal },
      output,
      overwrite,
      batchSize,
      signal,
      onNotice: say,
      onProgress(rows, total) {
        before ??= rows;
        if (total !== undefined) {
          progress.update({ step: rows, steps: total, examples: rows, unit: "rows" });
          return;
        }
        if (terminal.now() - told < TELL_EVERY) return;
        told = terminal.now();
        say(`${rows} rows, ${Math.round((1000 * (rows - before)) / (told - began))} a second`);
      },
    });
    progress.stop();
    if (result.truncated > 0)
      warn(`${result.truncated} texts are longer than ${classifier.maxLength} tokens and were cut`);
    if (result.empty > 0) warn(`${result.empty} of ${result.rows} rows have no text and got no label`);
    say(`${result.rows} rows are in ${shellWord(output)}`);
  } finally {
    await classifier.close();
  }
}

/** Whether there is nothing to classify. */
function isEmpty({ text, textPair }: RowText): boolean {
  return text.trim() === "" || textPair?.trim() === "";
}

function exampleOf({ text, textPair }: RowText): TextExample {
  return textPair === undefined ? text : { text, textPair };
}

/** Milliseconds between lines that say how far it is, while nobody knows how far it goes. */
const TELL_EVERY = 5000;

/** The first rows of `rows`; nothing more is waited for once they are there. */
async function* firstOf(rows: AsyncIterable<RowText>, limit: number): AsyncGenerator<RowText> {
  let count = 0;
  for await (const row of rows) {
    yield row;
    if (++count === limit) return;
  }
}

function chooseSource(call: Call, texts: readonly string[]): AsyncIterable<RowText> {
  const { limit } = call.options;
  const rows = rowsOf(call, texts);
  return limit === undefined ? rows : firstOf(rows, limit);
}

function rowsOf({ options, terminal, signal, say }: Call, texts: readonly string[]): AsyncIterable<RowText> {
  if (texts.length > 0) return argumentTexts(texts);
  const reading = { ...sourceOptions(options), onDownload: announceDownloads(say), signal };
  if (options.file !== undefined) return sourceTexts([options.file].flat(), reading, say);
  const { stdin } = terminal;
  if (stdin.isTTY === true) say("Type a text and press Enter; Ctrl-D ends.");
  const { format, pattern } = options;
  return format === undefined || (format === "lines" && pattern === undefined)
    ? lineTexts(stdin)
    : tableTexts(stdin, reading, say);
}
