/** Keys of the page. What is open says which it knows; the newest that knows a key gets it. */
import { useEffect, useRef, useSyncExternalStore } from "react";

export interface KeyBinding {
  /** As `KeyboardEvent.key` has it, or two in turn: "g r". */
  readonly keys: string;
  /** What it does, for the list of keys. */
  readonly label: string;
  run(): void;
}

let bound: readonly (readonly KeyBinding[])[] = [];
const listeners = new Set<() => void>();
let first = "";
let firstAt = 0;
/** Milliseconds between the two keys of a pair. */
const PAIR = 1000;

function change(next: typeof bound): void {
  bound = next;
  for (const listener of listeners) listener();
}

/** Whether the key belongs to what is typed in. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
    !(target instanceof HTMLInputElement && /^(?:checkbox|radio|range|button)$/.test(target.type))
  );
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isTyping(event.target)) {
    // What was searched for stays, and the keys of the page are back.
    const isDone =
      event.key === "Escape" || (event.key === "Enter" && (event.target as HTMLInputElement).type === "search");
    if (isDone) {
      event.preventDefault();
      (event.target as HTMLElement).blur();
    }
    return;
  }
  if (document.querySelector("dialog[open]") !== null) return;
  const pair = event.timeStamp - firstAt < PAIR ? `${first} ${event.key}` : event.key;
  const all = [...bound].reverse().flat();
  const found = all.find(({ keys }) => keys === pair) ?? all.find(({ keys }) => keys === event.key);
  first = event.key;
  firstAt = event.timeStamp;
  if (found === undefined) return;
  event.preventDefault();
  first = "";
  found.run();
});

/** The keys of a part of the page while it is shown. `bindings` may be new at every call: their keys and labels count. */
export function useKeys(bindings: readonly KeyBinding[]): void {
  const latest = useRef(bindings);
  latest.current = bindings;
  const shape = JSON.stringify(bindings.map(({ keys, label }) => [keys, label]));
  useEffect(() => {
    const entries = (JSON.parse(shape) as [string, string][]).map(([keys, label], index) => ({
      keys,
      label,
      run: () => latest.current[index]?.run(),
    }));
    change([...bound, entries]);
    return () => change(bound.filter((one) => one !== entries));
  }, [shape]);
}

/** All keys that do something now. */
export function useBoundKeys(): readonly (readonly KeyBinding[])[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => bound,
  );
}
