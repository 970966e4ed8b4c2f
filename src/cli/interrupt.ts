import type { Terminal } from "./terminal.js";

const INTERRUPTED = 130;

/** What happens at Ctrl-C. */
export interface InterruptAnswers {
  /** Says after the first that work is about to end. */
  announce(): void;
  /** Puts the terminal in order after the second, just before the process ends. */
  leave(): void;
}

/**
 * Does `work` with a signal that the first Ctrl-C aborts. A second Ctrl-C ends the process at once.
 * Nothing listens any more when `work` is over.
 */
export async function interruptible<T>(
  terminal: Terminal,
  { announce, leave }: InterruptAnswers,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const release = terminal.onInterrupt(() => {
    if (controller.signal.aborted) {
      leave();
      return terminal.exit(INTERRUPTED);
    }
    controller.abort();
    announce();
  });
  try {
    return await work(controller.signal);
  } finally {
    release();
  }
}
