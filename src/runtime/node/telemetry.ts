/**
 * Keeps onnxruntime's usage data on the machine.
 *
 * The official builds for Linux and macOS write a device id and a database of events under the home folder and send them
 * to Microsoft, unless ORT_DISABLE_TELEMETRY=1 stands in the environment of the process when the first session is made.
 * On Windows they hand events to the system's event tracing, which keeps them only where somebody records a trace;
 * onnxruntime-node has no switch for it.
 *
 * Source: https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md
 */
import { Session } from "node:inspector";
import { isMainThread } from "node:worker_threads";
import { fail } from "../../base/errors.js";

const VARIABLE = "ORT_DISABLE_TELEMETRY";
/** How long a worker waits for a main thread that is busy. */
const PATIENCE = 10_000;

let done: Promise<void> | undefined;

/**
 * Turns onnxruntime's telemetry off for this process, where the user has not decided on it. Call it before the first
 * session.
 *
 * @throws E_RUNTIME in a worker thread whose main thread does not answer, and in Bun where the variable is not set
 */
export function keepUsageDataHere(): Promise<void> {
  done ??= isMainThread ? Promise.resolve().then(setHere) : setInMainThread();
  return done;
}

function setHere(): void {
  if (process.env[VARIABLE] === undefined && "bun" in process.versions)
    fail("E_RUNTIME", {
      where: "Bun",
      expected: `${VARIABLE} in the environment of the process`,
      got: "none, and what a program sets in Bun does not reach native code",
      fix: `start the process with ${VARIABLE}=1, which keeps onnxruntime's usage data on this machine`,
    });
  process.env[VARIABLE] ??= "1";
}

/**
 * `process.env` of a worker thread is a copy that native code does not see: the main thread has to set the real one. Bun
 * and Deno have no way to ask it; there the copy says whether it did before the thread was started.
 */
function setInMainThread(): Promise<void> {
  if (process.env[VARIABLE] !== undefined && ("bun" in process.versions || "deno" in process.versions))
    return Promise.resolve();
  const own = JSON.stringify(process.env[VARIABLE] ?? "1");
  const expression = `void (process.env.${VARIABLE} ??= ${own})`;
  const session = new Session();
  let timer: NodeJS.Timeout;
  return new Promise<void>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${PATIENCE / 1000} s`)), PATIENCE);
    session.connectToMainThread();
    session.post("Runtime.evaluate", { expression }, (error) => (error === null ? resolve() : reject(error)));
  })
    .finally(() => {
      clearTimeout(timer);
      session.disconnect();
    })
    .catch((error: Error) => {
      done = undefined;
      return fail(
        "E_RUNTIME",
        {
          where: "worker thread",
          expected: `a main thread that lets ${VARIABLE} be set`,
          got: error.message,
          fix: `start the process with ${VARIABLE}=1, or do not block its main thread`,
        },
        error,
      );
    });
}
