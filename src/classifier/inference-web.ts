/**
 * Predicting in browsers and edge runtimes, with the onnxruntime-web of the page. Loads nothing of Node.js.
 *
 * @module textune/inference/web
 */
import { fail } from "../base/errors.js";
import { given } from "../base/given.js";
import type { OnnxDtype } from "../checkpoints/onnx-files.js";
import { type FetchFile, type ModelFiles, nameOf, readExported } from "../inference/read-exported.js";
import type { Family } from "../metrics/family.js";
import { openSession } from "../runtime/onnxruntime.js";
import type { Onnxruntime } from "../runtime/session.js";
import type { Predictor } from "../training/predictor.js";
import { type InferenceClassifier, inferenceClassifier } from "./inference-classifier.js";
import { openClassifier as openState } from "./open-classifier.js";
import { openPredictor } from "./open-predictor.js";

export type { OnnxDtype } from "../checkpoints/onnx-files.js";
export type { FetchedFile, FetchFile, ModelFiles } from "../inference/read-exported.js";
export type { Family } from "../metrics/family.js";
export type { Onnxruntime } from "../runtime/session.js";
export type { LabelsPrediction, NumberPrediction, Prediction, PredictionOf } from "../tasks/prediction.js";
export type { TextExample, TextPair } from "../tokenizers/tokenizer.js";
export type { InferenceClassifier } from "./inference-classifier.js";
export type { PredictOptions } from "./predict-options.js";

/** How a classifier is opened in a browser or an edge runtime. */
export interface WebInferenceOptions {
  /** The module onnxruntime-web, whichever of its builds: `import * as ort from "onnxruntime-web/wasm"`. */
  readonly ort: Onnxruntime;
  /** Which ONNX model of the folder is opened; by default the most exact, for which each is asked for until one is there. */
  readonly dtype?: OnnxDtype;
  /** How files at an address are fetched; by default by the global `fetch`. */
  readonly fetch?: FetchFile;
  /** Options of onnxruntime's `InferenceSession.create`, such as `{ executionProviders: ["webgpu"] }`. */
  readonly session?: object;
}

/**
 * Opens a classifier that `export` wrote: the address of its folder, or its files.
 *
 * @throws E_WEIGHTS or E_TOKENIZER when it cannot be read, E_CONFIG for a dtype that it does not have, E_RUNTIME for a model
 *   that onnxruntime-web refuses
 * @example
 * import * as ort from "onnxruntime-web/wasm";
 * import { openClassifier } from "textune/inference/web";
 *
 * const classifier = await openClassifier("https://example.org/my-classifier-onnx", { ort, dtype: "q8" });
 * const { label, probability } = await classifier.predict("A wonderful little film.");
 */
export async function openClassifier<F extends Family = "single-label">(
  source: string | ModelFiles,
  { ort, dtype, fetch, session = {} }: WebInferenceOptions,
): Promise<InferenceClassifier<F>> {
  if (typeof ort?.InferenceSession?.create !== "function")
    fail("E_CONFIG", {
      option: "ort",
      expected: "the module onnxruntime-web",
      got: typeof ort,
      fix: 'pass it: import * as ort from "onnxruntime-web/wasm"',
    });
  const platform = {
    openExported: () => readExported(source, given({ dtype, fetch })),
    openCheckpoint: () => fail("E_WEIGHTS", { where: nameOf(source), expected: "ONNX models", got: "none" }),
  };
  const { onnxModel, ...state } = await openState(platform, nameOf(source), {});
  const runtime = { createSession: (model: Uint8Array | string) => openSession(ort, model, session) };
  // The bytes of the model are onnxruntime's from here on.
  const predictor = await openPredictor({ runtime }, { ...state, ...given({ onnxModel }) });
  const use = async <T>(work: (predictor: Predictor) => Promise<T>, worker = false): Promise<T> => {
    if (worker)
      fail("E_CONFIG", { option: "worker", expected: "false", got: "true", fix: "open the classifier in a Worker" });
    return work(predictor);
  };
  return inferenceClassifier({ state, use }, () => predictor.close());
}
