/** The thread that runs models for a page, one piece of work after the other: see desk.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { type PlainError, plainError } from "../../base/node/plain-error.js";
import { nodeRuntime } from "../../runtime/node/onnxruntime.js";
import { type RunGate, throughGate } from "../../runtime/node/run-gate.js";
import { createModelDesk } from "./model-desk.js";
import { createStudyDesk } from "./study-desk.js";

export interface DeskSetup {
  readonly gate: RunGate;
}

export interface DeskCall {
  readonly id: number;
  readonly method: keyof DeskMethods;
  readonly input: unknown;
}

export type DeskReply =
  | { readonly id: number; readonly progress: readonly [done: number, total: number] }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: PlainError };

const { gate } = workerData as DeskSetup;
const port = parentPort as NonNullable<typeof parentPort>;
const runtime = throughGate(nodeRuntime, gate);
const methods = { ...createStudyDesk(runtime), ...createModelDesk(runtime) };
export type DeskMethods = typeof methods;

type Method = (input: unknown, onProgress: (done: number, total: number) => void) => Promise<unknown>;
let last: Promise<void> = Promise.resolve();
port.on("message", ({ id, method, input }: DeskCall) => {
  const reply = (message: DeskReply): void => port.postMessage(message);
  const work = methods[method] as Method;
  last = last
    .then(() => work(input, (done, total) => reply({ id, progress: [done, total] })))
    .then(
      (result) => reply({ id, result }),
      (error: unknown) => reply({ id, error: plainError(error) }),
    );
});
