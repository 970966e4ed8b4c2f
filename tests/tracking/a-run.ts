/**
 * A program that records, for tests that end it: `a-run.ts STORE ID [HOW]` logs a point about every millisecond with the
 * time at which it was logged, and prints each hundredth.
 */
import { init } from "../../src/tracking/index.js";

const [dir, id, how = "forever"] = process.argv.slice(2) as [string, string, string?];
const run = await init({
  dir,
  id,
  project: "killed",
  settings: { statsSamplingInterval: 0, console: false },
  onWarning: (line) => process.stderr.write(`warning: ${line}\n`),
});
console.log("started");

/** Keeps the thread busy as onnxruntime does: no timer and no message gets its turn. */
const busy = (milliseconds: number): void => {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
};

if (how === "forever") {
  for (let i = 0; ; i++) {
    run.log({ wall: Date.now(), i });
    busy(1);
    if (i % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
  }
}
for (let i = 0; i < 1000; i++) run.log({ i });
if (how === "finish") await run.finish();
if (how === "throw") throw new Error("as it happens");
if (how === "exit-3") process.exit(3);
// "leave": the program ends without a word.
