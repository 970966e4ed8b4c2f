import { Problem } from "../http/problem.js";

/**
 * Calls `work` with a signal that aborts with a Problem 504 after `seconds`, or when one of `signals` does. With
 * AbortSignal.timeout and AbortSignal.any, whose weak references garbage collection has to follow, a request would cost
 * the server half as much again.
 */
export async function withDeadline<T>(
  seconds: number,
  signals: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const until = new AbortController();
  const stop = (): void => until.abort(new Error("the request was cancelled"));
  const timer = setTimeout(() => {
    until.abort(new Problem(504, `server: no answer within ${seconds} s; send fewer texts at a time`, 1));
  }, 1000 * seconds);
  for (const signal of signals) {
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
  }
  try {
    return await work(until.signal);
  } finally {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener("abort", stop);
  }
}
