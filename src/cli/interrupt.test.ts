import { expect, it } from "vitest";
import { personsTerminal } from "../../tests/support/terminal.js";
import { interruptible } from "./interrupt.js";

it("aborts at the first Ctrl-C, and at the second leaves the terminal in order and ends", async () => {
  const { terminal, log: events, press, listeners } = personsTerminal();
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
  const { terminal, listeners } = personsTerminal();
  const work = interruptible(terminal, { announce: () => {}, leave: () => {} }, () =>
    Promise.reject(new Error("failed")),
  );
  await expect(work).rejects.toThrow("failed");
  expect(listeners.size).toBe(0);
});
