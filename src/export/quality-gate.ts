/** Measures exported models beside the one they were made of, on the same rows. */

import { fail } from "../base/errors.js";
import { createRandom } from "../base/random.js";
import { stopIfAborted } from "../base/stop-if-aborted.js";
import type { OnnxDtype } from "../checkpoints/onnx-files.js";
import { openOnnxPredictor } from "../inference/onnx-predictor.js";
import { chooseMetric } from "../metrics/choose-metric.js";
import { createMetrics } from "../metrics/create-metrics.js";
import type { Family } from "../metrics/family.js";
import type { Runtime } from "../runtime/session.js";
import type { PredictionOf } from "../tasks/prediction.js";
import { type Targets, type Task, targetsOf } from "../tasks/task.js";
import { rowsOf, type TokenizedTexts } from "../tokenizing/tokenized-texts.js";
import { type CollateOptions, collate } from "../training/batch.js";
import { logitsOf } from "../training/evaluate.js";
import type { Predictor } from "../training/predictor.js";
import type { ExportedFile } from "./export-content.js";

/** A metric with its 95 % interval (bootstrap over rows). */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What one model does on the rows, and how fast. */
export interface GateRow {
  /** "original" is the classifier that was exported. */
  readonly model: "original" | OnnxDtype;
  /** The metrics that the task shows, by name: accuracy and macroF1 where each text has one class. */
  readonly metrics: Readonly<Record<string, Estimate>>;
  /** Rows that get the class that the original gives them, as a share. */
  readonly agreement: number;
  /** The largest difference of a probability from the original's. */
  readonly largestChange: number;
  /** By how much a metric is worse than the original's: that of the one which lost most. */
  readonly drop: number;
  readonly bytes: number;
  /** From opening the file to the first answer, in milliseconds; the file is in the system's cache. */
  readonly coldStart: number;
  /** Texts a second from token ids to logits, in batches of 1 and of 32. */
  readonly textsPerSecond: { readonly 1: number; readonly 32: number };
}

export interface GateOptions {
  readonly runtime: Runtime;
  /** The rows, as the exported tokenizer has them. */
  readonly texts: TokenizedTexts;
  readonly targets: Targets;
  readonly task: Task;
  readonly labels: readonly string[];
  readonly collate: CollateOptions;
  /** What is exported: how to open it, its size, and the rows as its own tokenizer has them. */
  readonly original: {
    readonly open: () => Promise<Predictor>;
    readonly bytes: number;
    readonly texts: TokenizedTexts;
    readonly padId: number;
  };
  /** The most that a metric may drop. */
  readonly maxDrop: number;
  readonly threads?: number;
  readonly onModel?: (model: GateRow["model"]) => void;
  /** The clock, in milliseconds. */
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** Rows of a batch in the pass that measures quality. */
const BATCH = 32;

/**
 * The original's row, then one for each file.
 *
 * @throws E_TRAINING when a model lost more than `maxDrop`, with what each one lost
 */
export async function checkExport(
  files: readonly (ExportedFile & { readonly path: string })[],
  options: GateOptions,
): Promise<readonly GateRow[]> {
  const { runtime, threads, onModel } = options;
  const threading = threads === undefined ? {} : { threads };
  onModel?.("original");
  const { open, bytes, texts, padId } = options.original;
  const original = await measure(open, { ...options, texts, collate: { ...options.collate, padId } });
  const rows = [rowOf("original", bytes, original, original, options)];
  for (const { dtype, path, bytes } of files) {
    onModel?.(dtype);
    const measured = await measure(() => openOnnxPredictor(runtime, path, threading), options);
    rows.push(rowOf(dtype, bytes, measured, original, options));
  }
  const failed = rows.filter(({ drop }) => drop > options.maxDrop);
  if (failed.length > 0) {
    const lost = rows.slice(1).map(({ model, drop }) => `${model} ${Math.max(0, drop).toFixed(4)}`);
    fail("E_TRAINING", {
      where: `quality check of ${failed.map(({ model }) => model).join(", ")}`,
      expected: `${options.task.shownMetrics.join(" and ")} to drop by at most ${options.maxDrop}`,
      got: lost.join(", "),
      fix: "nothing was written: leave this dtype out, or allow more",
      set: { maxDrop: Number(Math.max(...failed.map(({ drop }) => drop)).toFixed(4)) },
    });
  }
  return rows;
}

interface Measured {
  /** [N, C]. */
  readonly logits: Float32Array;
  readonly coldStart: number;
  readonly textsPerSecond: { readonly 1: number; readonly 32: number };
}

async function measure(open: () => Promise<Predictor>, options: GateOptions): Promise<Measured> {
  const { texts, task, labels, now, signal } = options;
  const began = now();
  const predictor = await open();
  try {
    await predictor.logits(collate(texts, [0], options.collate));
    const coldStart = now() - began;
    const outputs = task.outputs(labels).length;
    const batches = { ...options.collate, batchSize: BATCH, signal, family: task.family };
    const logits = await logitsOf(predictor, texts, outputs, batches);
    const textsPerSecond = { 1: await rate(predictor, 1, options), 32: await rate(predictor, 32, options) };
    return { logits, coldStart, textsPerSecond };
  } finally {
    await predictor.close();
  }
}

/** Each rate is that of the fastest of some passes over the first rows: others at work on the machine only slow it. */
const PASSES = 3;
/** A slow model is measured by one pass: milliseconds after which no other begins. */
const ENOUGH = 1000;
const TIMED_ROWS = { 1: 64, 32: 256 } as const;

async function rate(predictor: Predictor, batch: 1 | 32, options: GateOptions): Promise<number> {
  const { texts, now } = options;
  const rows = Math.min(TIMED_ROWS[batch], texts.length);
  const batches = Array.from({ length: Math.ceil(rows / batch) }, (_, i) => {
    const size = Math.min(batch, rows - i * batch);
    return collate(
      texts,
      Array.from({ length: size }, (_, j) => i * batch + j),
      options.collate,
    );
  });
  let best = Number.POSITIVE_INFINITY;
  const end = now() + ENOUGH;
  for (let pass = 0; pass < PASSES && (pass === 0 || now() < end); pass++) {
    const began = now();
    for (const one of batches) {
      stopIfAborted(options.signal, "export");
      await predictor.logits(one);
    }
    best = Math.min(best, now() - began);
  }
  return (1000 * rows) / best;
}

function rowOf(
  model: GateRow["model"],
  bytes: number,
  { logits, coldStart, textsPerSecond }: Measured,
  original: Measured,
  options: GateOptions,
): GateRow {
  const { task, labels } = options;
  const [now, before] = [logits, original.logits].map((all) => predictionsOf(all, options));
  const metrics = estimates(logits, options);
  const past = estimates(original.logits, options);
  const drops = task.shownMetrics.map((name) => {
    const change = past[name].value - metrics[name].value;
    return chooseMetric(name, task.family, labels).better === "higher" ? change : -change;
  });
  return {
    model,
    metrics,
    agreement: now.filter((one, row) => answerOf(one) === answerOf(before[row])).length / now.length,
    largestChange: now.reduce(
      (most, one, row) =>
        labels.reduce((m, name) => Math.max(m, Math.abs(numbersIn(one)[name] - numbersIn(before[row])[name])), most),
      0,
    ),
    drop: Math.max(...drops),
    bytes,
    coldStart,
    textsPerSecond,
  };
}

function predictionsOf(logits: Float32Array, { task, labels, texts }: GateOptions) {
  const outputs = task.outputs(labels).length;
  return Array.from({ length: rowsOf(texts) }, (_, row) =>
    task.predict(logits.subarray(row * outputs, (row + 1) * outputs), labels, {}),
  );
}

/** What a prediction says, to be compared; of numbers, three digits. */
function answerOf(prediction: PredictionOf<Family>): string {
  if ("value" in prediction) return prediction.value.toPrecision(3);
  return "labels" in prediction ? JSON.stringify(prediction.labels) : prediction.label;
}

/** The numbers behind it: probabilities, or the numbers themselves. */
function numbersIn(prediction: PredictionOf<Family>): Readonly<Record<string, number>> {
  return "values" in prediction ? prediction.values : prediction.scores;
}

const RESAMPLES = 300;

/**
 * The metrics that the task shows, with the 2.5th and 97.5th percentile over resampled rows.
 *
 * @source Efron 1979, The Annals of Statistics 7(1), the percentile bootstrap
 */
function estimates(logits: Float32Array, options: GateOptions): Record<string, Estimate> {
  const { task, labels, texts } = options;
  const all = Uint32Array.from({ length: rowsOf(texts) }, (_, row) => row);
  const random = createRandom(0).fork("quality");
  const whole = reportOn(all, logits, options);
  const resampled = Array.from({ length: RESAMPLES }, () =>
    reportOn(
      all.map(() => random.integer(all.length)),
      logits,
      options,
    ),
  );
  return Object.fromEntries(
    task.shownMetrics.map((name) => {
      const { read } = chooseMetric(name, task.family, labels);
      const sorted = resampled.map(read).sort((a, b) => a - b);
      const at = (share: number): number => sorted[Math.round(share * (RESAMPLES - 1))];
      return [name, { value: read(whole), low: at(0.025), high: at(0.975) }];
    }),
  );
}

function reportOn(rows: Uint32Array, logits: Float32Array, { task, labels, targets }: GateOptions) {
  const outputs = task.outputs(labels).length;
  const chosen = new Float32Array(rows.length * outputs);
  for (const [i, row] of rows.entries()) chosen.set(logits.subarray(row * outputs, (row + 1) * outputs), i * outputs);
  const metrics = createMetrics(task.family, labels);
  metrics.update(targetsOf(targets, rows), chosen);
  return metrics.result();
}
