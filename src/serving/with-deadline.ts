import { Problem } from "../http/problem.js";

/**
 * Calls work with a signal that aborts with a Problem 504 after `seconds`, or when the request's own does. What it throws
 * then is the reason of the signal.
 */
export type WithDeadline = <T>(
  seconds: number,
  request: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/**
 * Deadlines of requests that all end when `closed` aborts. With AbortSignal.timeout and AbortSignal.any, whose weak
 * references garbage collection has to follow, they would be a third of what the thread of HTTP does.
 */
export function createDeadlines(closed: AbortSignal): WithDeadline {
  const underWay = new Set<() => void>();
  closed.addEventListener("abort", () => {
    for (const stop of underWay) stop();
  });
  return async (seconds, request, work) => {
    const until = new AbortController();
    const stop = (): void => until.abort(new Error("the request was cancelled"));
    const timer = setTimeout(() => {
      until.abort(new Problem(504, `server: no answer within ${seconds} s; send fewer texts at a time`, 1));
    }, 1000 * seconds);
    underWay.add(stop);
    request.addEventListener("abort", stop);
    if (request.aborted || closed.aborted) stop();
    try {
      return await work(until.signal);
    } finally {
      clearTimeout(timer);
      underWay.delete(stop);
      request.removeEventListener("abort", stop);
    }
  };
}
