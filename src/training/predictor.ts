/** Logits of texts: the inference graph in a session. */
import type { ClassifierGraph } from "../models/classifier-graph.js";
import { writeModel } from "../onnx/write-model.js";
import type { Runtime, Tensor } from "../runtime/session.js";
import type { Batch } from "./batch.js";

export interface Predictor {
  /** Logits [B, C] of a batch. */
  logits(batch: Batch): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface PredictorOptions {
  readonly runtime: Runtime;
  /** An inference graph: see buildInferenceGraph. */
  readonly graph: ClassifierGraph;
  /**
   * The values of every parameter by name, read where they stand in every run: training may go on under the predictor,
   * and a session is made in some tens of milliseconds, as nothing is copied.
   */
  readonly weights: Readonly<Record<string, Tensor>>;
  readonly threads?: number;
}

export async function createPredictor({ runtime, graph, weights, threads }: PredictorOptions): Promise<Predictor> {
  const model = writeModel(graph.outputs);
  const session = await runtime.createSession(model, threads === undefined ? {} : { threads });
  return {
    async logits(batch) {
      const available: Readonly<Record<string, Tensor>> = { ...weights, ...batch.tensors };
      const feeds = Object.fromEntries(session.inputNames.map((name) => [name, available[name]]));
      const { logits } = await session.run(feeds, { logits: undefined });
      return logits.data as Float32Array;
    },
    close: () => session.close(),
  };
}
