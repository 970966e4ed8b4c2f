/** The options of prediction and evaluation. */
import { z } from "zod";
import { resolveOptions } from "../base/resolve-options.js";
import type { MetricsOptions } from "../metrics/create-metrics.js";
import { decisionSchema } from "../metrics/decide.js";
import type { Callbacks } from "../training/callbacks.js";

const callback = z.custom((value) => typeof value === "function", "a function").optional();

const predictOptions = z.strictObject({
  batchSize: z.number().int().positive().default(32),
  onProgress: callback,
  onTruncated: callback,
  signal: z.instanceof(AbortSignal).optional(),
  worker: z.boolean().optional(),
});

const evaluateOptions = z.strictObject({
  ...predictOptions.shape,
  metrics: z.union([z.literal("all"), z.array(z.string())]).optional(),
  threshold: decisionSchema.shape.threshold,
  tokenCache: z.boolean().optional(),
  onWarning: callback,
  onTokenizeProgress: callback,
});

/** How texts are classified. */
export interface PredictOptions {
  /** Texts per run; 32 by default. */
  readonly batchSize?: number;
  /** Called after every run with the texts done, and with all. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Called with the number of texts, of those classified together, that were longer than `maxLength` and were cut. */
  readonly onTruncated?: (count: number) => void;
  /** Stops after the run in progress. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Runs the model in a thread of its own, or in the `workers` that the classifier was opened with, so that this one goes
   * on answering; the threads stay, with weights of their own, until the classifier is closed. False by default.
   */
  readonly worker?: boolean | undefined;
}

/** How a data set is run through a classifier. */
export interface OutputsOptions extends PredictOptions, Pick<Callbacks, "onWarning" | "onTokenizeProgress"> {
  /** Whether the tokens of large data are kept on disk, as in training; true by default. */
  readonly tokenCache?: boolean;
}

export interface EvaluateOptions extends OutputsOptions, MetricsOptions {}

type WithBatchSize<O> = O & { readonly batchSize: number };

/** Fills in defaults and checks. @throws E_CONFIG naming the option that is wrong */
export function resolvePredictOptions(options: PredictOptions): WithBatchSize<PredictOptions> {
  return { ...options, batchSize: resolveOptions(predictOptions, { ...options }).batchSize };
}

/** The same for an evaluation. */
export function resolveEvaluateOptions(options: EvaluateOptions): WithBatchSize<EvaluateOptions> {
  return { ...options, batchSize: resolveOptions(evaluateOptions, { ...options }).batchSize };
}
