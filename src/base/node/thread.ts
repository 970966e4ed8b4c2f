/** Threads of Textune's own. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

/**
 * A worker thread that runs the module at `entry`, a file of `dist` or, in the source tree, of `src`, which Node reads with
 * the help of tsx. It needs none of the flags that this process was started with, and fails with some of them
 * (`--input-type`).
 *
 * @param entry without its ending; `from` is the `import.meta.url` of the caller
 */
export function startThread(entry: string, from: string, options: { name: string; workerData: unknown }): Worker {
  const file = threadFile(entry, from);
  const settings = { ...options, execArgv: [] };
  if (!from.endsWith(".ts")) return new Worker(file, settings);
  const tsx = import.meta.resolve("tsx/esm/api");
  const code = `import("${tsx}").then(({ register }) => { register(); return import("${file}"); })`;
  return new Worker(code, { ...settings, eval: true });
}

/** Whether the file of a thread is there: a bundler that packs a whole program into one file leaves it out. */
export function hasThreadFile(entry: string, from: string): boolean {
  return existsSync(fileURLToPath(threadFile(entry, from)));
}

function threadFile(entry: string, from: string): URL {
  return new URL(`${entry}${from.endsWith(".ts") ? ".ts" : ".js"}`, from);
}
