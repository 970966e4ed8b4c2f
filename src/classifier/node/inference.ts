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
import { type InferenceClassifier, inferenceClassifier } from "../inference-classifier.js";
import { openClassifier as openState } from "../open-classifier.js";
import { openPredictor } from "../open-predictor.js";
import { createSharedPredictor } from "../shared-predictor.js";
import { openPredictorThreads } from "./predictor-threads.js";

export type { OnnxDtype } from "../../checkpoints/onnx-files.js";
export type { Family } from "../../metrics/family.js";
export type { LabelsPrediction, NumberPrediction, Prediction, PredictionOf } from "../../tasks/prediction.js";
export type { TextExample, TextPair } from "../../tokenizers/tokenizer.js";
export type { InferenceClassifier } from "../inference-classifier.js";
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
  return inferenceClassifier(running, close);
}
