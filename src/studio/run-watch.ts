/** Which runs change: looked at now and then, while somebody listens. */
import { type Changes, readChanges } from "../tracking/queries/changes.js";
import type { Store } from "../tracking/store/node/open-store.js";
import type { RunsEvent } from "./wire/studio.js";

export interface RunWatch {
  /** Calls `listener` at every change until the returned function is called. */
  listen(listener: (event: RunsEvent) => void): () => void;
  close(): void;
}

/** Milliseconds between two looks. */
const EVERY = 1000;
/** A look that takes long is followed by a pause this much longer. */
const SHARE = 10;

export function watchRuns(store: Store): RunWatch {
  const listeners = new Set<(event: RunsEvent) => void>();
  let timer: NodeJS.Timeout | undefined;
  let before: Changes | undefined;
  const look = async (): Promise<void> => {
    const began = performance.now();
    // A store that cannot be read for a moment is looked at again.
    const now = await readChanges(store, before?.cursor).catch(() => before);
    if (before !== undefined && now !== undefined && now !== before) {
      const { changed, removed, running } = now;
      // A run that crashes writes nothing: it only is under way no more.
      const ended = before.running.filter((id) => !running.includes(id));
      const event = { changed: [...new Set([...changed, ...ended])], removed: [...removed] };
      if (event.changed.length + removed.length > 0) for (const listener of listeners) listener(event);
    }
    before = now;
    if (timer !== undefined)
      timer = setTimeout(() => void look(), Math.max(EVERY, SHARE * (performance.now() - began))).unref();
  };
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
    before = undefined;
  };
  return {
    listen(listener) {
      listeners.add(listener);
      timer ??= setTimeout(() => void look(), 0).unref();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    close() {
      listeners.clear();
      stop();
    },
  };
}
