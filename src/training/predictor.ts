/** Logits of texts: the inference graph in a session. */
import type { Parameter } from "../nn/scope.js";
import { writeModel } from "../onnx/write-model.js";
import type { Runtime, Session, Tensor } from "../runtime/session.js";
import type { Batch } from "./batch.js";
import type { ClassifierGraph } from "./classifier-graph.js";

export interface Predictor {
  /** Logits [B, C] of a batch. */
  logits(batch: Batch): Promise<Float32Array>;
  /** Batches that are computed at the same time; one by default. */
  readonly parallel?: number;
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
  /**
   * Weights that do not change any more, by name: after some runs a session is made that holds them in the order in which
   * its products read them. Small batches are then faster, by a third for a single short text; it takes as much memory
   * as these weights.
   */
  readonly pack?: (parameter: Parameter) => boolean;
}

/** Packing takes about as long as it saves in so many runs. */
const RUNS_BEFORE_PACKING = 32;

export async function createPredictor(options: PredictorOptions): Promise<Predictor> {
  const { graph, weights } = options;
  let session = await openSession(options, {});
  let runs = 0;
  // Runs block each other anyway; in turn, none is under way when the session is replaced or closed.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work, work);
    last = result;
    return result;
  };
  const pack = async (): Promise<void> => {
    const chosen = graph.parameters.filter((parameter) => options.pack?.(parameter) ?? false);
    if (chosen.length === 0) return;
    const packed = await openSession(options, Object.fromEntries(chosen.map(({ name }) => [name, weights[name]])));
    await session.close();
    session = packed;
  };
  return {
    logits: (batch) =>
      inTurn(async () => {
        if (runs++ === RUNS_BEFORE_PACKING) await pack();
        const available: Readonly<Record<string, Tensor>> = { ...weights, ...batch.tensors };
        const feeds = Object.fromEntries(session.inputNames.map((name) => [name, available[name]]));
        const { logits } = await session.run(feeds, { logits: undefined });
        return logits.data as Float32Array;
      }),
    close: () => inTurn(() => session.close()),
  };
}

/** A session that holds `constants` and is given the other parameters in every run. */
function openSession(
  { runtime, graph, threads }: PredictorOptions,
  constants: Readonly<Record<string, Tensor>>,
): Promise<Session> {
  const files = Object.entries(constants).map(([name, { data }]) => {
    return [name, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)] as const;
  });
  const model = writeModel(graph.outputs, {
    weights: new Map(files.map(([name, bytes]) => [name, { file: name, offset: 0, length: bytes.length }])),
  });
  return runtime.createSession(model, {
    ...(files.length === 0 ? {} : { files: Object.fromEntries(files) }),
    ...(threads === undefined ? {} : { threads }),
  });
}
