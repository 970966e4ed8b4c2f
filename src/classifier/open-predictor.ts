import { openOnnxPredictor } from "../inference/onnx-predictor.js";
import type { Tensor } from "../runtime/session.js";
import { createPredictor, type Predictor } from "../training/predictor.js";
import { type ClassifierState, inferenceGraphOf } from "./classifier-state.js";
import type { Platform } from "./platform.js";

/** Makes ready to predict with a classifier as it stands in `state`. */
export function openPredictor({ runtime }: Pick<Platform, "runtime">, state: ClassifierState): Promise<Predictor> {
  const threads = state.threads === undefined ? {} : { threads: state.threads };
  if (state.onnxModel !== undefined) return openOnnxPredictor(runtime, state.onnxModel, threads);
  const graph = inferenceGraphOf(state);
  const weights: Record<string, Tensor> = Object.fromEntries(
    graph.parameters.map(({ name, shape }) => {
      return [name, { dtype: "float32", shape, data: state.weights.get(name) as Float32Array }];
    }),
  );
  return createPredictor({
    runtime,
    graph,
    weights,
    // Not the tables, of which a text reads but some rows.
    pack: ({ place }) => place !== 0,
    ...threads,
  });
}
