/** onnxruntime-node behind Textune's session interface: the only file that imports it. */
import { availableParallelism } from "node:os";
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { fail } from "../../base/errors.js";
import type { Runtime, Session, SessionOptions, Tensor, TensorData } from "../session.js";
import { keepUsageDataHere } from "./telemetry.js";

const ARRAY_OF = { float32: Float32Array, int64: BigInt64Array, int32: Int32Array, bool: Uint8Array } as const;

/** onnxruntime's severity of what it prints itself: 4 fatal. Its errors come as exceptions, and are said once. */
const LOG_FATAL_ONLY = 4;

type Onnxruntime = typeof import("onnxruntime-node");

export const nodeRuntime: Runtime = {
  async createSession(model, options = {}) {
    const onnxruntime = await load();
    const session = await open(onnxruntime, model, options);
    return wrap(onnxruntime, session, options.profilePath !== undefined);
  },
};

/** The devices that onnxruntime could compute on here, as it calls them. @throws E_RUNTIME where it does not load */
export async function availableDevices(): Promise<readonly string[]> {
  const { listSupportedBackends } = await load();
  return listSupportedBackends()
    .filter(({ bundled }) => bundled)
    .map(({ name }) => name);
}

/** Loaded with the first session: what does without one also works where onnxruntime has no binaries. */
async function load(): Promise<Onnxruntime> {
  await keepUsageDataHere();
  try {
    return await import("onnxruntime-node");
  } catch (error) {
    return fail(
      "E_RUNTIME",
      {
        where: "onnxruntime",
        expected: "a system that it has binaries for",
        got: reason(error),
        fix: "run npx textune doctor",
      },
      error,
    );
  }
}

async function open(
  { InferenceSession }: Onnxruntime,
  model: Uint8Array | string,
  { threads = availableParallelism(), profilePath, files }: SessionOptions,
): Promise<InferenceSession> {
  const settings: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    logSeverityLevel: LOG_FATAL_ONLY,
    executionMode: "sequential",
    ...(files === undefined ? {} : { externalData: Object.entries(files).map(([path, data]) => ({ path, data })) }),
    ...(profilePath === undefined ? {} : { enableProfiling: true, profileFilePrefix: profilePath }),
  };
  try {
    return typeof model === "string"
      ? await InferenceSession.create(model, settings)
      : await InferenceSession.create(model, settings);
  } catch (error) {
    return fail("E_RUNTIME", { where: "onnxruntime", expected: "a model that it accepts", got: reason(error) }, error);
  }
}

function wrap(onnxruntime: Onnxruntime, session: InferenceSession, profiling: boolean): Session {
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(feeds, results) {
      const inputs: Record<string, OrtTensor> = {};
      for (const [name, tensor] of Object.entries(feeds)) inputs[name] = toOrt(onnxruntime, name, tensor);
      const fetches: Record<string, OrtTensor | null> = {};
      for (const [name, tensor] of Object.entries(results))
        fetches[name] = tensor === undefined ? null : toOrt(onnxruntime, name, tensor);
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
      if (profiling) session.endProfiling();
      await session.release();
    },
  };
}

function toOrt({ Tensor: OrtTensor }: Onnxruntime, name: string, { dtype, shape, data }: Tensor): OrtTensor {
  try {
    return new OrtTensor(dtype, data as Float32Array, shape as number[]);
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
function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .split("\n")[0]
    .replace(/\/\S*\/([\w.]+\.(?:cc|h)):\d+ /g, "$1 ")
    .trim();
}
