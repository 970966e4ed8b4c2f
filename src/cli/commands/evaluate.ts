/** `textune evaluate`: metrics of a classifier on a file of labelled texts. */

import type { Command } from "commander";
import { z } from "zod";
import { given } from "../../base/given.js";
import { readDataset } from "../../data/dataset/node/read-dataset.js";
import type { ReadOptions } from "../../data/dataset/node/read-options.js";
import { createLabels } from "../../data/table/labels.js";
import { formatReport } from "../../metrics/format-report.js";
import { announceDownloads } from "../announce-downloads.js";
import { classifierArgument } from "../classifier-argument.js";
import type { CommandContext } from "../command-context.js";
import { dataArgument, labelledFields, sourceOptions, trainingDataFields } from "../data-source-options.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { evaluationProgress } from "../evaluation-progress.js";
import { runningFields } from "../running-options.js";

const EXAMPLES = `
Examples:
  $ textune evaluate my-classifier reviews-2026.csv --text text --label sentiment
  $ textune evaluate my-classifier test.jsonl --json > report.json
  $ textune evaluate my-classifier hf://owner/reviews --split test
  $ textune evaluate my-classifier irony.csv --labels 0=non_irony,1=irony
`;

const dataFields = {
  ...labelledFields,
  labels: trainingDataFields.labels.describe(
    'what the values of the label column mean, as 0=negative,1=positive; "ids": the numbers of the classifier\'s classes',
  ),
} as const;
const schema = z.object({
  classifier: classifierArgument.field,
  data: dataArgument.field,
  ...dataFields,
  ...runningFields,
});

/** Adds the command to `program`. */
export function addEvaluateCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "evaluate",
    summary: "measure a classifier on labelled texts",
    description: "Measure a classifier on labelled texts: loss, accuracy, precision, recall, F1, confusion matrix.",
    examples: EXAMPLES,
    arguments: [classifierArgument, dataArgument],
    groups: [
      { title: "Data:", fields: dataFields },
      { title: "Running:", fields: runningFields },
    ],
    schema,
    json: "print the report as JSON",
    quiet: "show neither progress nor notices",
    run: evaluate,
  });
}

async function evaluate(call: CommandCall<z.output<typeof schema>>): Promise<void> {
  const { options, signal, progress, say, results } = call;
  const { threads, batchSize } = options;
  const { TextClassifier } = await import("../../classifier/node/text-classifier.js");
  const classifier = await TextClassifier.fromPretrained(options.classifier, { signal, ...given({ threads }) });
  try {
    const dataset = await readDataset(options.data, {
      ...sourceOptions(options),
      labels: labelsOf(options.labels, classifier.labels),
      onDownload: announceDownloads(say),
      signal,
    });
    // What else there is to say of the reading, the evaluation says.
    for (const { where, reason } of dataset.badRows) say(`${dataset.source}, ${where}: ${reason}`);
    const report = await classifier.evaluate(dataset, {
      batchSize,
      signal,
      ...evaluationProgress(progress, say),
    });
    progress.stop();
    await results.write(call.json ? `${JSON.stringify(report, undefined, 2)}\n` : `${formatReport(report)}\n`);
  } finally {
    await classifier.close();
  }
}

/** What the labels of a file mean: by default they are names of the classes, for ids may be in another order. */
function labelsOf(said: ReadOptions["labels"], names: readonly string[]): ReadOptions["labels"] {
  if (said === "ids") return names;
  return said ?? createLabels(names, []);
}
