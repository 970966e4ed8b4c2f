/** `textune evaluate`: what a classifier is worth on labelled texts, and how its outputs are best read. */

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import type { IntervalOptions } from "../../analysis/confidence-interval.js";
import { type Examination, examine } from "../../analysis/examine.js";
import { readThresholdGoal } from "../../analysis/find-threshold.js";
import { quarters } from "../../analysis/slices.js";
import { fail } from "../../base/errors.js";
import { given } from "../../base/given.js";
import { printable } from "../../base/printable.js";
import type { Dataset } from "../../data/dataset/dataset.js";
import { readDataset } from "../../data/dataset/node/read-dataset.js";
import type { ReadOptions } from "../../data/dataset/node/read-options.js";
import { checkWriting } from "../../data/dataset/node/write-dataset.js";
import { createLabels } from "../../data/table/labels.js";
import { chooseMetric } from "../../metrics/choose-metric.js";
import { createMetrics, type MetricsOptions } from "../../metrics/create-metrics.js";
import { formatReport } from "../../metrics/format-report.js";
import { trainingOptions } from "../../training/options.js";
import { announceDownloads } from "../announce-downloads.js";
import { classifierArgument } from "../classifier-argument.js";
import type { CommandContext } from "../command-context.js";
import {
  dataArgument,
  labelledFields,
  sampleFields,
  sourceOptions,
  trainingDataFields,
} from "../data-source-options.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { decidingFields, measuringFields } from "../evaluation-options.js";
import { evaluationProgress } from "../evaluation-progress.js";
import { formatExamination } from "../format-examination.js";
import { hubFields, hubOptions } from "../hub-fields.js";
import { checkWritable } from "../output-folder.js";
import { runningFields } from "../running-options.js";
import { shellWord } from "../shell-word.js";

import { storeDecision, writeErrors, writePlots } from "../write-examination.js";

const EXAMPLES = `
Examples:
  $ textune evaluate my-classifier reviews-2026.csv --text text --label sentiment
  $ textune evaluate my-classifier test.jsonl --json > report.json
  $ textune evaluate my-classifier hf://owner/reviews --split test
  $ textune evaluate my-classifier irony.csv --labels 0=non_irony,1=irony
  $ textune evaluate my-classifier test.csv --metrics rocAuc --metrics averagePrecision:spam --interval
  $ textune evaluate my-classifier validation.csv --calibrate --find-threshold precision=0.95
  $ textune evaluate my-classifier test.csv --errors errors.csv --slice country --plots plots

A threshold and a temperature should be found on rows that were neither trained nor tested on. They are kept in the
classifier's folder, and predict and evaluate use them from then on.
`;

const { tokenCache } = trainingOptions.shape;
const evaluatingFields = { ...runningFields, tokenCache } as const;
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
  ...sampleFields,
  ...hubFields,
  ...measuringFields,
  ...decidingFields,
  ...evaluatingFields,
});
type Options = z.output<typeof schema>;

/** Adds the command to `program`. */
export function addEvaluateCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "evaluate",
    summary: "measure a classifier on labelled texts",
    description:
      "Measure a classifier on labelled texts: loss, accuracy, precision, recall, F1, confusion matrix, and what is asked for.",
    examples: EXAMPLES,
    arguments: [classifierArgument, dataArgument],
    groups: [
      { title: "Data:", fields: { ...dataFields, ...sampleFields } },
      { title: "Model:", fields: hubFields },
      { title: "Measuring:", fields: measuringFields },
      { title: "Deciding:", fields: decidingFields },
      { title: "Running:", fields: evaluatingFields },
    ],
    schema,
    json: "print the report, and what else was asked for, as JSON",
    quiet: "show neither progress nor notices",
    run: evaluate,
  });
}

async function evaluate(call: CommandCall<Options>): Promise<void> {
  const { options, signal, progress, say, results } = call;
  const { threads, batchSize, tokenCache, slice, errors, plots } = options;
  const asked = askedMetrics(options);
  const goal = options.findThreshold === undefined ? undefined : readThresholdGoal(options.findThreshold);
  if (goal !== undefined && options.threshold !== undefined)
    fail("E_USAGE", {
      option: "findThreshold",
      expected: "either a threshold or to find one",
      got: "both",
      fix: "leave one out",
    });
  const decides = goal !== undefined || options.calibrate;
  if (decides && options.store && !existsSync(join(options.classifier, "config.json")))
    fail("E_USAGE", {
      option: "store",
      expected: "the folder of a classifier, to keep there what is found",
      got: shellWord(options.classifier),
      fix: "save the classifier to a folder, or add --no-store",
    });
  if (errors !== undefined) {
    checkWriting(errors);
    await checkWritable(`--errors ${shellWord(errors)}`, dirname(errors));
  }
  if (plots !== undefined) await checkWritable(`--plots ${shellWord(plots)}`, plots);
  const { TextClassifier } = await import("../../classifier/node/text-classifier.js");
  const classifier = await TextClassifier.fromPretrained(options.classifier, {
    signal,
    ...hubOptions(options, say),
    ...given({ threads }),
  });
  try {
    const { task, labels, decision } = classifier;
    const intervalMetric = options.metric ?? task.metricForBestModel;
    const sliceMetric = options.metric ?? task.shownMetrics[0];
    // What the model cannot have is said before the data is read.
    createMetrics(task.family, labels, { ...asked, threshold: options.threshold ?? (goal && 0.5) });
    for (const name of [intervalMetric, sliceMetric]) chooseMetric(name, task.family, labels);
    for (const option of ["plots", "calibrate"] as const)
      if (task.family === "regression" && options[option] !== undefined && options[option] !== false)
        fail("E_USAGE", { option, expected: "a model of classes or labels", got: "a regression", fix: "leave it out" });
    const read = await readDataset(options.data, {
      ...sourceOptions(options),
      target: task.labelKind,
      ...(task.labelKind === "number" ? {} : { labels: labelsOf(options.labels, labels) }),
      ...(slice === undefined ? {} : { columns: [slice] }),
      onDownload: announceDownloads(say),
      signal,
    });
    // What else there is to say of the reading, the evaluation says.
    for (const { where, reason } of read.badRows) say(`${read.source}, ${where}: ${reason}`);
    const dataset = options.sample === undefined || options.sample >= read.length ? read : read.sample(options.sample);
    for (const notice of dataset === read ? [] : read.notices) say(notice);
    const running = { batchSize, signal, tokenCache, ...evaluationProgress(progress, say) };
    const needsOutputs = decides || options.interval || [slice, errors, plots].some((one) => one !== undefined);
    if (!needsOutputs) {
      // Batch by batch, in constant memory.
      const report = await classifier.evaluate(dataset, {
        ...running,
        ...asked,
        ...given({ threshold: options.threshold }),
      });
      progress.stop();
      await results.write(
        call.json ? `${JSON.stringify(report, undefined, 2)}\n` : `${printable(formatReport(report))}\n`,
      );
      return;
    }
    const outputs = await classifier.outputs(dataset, running);
    const sampling: Pick<IntervalOptions, "onProgress"> = {
      onProgress: (step, steps) =>
        progress.update({ step, steps, examples: step, stage: "drawing samples", unit: "samples" }),
    };
    const found = await examine(outputs, {
      ...asked,
      decision,
      threshold: options.threshold,
      calibrate: options.calibrate,
      findThreshold: goal,
      interval: options.interval ? { metric: intervalMetric, signal, ...sampling } : undefined,
      slices: slice === undefined ? undefined : { values: valuesOf(dataset, slice), metric: sliceMetric },
    });
    progress.stop();
    await results.write(
      call.json
        ? `${JSON.stringify(asJson(found), undefined, 2)}\n`
        : [
            `${printable(formatReport(found.report))}\n`,
            ...formatExamination(found, slice === undefined ? undefined : { column: slice, metric: sliceMetric }),
          ].join("\n"),
    );
    if (errors !== undefined) await writeErrors(found, dataset, errors, call);
    if (plots !== undefined) await writePlots(found, plots, say);
    if (decides && options.store) await storeDecision(found, options.classifier, say);
  } finally {
    await classifier.close();
  }
}

/** What the labels of a file mean: by default they are names of the classes, for ids may be in another order. */
function labelsOf(said: ReadOptions["labels"], names: readonly string[]): ReadOptions["labels"] {
  if (said === "ids") return { ids: names };
  return said ?? createLabels(names, []);
}

function askedMetrics({ metrics }: Options): Pick<MetricsOptions, "metrics"> {
  const names = [metrics ?? []].flat();
  return names.includes("all") ? { metrics: "all" } : { metrics: names };
}

/** The values of a column as names of slices; of many different numbers the quarters. */
function valuesOf(dataset: Dataset, column: string): readonly string[] {
  const values = Array.from({ length: dataset.length }, (_, row) => dataset.value(row, column));
  const numbers = values.every((value) => value === undefined || typeof value === "number");
  if (numbers && new Set(values).size > 12) return quarters(values as (number | undefined)[]);
  return values.map((value) => (value === undefined ? "(missing)" : String(value)));
}

/** The report, with what was found beside it. */
function asJson({ report, decision, calibration, thresholds, interval, slices }: Examination): object {
  return { ...report, decision, ...given({ calibration, thresholds, interval, slices }) };
}
