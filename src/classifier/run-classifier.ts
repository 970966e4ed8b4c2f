/** A classifier at work: texts and data sets through its model. */
import { fail } from "../base/errors.js";
import { given } from "../base/given.js";
import type { Dataset } from "../data/dataset/dataset.js";
import { createMetrics } from "../metrics/create-metrics.js";
import type { Family } from "../metrics/family.js";
import type { Outputs } from "../metrics/outputs.js";
import type { Report } from "../metrics/report.js";
import type { PredictionOf } from "../tasks/prediction.js";
import type { TextExample } from "../tokenizers/tokenizer.js";
import { tokenizeTexts } from "../tokenizing/tokenize-texts.js";
import type { TokenizedTexts } from "../tokenizing/tokenized-texts.js";
import { evaluate, type LogitsOptions, logitsOf } from "../training/evaluate.js";
import type { Predictor } from "../training/predictor.js";
import type { ClassifierState } from "./classifier-state.js";
import type { Platform, ThreadPredictor } from "./platform.js";
import {
  type EvaluateOptions,
  type OutputsOptions,
  type PredictOptions,
  resolveEvaluateOptions,
  resolvePredictOptions,
} from "./predict-options.js";
import { type LabelledTexts, prepareTexts } from "./prepare-texts.js";
import { assertInput, EXAMPLE, isExample, kindOf } from "./text-example.js";

/** What a classifier runs on: what it consists of, and a predictor for as long as a piece of work lasts. */
export interface RunningClassifier {
  readonly platform: Platform;
  /** Its weights need not be those of the predictor. */
  readonly state: ClassifierState;
  use<T>(work: (predictor: Predictor | ThreadPredictor) => Promise<T>, worker?: boolean): Promise<T>;
}

/** @throws E_USAGE for what is no text, E_CONFIG for an option, E_DATA for a pair that cannot be cut as in training */
export async function classify(
  { state, use }: Omit<RunningClassifier, "platform">,
  examples: readonly TextExample[],
  options: PredictOptions,
): Promise<PredictionOf<Family>[]> {
  const running = logitsOptions(state, resolvePredictOptions(options));
  for (const [index, example] of examples.entries())
    if (!isExample(example))
      fail("E_USAGE", { where: `predict, text ${index + 1}`, expected: EXAMPLE, got: kindOf(example) });
    else assertInput(state.pairs, typeof example !== "string", "E_USAGE", `predict, text ${index + 1}`);
  const { tokenizer, task, labels, decision } = state;
  const outputs = task.outputs(labels).length;
  const logitsBy = (predictor: Predictor, texts: TokenizedTexts): Promise<Float32Array> => {
    if (texts.truncated > 0) options.onTruncated?.(texts.truncated);
    return logitsOf(predictor, texts, outputs, { ...running, family: task.family });
  };
  const tokenized = options.worker === true ? undefined : tokenizeTexts(examples, tokenizer, state);
  const logits = await use(
    async (predictor) =>
      logitsBy(
        predictor,
        tokenized ??
          ("tokenize" in predictor ? await predictor.tokenize(examples) : tokenizeTexts(examples, tokenizer, state)),
      ),
    options.worker,
  );
  return examples.map((_, row) => task.predict(logits.subarray(row * outputs, (row + 1) * outputs), labels, decision));
}

/** @throws E_DATA for a label that the classifier does not have, E_CONFIG for a metric or a threshold that it cannot have */
export async function evaluateOn(
  running: RunningClassifier,
  dataset: Dataset,
  options: EvaluateOptions,
): Promise<Report> {
  const { task, labels, decision } = running.state;
  const { metrics, threshold } = options;
  const asked = { ...decision, ...given({ metrics, threshold }), task, labels };
  // Refused before a text is read.
  createMetrics(task.family, labels, asked);
  return withOutputs(running, dataset, options, (predictor, { texts, targets }, batches) =>
    evaluate(predictor, texts, targets, { ...batches, ...asked }),
  );
}

/** @throws E_DATA for a label that the classifier does not have */
export async function outputsOn(
  running: RunningClassifier,
  dataset: Dataset,
  options: OutputsOptions,
): Promise<Outputs> {
  const { task, labels } = running.state;
  const count = task.outputs(labels).length;
  return withOutputs(running, dataset, options, async (predictor, { texts, targets }, batches) => ({
    family: task.family,
    labels,
    rows: dataset.length,
    targets: targets.data,
    logits: await logitsOf(predictor, texts, count, { ...batches, family: task.family }),
  }));
}

/** Does `work` on the tokens and targets of a data set. */
async function withOutputs<T>(
  { platform, state, use }: RunningClassifier,
  dataset: Dataset,
  options: OutputsOptions,
  work: (predictor: Predictor, prepared: LabelledTexts, batches: LogitsOptions) => Promise<T>,
): Promise<T> {
  const batches = logitsOptions(state, resolveEvaluateOptions(options));
  assertInput(state.pairs, dataset.hasPairs, "E_DATA", dataset.source);
  const { tokenizer, task, labels, threads, maxLength, truncation, longTexts } = state;
  const inThreads = options.worker;
  const how = { inThreads, maxLength, truncation, longTexts, what: "evaluation set", task, labels, tokenizer, threads };
  const prepared = await prepareTexts(platform, dataset, { ...options, ...how });
  return use((predictor) => work(predictor, prepared, batches), options.worker);
}

function logitsOptions(
  { tokenizer, maxLength }: ClassifierState,
  { batchSize, onProgress, signal }: Pick<LogitsOptions, "batchSize"> & Pick<PredictOptions, "onProgress" | "signal">,
): LogitsOptions {
  return { padId: tokenizer.padId, padToMultipleOf: 1, maxLength, batchSize, signal, ...given({ onProgress }) };
}
