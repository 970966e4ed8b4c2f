/** onnxruntime-node: the only file that imports it. */
import { availableParallelism } from "node:os";
import { fail } from "../../base/errors.js";
import { openSession, reason } from "../onnxruntime.js";
import type { Runtime } from "../session.js";
import { keepUsageDataHere } from "./telemetry.js";

type Onnxruntime = typeof import("onnxruntime-node");

export const nodeRuntime: Runtime = {
  async createSession(model, { threads = availableParallelism(), profilePath, files } = {}) {
    return openSession(await load(), model, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      ...(files === undefined ? {} : { externalData: Object.entries(files).map(([path, data]) => ({ path, data })) }),
      ...(profilePath === undefined ? {} : { enableProfiling: true, profileFilePrefix: profilePath }),
    });
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
