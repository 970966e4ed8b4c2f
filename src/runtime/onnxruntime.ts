/** onnxruntime behind Textune's session interface, whichever of its packages computes. */
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { fail } from "../base/errors.js";
import type { Onnxruntime, Session, Tensor, TensorData } from "./session.js";

/** {@link Onnxruntime} in its own terms, of which versions differ. */
interface Package {
  readonly InferenceSession: {
    create(model: Uint8Array | string, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: new (type: Tensor["dtype"], data: TensorData, shape: readonly number[]) => OrtTensor;
}

const ARRAY_OF = { float32: Float32Array, int64: BigInt64Array, int32: Int32Array, bool: Uint8Array } as const;

/** onnxruntime's severity of what it prints itself: 4 fatal. Its errors come as exceptions, and are said once. */
const LOG_FATAL_ONLY = 4;

/** @throws E_RUNTIME for a model that onnxruntime refuses */
export async function openSession(
  onnxruntime: Onnxruntime,
  model: Uint8Array | string,
  settings: InferenceSession.SessionOptions,
): Promise<Session> {
  const { InferenceSession, Tensor } = onnxruntime as Package;
  const defaults = { graphOptimizationLevel: "all", logSeverityLevel: LOG_FATAL_ONLY } as const;
  const session = await InferenceSession.create(model, { ...defaults, ...settings }).catch((error: unknown) =>
    fail("E_RUNTIME", { where: "onnxruntime", expected: "a model that it accepts", got: reason(error) }, error),
  );
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(feeds, results) {
      const inputs: Record<string, OrtTensor> = {};
      for (const [name, tensor] of Object.entries(feeds)) inputs[name] = toOrt(Tensor, name, tensor);
      const fetches: Record<string, OrtTensor | null> = {};
      for (const [name, tensor] of Object.entries(results))
        fetches[name] = tensor === undefined ? null : toOrt(Tensor, name, tensor);
      try {
        const outputs = await session.run(inputs, fetches);
        return Object.fromEntries(
          Object.entries(outputs).map(([name, tensor]) => [name, results[name] ?? fromOrt(tensor)]),
        );
      } catch (error) {
        return fail("E_RUNTIME", { where: "onnxruntime", expected: "a run that succeeds", got: reason(error) }, error);
      }
    },
    async close() {
      if (settings.enableProfiling) session.endProfiling();
      await session.release();
    },
  };
}

function toOrt(OrtTensor: Package["Tensor"], name: string, { dtype, shape, data }: Tensor): OrtTensor {
  try {
    return new OrtTensor(dtype, data, shape);
  } catch (error) {
    return fail("E_RUNTIME", { where: "onnxruntime", expected: `a tensor for "${name}"`, got: reason(error) }, error);
  }
}

function fromOrt(tensor: InferenceSession.OnnxValueMapType[string]): Tensor {
  const dtype = tensor.type as keyof typeof ARRAY_OF;
  if (!(dtype in ARRAY_OF))
    fail("E_RUNTIME", { where: "onnxruntime", expected: Object.keys(ARRAY_OF).join(", "), got: tensor.type });
  return { dtype, shape: tensor.dims, data: tensor.data as TensorData };
}

/** The first line of a message of onnxruntime's, without its file paths. */
export function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .split("\n")[0]
    .replace(/\/\S*\/([\w.]+\.(?:cc|h)):\d+ /g, "$1 ")
    .trim();
}
