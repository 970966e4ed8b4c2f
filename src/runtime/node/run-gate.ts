/**
 * Worker threads that run models and can be ended at any time.
 *
 * A thread that is ended inside a run of onnxruntime takes the whole process with it: the result cannot be handed to a
 * thread that is going away, which onnxruntime-node does not expect (exit code 134). `worker.terminate()` and the end of
 * the process are such ends. So runs pass a gate: the one who ends a thread closes it, waits until no run is under way,
 * and only then goes on.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import type { Runtime, Session } from "../session.js";

/** Shared with the thread: how many calls of onnxruntime are under way, and whether the gate is closed. */
export type RunGate = Int32Array<SharedArrayBuffer>;
const CALLS = 0;
const CLOSED = 1;

/** A gate to give to a worker thread with its `workerData`. */
export function createRunGate(): RunGate {
  return new Int32Array(new SharedArrayBuffer(8));
}

/** `runtime` for the thread: each of its calls passes `gate`. Behind a closed gate calls never come back. */
export function throughGate(runtime: Runtime, gate: RunGate): Runtime {
  const pass = async <T>(call: () => Promise<T>): Promise<T> => {
    Atomics.add(gate, CALLS, 1);
    if (Atomics.load(gate, CLOSED) === 1) {
      leave();
      return new Promise<never>(() => {});
    }
    try {
      return await call();
    } finally {
      leave();
    }
  };
  const leave = (): void => {
    Atomics.sub(gate, CALLS, 1);
    Atomics.notify(gate, CALLS);
  };
  return {
    async createSession(model, options) {
      const session = await pass(() => runtime.createSession(model, options));
      return {
        inputNames: session.inputNames,
        outputNames: session.outputNames,
        run: (feeds, results) => pass(() => session.run(feeds, results)),
        close: () => pass(() => session.close()),
      } satisfies Session;
    },
  };
}

/** Ends `worker`, whose runs pass `gate`, after the run that is under way. */
export async function endWorker(worker: Worker, gate: RunGate): Promise<void> {
  Atomics.store(gate, CLOSED, 1);
  while (Atomics.load(gate, CALLS) > 0) await delay(POLL);
  await worker.terminate();
}

/** Milliseconds; a run takes longer. */
const POLL = 2;
/** Milliseconds after which the end of a process waits no more for a run. */
const PATIENCE = 60_000;

/** Makes the process wait, when it ends, for the run that is under way in `worker`. */
export function holdExit(worker: Worker, gate: RunGate): void {
  const wait = (): void => {
    Atomics.store(gate, CLOSED, 1);
    for (let calls = Atomics.load(gate, CALLS); calls > 0; calls = Atomics.load(gate, CALLS))
      if (Atomics.wait(gate, CALLS, calls, PATIENCE) === "timed-out") return;
  };
  if (waits.size === 0) process.on("exit", waitForAll);
  waits.add(wait);
  worker.once("exit", () => {
    waits.delete(wait);
    if (waits.size === 0) process.off("exit", waitForAll);
  });
}

/** One for each thread; one listener for all, as Node.js takes more than ten for a leak. */
const waits = new Set<() => void>();

function waitForAll(): void {
  for (const wait of waits) wait();
}
