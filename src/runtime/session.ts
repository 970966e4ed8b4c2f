/** What the rest of Textune knows of a runtime: sessions that run ONNX models on typed arrays. */
import type { DType } from "../graph/dtype.js";

export type TensorData = Float32Array | BigInt64Array | Int32Array | Uint8Array;

/** A tensor on the runtime's side of the door. */
export interface Tensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Row-major; a view of a larger buffer is read and written in place. */
  readonly data: TensorData;
}

export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * Runs the model. Outputs are written into the tensors of `results`; those that are named with
   * `undefined` are allocated. Blocks the event loop on the CPU.
   *
   * @throws E_RUNTIME when the runtime refuses or fails
   */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    results: Readonly<Record<string, Tensor | undefined>>,
  ): Promise<Record<string, Tensor>>;
  /** Frees what the session holds. */
  close(): Promise<void>;
}

export interface SessionOptions {
  /** Threads for one run; all cores by default. */
  readonly threads?: number;
  /** Writes a profile of each run to files that start with this path. */
  readonly profilePath?: string;
  /** Contents of the files in which the model says that its weights stand, by name. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

export interface Runtime {
  /** A session for a model given as bytes, or as the path of a file. */
  createSession(model: Uint8Array | string, options?: SessionOptions): Promise<Session>;
}

/** What is used of a package of onnxruntime: `import * as ort from "onnxruntime-web"` is one. */
export interface Onnxruntime {
  /** Makes sessions. */
  readonly InferenceSession: {
    /** A session that runs `model`. */
    create(model: Uint8Array, options?: object): Promise<object>;
  };
  /** Makes tensors. */
  readonly Tensor: new (
    type: "int64",
    data: BigInt64Array,
    shape: readonly number[],
  ) => object;
}
