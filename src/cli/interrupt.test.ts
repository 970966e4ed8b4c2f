import { expect, it } from "vitest";
import { interruptible } from "./interrupt.js";
import type { OutputStream, Terminal } from "./terminal.js";

/** A terminal whose Ctrl-C is a function. */
function interruptedTerminal(): { terminal: Terminal; events: string[]; press(): void; listeners: Set<() => void> } {
  const events: string[] = [];
  const listeners = new Set<() => void>();
  const stream: OutputStream = { write: () => true, once: () => {}, off: () => {}, on: () => {} };
  const terminal: Terminal = {
    stdin: (async function* () {})(),
    stdout: stream,
    stderr: stream,
    environment: {},
    now: () => 0,
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    exit: (code) => void events.push(`exit ${code}`),
  };
  const press = (): void => {
    for (const listener of [...listeners]) listener();
  };
  return { terminal, events, listeners, press };
}

it("aborts at the first Ctrl-C, and at the second leaves the terminal in order and ends", async () => {
  const { terminal, events, press, listeners } = interruptedTerminal();
  const answers = { announce: () => void events.push("announce"), leave: () => void events.push("leave") };
  await interruptible(terminal, answers, async (signal) => {
    expect(signal.aborted).toBe(false);
    press();
    expect(signal.aborted).toBe(true);
    expect(events).toEqual(["announce"]);
    press();
    expect(events).toEqual(["announce", "leave", "exit 130"]);
  });
  expect(listeners.size).toBe(0);
});

it("stops listening when the work fails", async () => {
  const { terminal, listeners } = interruptedTerminal();
  const work = interruptible(terminal, { announce: () => {}, leave: () => {} }, () =>
    Promise.reject(new Error("failed")),
  );
  await expect(work).rejects.toThrow("failed");
  expect(listeners.size).toBe(0);
});
