/** Worker threads that run models. */
import type { Worker } from "node:worker_threads";
import { startThread } from "../../base/node/thread.js";
import { createRunGate, endWorker, holdExit } from "./run-gate.js";
import { keepUsageDataHere } from "./telemetry.js";

export interface RunThread {
  readonly worker: Worker;
  /** Ends it after the run that is under way. */
  end(): Promise<void>;
}

/**
 * {@link startThread} for a thread that runs models: `gate` is added to its `workerData`, through which its runtime has to
 * pass; see run-gate.ts.
 *
 * @throws E_RUNTIME where onnxruntime would send usage data; a DataCloneError for what cannot be sent to a thread
 */
export async function startRunThread(
  entry: string,
  from: string,
  { name, workerData }: { readonly name: string; readonly workerData: object },
): Promise<RunThread> {
  // Here, as not every platform lets a thread ask for it.
  await keepUsageDataHere();
  const gate = createRunGate();
  const worker = startThread(entry, from, { name, workerData: { ...workerData, gate } });
  holdExit(worker, gate);
  return { worker, end: () => endWorker(worker, gate) };
}
