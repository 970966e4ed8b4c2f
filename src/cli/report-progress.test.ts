import { expect, it } from "vitest";
import { createProgressReporter, formatDuration, wrapped } from "./report-progress.js";
import type { OutputStream, Terminal } from "./terminal.js";

function fakeTerminal(): { terminal: Terminal; wait(ms: number): void; said(): string } {
  let now = 0;
  let text = "";
  const stream: OutputStream = {
    write: (piece) => {
      text += piece;
      return true;
    },
    once: () => {},
    off: () => {},
    on: () => {},
  };
  const terminal: Terminal = {
    stdin: (async function* () {})(),
    stdout: stream,
    stderr: stream,
    environment: {},
    now: () => now,
    onInterrupt: () => () => {},
    exit: () => {},
  };
  return { terminal, wait: (ms) => (now += ms), said: () => text };
}

it("writes a line every five seconds where there is no terminal, with speed and time left", () => {
  const { terminal, wait, said } = fakeTerminal();
  const reporter = createProgressReporter(terminal, false);
  for (let step = 0; step <= 12; step++) {
    reporter.update({ step, steps: 100, examples: step * 32, stage: "epoch 1/3", loss: 0.5 });
    wait(1000);
  }
  // 32 examples a second; 95 and 90 steps of one second are left.
  expect(said()).toBe(
    "epoch 1/3  step 5/100  loss 0.5000  32.0 examples/s  1:35 left\n" +
      "epoch 1/3  step 10/100  loss 0.5000  32.0 examples/s  1:30 left\n",
  );
});

it("forgets a slow start", () => {
  const { terminal, wait, said } = fakeTerminal();
  const reporter = createProgressReporter(terminal, false);
  reporter.update({ step: 0, steps: 1000, examples: 0 });
  wait(60_000);
  for (let step = 1; step <= 40; step++) {
    reporter.update({ step, steps: 1000, examples: step * 10 });
    wait(1000);
  }
  expect(said().trimEnd().split("\n").at(-1)).toMatch(/step 36\/1000 {2}10\.0 examples\/s {2}16:04 left/);
});

it("measures the speed of other work by itself", () => {
  const { terminal, wait, said } = fakeTerminal();
  const reporter = createProgressReporter(terminal, false);
  for (let done = 0; done <= 3000; done += 1000) {
    reporter.update({ step: done, steps: 3000, examples: done, stage: "tokenizing" });
    wait(1000);
  }
  for (let step = 0; step <= 2; step++) {
    reporter.update({ step, steps: 100, examples: step * 32, stage: "epoch 1/3" });
    wait(1000);
  }
  expect(said()).toBe("epoch 1/3  step 1/100  32.0 examples/s  1:39 left\n");
});

it("says nothing with quiet", () => {
  const { terminal, wait, said } = fakeTerminal();
  const reporter = createProgressReporter(terminal, true);
  wait(10_000);
  reporter.update({ step: 5, steps: 10, examples: 1 });
  reporter.note("a notice");
  expect(said()).toBe("");
});

it("writes durations as clocks do", () => {
  expect([0, 7.4, 65, 3599.6, 3753].map(formatDuration)).toEqual(["0:00", "0:07", "1:05", "1:00:00", "1:02:33"]);
});

it("breaks lines between words, and words that are longer than a line", () => {
  expect(wrapped("epoch 1/3  loss 0.5", 80)).toEqual(["epoch 1/3  loss 0.5"]);
  expect(wrapped("epoch 1/3  loss 0.5000", 12)).toEqual(["epoch 1/3", "loss 0.5000"]);
  // A terminal that does not know its size says that it is 0 wide.
  expect(wrapped("epoch 1/3  loss 0.5000", 0)).toEqual(["epoch 1/3  loss 0.5000"]);
  expect(wrapped("aaaaa😀bbbb", 4)).toEqual(["aaaa", "a😀b", "bbb"]);
  expect(wrapped("日本語日本語", 4)).toEqual(["日本", "語日", "本語"]);
});

it("counts what is said to be counted, at a pace of its own, and adds the time of what follows", () => {
  const { terminal, wait, said } = fakeTerminal();
  const progress = createProgressReporter(terminal, false);
  for (const step of [0, 5, 10]) {
    progress.update({ step, steps: 20, examples: 10 * step, secondsAfter: 60 });
    wait(3000);
  }
  for (const done of [100, 200, 300]) {
    progress.update({ step: done, steps: 1000, examples: done, stage: "validating 1/3", unit: "rows" });
    wait(3000);
  }
  const lines = said().trim().split("\n");
  expect(lines[0]).toBe("step 10/20  16.7 examples/s  1:06 left");
  expect(lines[1]).toBe("validating 1/3  200/1000 rows  33.3 examples/s  0:24 left");
});
