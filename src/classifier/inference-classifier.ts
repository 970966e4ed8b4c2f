/** A classifier that predicts and nothing else, wherever it runs. */
import type { Family } from "../metrics/family.js";
import type { PredictionOf } from "../tasks/prediction.js";
import type { TextExample } from "../tokenizers/tokenizer.js";
import type { PredictOptions } from "./predict-options.js";
import { classify, type RunningClassifier } from "./run-classifier.js";

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

export function inferenceClassifier<F extends Family>(
  running: Omit<RunningClassifier, "platform">,
  close: () => Promise<void>,
): InferenceClassifier<F> {
  async function predict(example: TextExample, options?: PredictOptions): Promise<PredictionOf<F>>;
  async function predict(examples: readonly TextExample[], options?: PredictOptions): Promise<PredictionOf<F>[]>;
  async function predict(input: TextExample | readonly TextExample[], options: PredictOptions = {}) {
    const isList = Array.isArray(input);
    const predictions = await classify(running, (isList ? input : [input]) as readonly TextExample[], options);
    return (isList ? predictions : predictions[0]) as PredictionOf<F> & PredictionOf<F>[];
  }
  const { labels, maxLength } = running.state;
  return { labels, maxLength, predict, close };
}
