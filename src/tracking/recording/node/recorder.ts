/** This thread's side of recording: messages out, without waiting; a bound on what may be under way. */
import { type ErrorCode, TextuneError } from "../../../base/errors.js";
import { startThread } from "../../../base/node/thread.js";
import { openRing, ringMemory } from "../points-ring.js";
import { type Answer, type Envelope, type Message, SHARED, type ThreadSetup, weightOf } from "../protocol.js";

/** Points that may wait for the store: about 100 MB in the recording thread. */
const MOST_QUEUED = 1_000_000;
/** How long the end of the process waits for the store, in milliseconds. */
const EXIT_MS = 5000;

type Request = Extract<Message, { readonly request: number }>;
type WithoutNumber<M> = M extends unknown ? Omit<M, "request"> : never;

/** Sends to the recording thread of one store. */
export interface Recorder {
  /** Sends a message, or leaves it out where too much waits already: says which. Never waits, never throws. */
  send(message: Exclude<Message, Request>): boolean;
  /** Sends a message that is answered. @throws what the thread could not do */
  request(message: WithoutNumber<Request>): Promise<unknown>;
  /** Sends a message and waits for all answers, at most five seconds, in a process that ends. */
  requestAtExit(message: WithoutNumber<Request>): void;
}

const recorders = new Map<string, Recorder>();

/** The recorder of the store at `address`: one thread for all runs of a process. `warn` is told what goes wrong. */
export function recorderFor(address: string, warn: (line: string) => void): Recorder {
  const known = recorders.get(address);
  if (known !== undefined) return known;
  const recorder = startRecorder(address, warn, () => recorders.delete(address));
  recorders.set(address, recorder);
  return recorder;
}

function startRecorder(address: string, warn: (line: string) => void, forget: () => void): Recorder {
  const shared = new SharedArrayBuffer(4 * Object.keys(SHARED).length);
  const counters = new Int32Array(shared);
  const memory = ringMemory();
  const ring = openRing(memory);
  const workerData: ThreadSetup = { address, shared, ring: memory };
  const worker = startThread("./recording-thread", import.meta.url, { name: "textune tracking", workerData });
  // A run that was not finished keeps no process from ending.
  worker.unref();
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  let requests = 0;
  let broken: Error | undefined;
  const breakDown = (error: Error): void => {
    broken = error;
    forget();
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on("message", (answer: Answer) => {
    if ("warning" in answer) {
      warn(answer.warning);
      return;
    }
    const asked = waiting.get(answer.request);
    waiting.delete(answer.request);
    if (waiting.size === 0) worker.unref();
    if ("error" in answer)
      asked?.reject(new TextuneError((answer.error.code as ErrorCode | undefined) ?? "E_STORE", answer.error.message));
    else asked?.resolve(answer.result);
  });
  worker.on("error", (error) =>
    breakDown(new TextuneError("E_STORE", `tracking: its thread broke down: ${error.message}`, error)),
  );
  worker.on("exit", () => breakDown(new TextuneError("E_STORE", "tracking: its thread has ended")));

  const post = (message: Message): void => {
    Atomics.add(counters, SHARED.sent, 1);
    worker.postMessage({ message, end: ring.end() } satisfies Envelope);
  };

  return {
    send(message) {
      if (broken !== undefined) return false;
      const weight = weightOf(message);
      if (weight > 0) {
        if (Atomics.load(counters, SHARED.queued) + weight > MOST_QUEUED) return false;
        Atomics.add(counters, SHARED.queued, weight);
      }
      // The thread fetches points by itself. Where it comes too late for that, a message wakes it.
      if (!(Array.isArray(message) && ring.put(message))) post(message);
      return true;
    },
    request(message) {
      return new Promise((resolve, reject) => {
        if (broken !== undefined) return reject(broken);
        const request = ++requests;
        waiting.set(request, { resolve, reject });
        worker.ref();
        post({ ...message, request } as Request);
      });
    },
    requestAtExit(message) {
      if (broken !== undefined) return;
      post({ ...message, request: ++requests } as Request);
      const deadline = Date.now() + EXIT_MS;
      for (;;) {
        const answered = Atomics.load(counters, SHARED.answered);
        const left = deadline - Date.now();
        if (answered >= requests || left <= 0) return;
        Atomics.wait(counters, SHARED.answered, answered, left);
      }
    },
  };
}
