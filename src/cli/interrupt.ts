import type { Terminal } from "./terminal.js";

const INTERRUPTED = 130;

/**
 * Does `work` with a signal that the first Ctrl-C aborts; `announce` then says so. A second Ctrl-C ends
 * the process at once. Nothing listens any more when `work` is over.
 */
export async function interruptible<T>(
  terminal: Terminal,
  announce: () => void,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const release = terminal.onInterrupt(() => {
    if (controller.signal.aborted) return terminal.exit(INTERRUPTED);
    controller.abort();
    announce();
  });
  try {
    return await work(controller.signal);
  } finally {
    release();
  }
}
