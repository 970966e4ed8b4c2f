/**
 * Predicting and nothing else. Loads neither readers of data nor plots, databases or the client of the Hugging Face Hub.
 *
 * @module textune/inference
 */
import { openFolder } from "../../checkpoints/node/model-folder.js";
import type { OnnxDtype } from "../../checkpoints/onnx-files.js";
import { openExported } from "../../inference/node/open-exported.js";
import type { Family } from "../../metrics/family.js";
import { nodeRuntime } from "../../runtime/node/onnxruntime.js";
import type { PredictionOf } from "../../tasks/prediction.js";
import type { TextExample } from "../../tokenizers/tokenizer.js";
import { openClassifier as openState } from "../open-classifier.js";
import { openPredictor } from "../open-predictor.js";
import type { PredictOptions } from "../predict-options.js";
import { classify } from "../run-classifier.js";
import { createSharedPredictor } from "../shared-predictor.js";
import { openPredictorThreads } from "./predictor-threads.js";

export type { OnnxDtype } from "../../checkpoints/onnx-files.js";
export type { Family } from "../../metrics/family.js";
export type { LabelsPrediction, NumberPrediction, Prediction, PredictionOf } from "../../tasks/prediction.js";
export type { TextExample, TextPair } from "../../tokenizers/tokenizer.js";
export type { PredictOptions } from "../predict-options.js";

/** How a classifier is opened to predict. */
export interface InferenceOptions {
  /** Which model of a folder of ONNX models is opened; by default the most exact. */
  readonly dtype?: OnnxDtype;
  /** Processor threads; all cores by default. */
  readonly threads?: number;
  /**
   * Threads that predict where `worker` is asked for, each with a copy of the model and, without `threads`, its share of
   * the cores; 1 by default.
   */
  readonly workers?: number;
}

/** A classifier that predicts. */
export interface InferenceClassifier<F extends Family = "single-label"> {
  /** The classes in the order of their ids. */
  readonly labels: readonly string[];
  /** Tokens of a text that are read. */
  readonly maxLength: number;
  /** Classifies one text or pair of texts. @throws E_USAGE for what is no text, E_CONFIG for an option */
  predict(example: TextExample, options?: PredictOptions): Promise<PredictionOf<F>>;
  /** Classifies several, in their order. */
  predict(examples: readonly TextExample[], options?: PredictOptions): Promise<PredictionOf<F>[]>;
  /** Frees the model. */
  close(): Promise<void>;
}

/**
 * Opens the folder of a classifier, one that `train` wrote or one that `export` wrote.
 *
 * @throws E_WEIGHTS or E_TOKENIZER when it cannot be read, E_CONFIG for a dtype that it does not have
 * @example
 * import { openClassifier } from "textune/inference";
 *
 * const classifier = await openClassifier("my-classifier-onnx", { dtype: "q8" });
 * const { label, probability } = await classifier.predict("A wonderful little film.");
 */
export async function openClassifier<F extends Family = "single-label">(
  folder: string,
  options: InferenceOptions = {},
): Promise<InferenceClassifier<F>> {
  const platform = { openExported, openCheckpoint: (source: string) => openFolder(source, source) };
  const state = await openState(platform, folder, options);
  const predictor = await openPredictor({ runtime: nodeRuntime }, state);
  const thread = createSharedPredictor(() => openPredictorThreads(state));
  const running = {
    state,
    use: <T>(work: (one: typeof predictor) => Promise<T>, worker = false) =>
      worker ? thread.use(work) : work(predictor),
  };
  const close = async (): Promise<void> => {
    await Promise.all([predictor.close(), thread.retire()]);
  };
  async function predict(example: TextExample, options?: PredictOptions): Promise<PredictionOf<F>>;
  async function predict(examples: readonly TextExample[], options?: PredictOptions): Promise<PredictionOf<F>[]>;
  async function predict(input: TextExample | readonly TextExample[], options: PredictOptions = {}) {
    const isList = Array.isArray(input);
    const predictions = await classify(running, (isList ? input : [input]) as readonly TextExample[], options);
    return (isList ? predictions : predictions[0]) as PredictionOf<F> & PredictionOf<F>[];
  }
  return { labels: state.labels, maxLength: state.maxLength, predict, close };
}
