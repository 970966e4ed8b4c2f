/** What happens to the process when a thread is ended while its model runs, seen on real processes. */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createGraph } from "../../graph/graph.js";
import { writeModel } from "../../onnx/write-model.js";
import { matMul } from "../../ops/linear.js";

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune gate "));
  const graph = createGraph();
  const x = graph.input("x", "float32", [700, 700]);
  // Long runs: the end comes inside of one.
  const y = Array.from({ length: 12 }).reduce<typeof x>((product) => matMul(product, x, { scale: 1e-3 }), x);
  await writeFile(join(place, "model.onnx"), writeModel({ y }));
  await writeFile(
    join(place, "worker.mjs"),
    `const { nodeRuntime } = await import(${module("./onnxruntime.ts")});
     const { throughGate } = await import(${module("./run-gate.ts")});
     import { parentPort, workerData } from "node:worker_threads";
     const runtime = workerData.gate === undefined ? nodeRuntime : throughGate(nodeRuntime, workerData.gate);
     const session = await runtime.createSession(${JSON.stringify(join(place, "model.onnx"))}, { threads: 1 });
     const x = { dtype: "float32", shape: [700, 700], data: new Float32Array(490_000) };
     parentPort.postMessage("running");
     for (;;) await session.run({ x }, { y: undefined });`,
  );
});
afterAll(() => rm(place, { recursive: true, force: true }));

function module(path: string): string {
  return JSON.stringify(new URL(path, import.meta.url).href);
}

/** The exit code and output of a process that does `end` to a thread in the middle of a run. */
function outcome(gated: boolean, end: string): Promise<{ code: number | null; said: string }> {
  const tsx = JSON.stringify(import.meta.resolve("tsx/esm/api"));
  const worker = `import(${tsx}).then(({ register }) => { register(); return import(${JSON.stringify(join(place, "worker.mjs"))}); })`;
  const code = `
    import { register } from ${tsx};
    import { Worker } from "node:worker_threads";
    register();
    const { createRunGate, endWorker, holdExit } = await import(${module("./run-gate.ts")});
    const gate = ${gated} ? createRunGate() : undefined;
    const worker = new Worker(${JSON.stringify(worker)}, { eval: true, workerData: { gate } });
    if (gate) holdExit(worker, gate);
    await new Promise((resolve) => worker.once("message", resolve));
    await new Promise((resolve) => setTimeout(resolve, 100));
    ${end}
    console.log("still here");
    process.exit(7);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code]);
  return new Promise((resolve) => {
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk));
    child.on("close", (status) => resolve({ code: status, said }));
  });
}

it("a thread can be ended in the middle of a run, and the process goes on", async () => {
  expect(await outcome(true, "await endWorker(worker, gate);")).toEqual({ code: 7, said: "still here\n" });
}, 60_000);

it("a process ends with its own exit code while a thread runs", async () => {
  expect(await outcome(true, "process.exit(3);")).toEqual({ code: 3, said: "" });
}, 60_000);

it("without the gate both take the process with them: what this file is for", async () => {
  const [terminated, exited] = [
    await outcome(false, "await worker.terminate();"),
    await outcome(false, "process.exit(3);"),
  ];
  expect(terminated).toMatchObject({ said: "" });
  expect([terminated.code, exited.code]).not.toContain(7);
  expect(exited.code).not.toBe(3);
}, 60_000);
