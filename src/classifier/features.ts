/** What the encoder of a classifier makes of texts: the numbers that its last layer reads. */
import { fail } from "../base/errors.js";
import type { Runtime } from "../runtime/session.js";
import type { TextExample } from "../tokenizers/tokenizer.js";
import { tokenizeTexts } from "../tokenizing/tokenize-texts.js";
import { logitsOf } from "../training/evaluate.js";
import { type SplitHead, splitHead } from "../training/linear-head.js";
import { createPredictor, type Predictor } from "../training/predictor.js";
import { type ClassifierState, inferenceGraphOf } from "./classifier-state.js";
import { type PredictOptions, resolvePredictOptions } from "./predict-options.js";
import { EXAMPLE, isExample, kindOf } from "./text-example.js";

/** The numbers of texts, as rows of one length. */
export interface Features {
  /** [N, D] float32, row by row. */
  readonly values: Float32Array;
  /** D */
  readonly width: number;
}

/** How features are computed. */
export type FeaturesOptions = Omit<PredictOptions, "worker">;

/** A predictor that gives what the last layer reads, [B, D], in the place of logits. */
export interface FeaturePredictor extends Predictor, Pick<SplitHead, "weight" | "bias"> {
  readonly width: number;
}

/** @throws E_CONFIG for a head that does not end in a dense layer */
export async function openFeaturePredictor(
  runtime: Runtime,
  state: ClassifierState,
  threads = state.threads,
): Promise<FeaturePredictor> {
  const graph = inferenceGraphOf(state);
  const { features, weight, bias } = splitHead(graph);
  const predictor = await createPredictor({
    runtime,
    graph: { outputs: { logits: features }, parameters: graph.parameters },
    weights: Object.fromEntries(
      graph.parameters.map(({ name, shape }) => {
        return [name, { dtype: "float32", shape, data: state.weights.get(name) as Float32Array }];
      }),
    ),
    ...(threads === undefined ? {} : { threads }),
  });
  return { ...predictor, weight, bias, width: weight.shape[1] as number };
}

/** The features of `examples`, in their order; of a text in windows, the mean or the largest over these. */
export async function featuresOf(
  state: ClassifierState,
  predictor: FeaturePredictor,
  examples: readonly TextExample[],
  options: FeaturesOptions,
): Promise<Features> {
  for (const [index, example] of examples.entries())
    if (!isExample(example))
      fail("E_USAGE", { where: `features, text ${index + 1}`, expected: EXAMPLE, got: kindOf(example) });
  const { batchSize, signal, onProgress = () => {} } = resolvePredictOptions(options);
  const { tokenizer, maxLength } = state;
  const texts = tokenizeTexts(examples, tokenizer, state);
  if (texts.truncated > 0) options.onTruncated?.(texts.truncated);
  const how = { padId: tokenizer.padId, padToMultipleOf: 1, maxLength, batchSize, signal, onProgress };
  // Features of windows are combined as they are: no softmax stands over them.
  return {
    values: await logitsOf(predictor, texts, predictor.width, { ...how, family: "regression" }),
    width: predictor.width,
  };
}
