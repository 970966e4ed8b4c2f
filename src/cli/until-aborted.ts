import { abortError, stopIfAborted } from "../base/stop-if-aborted.js";
/**
 * The values of `source`, until `signal` aborts, even while the next one is waited for.
 *
 * @throws E_ABORTED when it aborts
 */
export async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  // One listener for all values: a race of promises for each would keep something of every value.
  let interrupt: ((reason: unknown) => void) | undefined;
  const onAbort = (): void => interrupt?.(abortError("reading", signal));
  signal.addEventListener("abort", onAbort);
  try {
    for (;;) {
      stopIfAborted(signal, "reading");
      const next = await new Promise<IteratorResult<T>>((resolve, reject) => {
        interrupt = reject;
        iterator.next().then(resolve, reject);
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    // Not awaited: a source that is being waited for ends only with its next value.
    iterator.return?.().catch(() => {});
  }
}
