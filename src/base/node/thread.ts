/** Threads of Textune's own. */
import { Worker } from "node:worker_threads";

/**
 * A worker thread that runs the module at `entry`, a file of `dist` or, in the source tree, of `src`, which Node reads with
 * the help of tsx. It needs none of the flags that this process was started with, and fails with some of them
 * (`--input-type`).
 *
 * @param entry without its ending; `from` is the `import.meta.url` of the caller
 */
export function startThread(entry: string, from: string, options: { name: string; workerData: unknown }): Worker {
  const typescript = from.endsWith(".ts");
  const file = new URL(`${entry}${typescript ? ".ts" : ".js"}`, from);
  const settings = { ...options, execArgv: [] };
  if (!typescript) return new Worker(file, settings);
  const tsx = import.meta.resolve("tsx/esm/api");
  const code = `import("${tsx}").then(({ register }) => { register(); return import("${file}"); })`;
  return new Worker(code, { ...settings, eval: true });
}
