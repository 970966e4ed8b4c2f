/** `textune export` as a user runs it. Needs the build in dist/, which `npm test` makes. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { saveTwoLayers } from "../support/two-layers.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
let place: string;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune export cli "));
  await saveTwoLayers(join(place, "a classifier"), ["bad", "good"]);
}, 120_000);
afterAll(() => rm(place, { recursive: true, force: true }));

function textune(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [main, ...args], { cwd: place });
  return new Promise((resolve) => {
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk));
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

it("writes the models that are asked for, which predict then", async () => {
  const exported = await textune("export", "a classifier", "--to", "small", "--dtype", "q8,q4", "--json");
  expect(exported.code, exported.stderr).toBe(0);
  const { files } = JSON.parse(exported.stdout) as { files: { file: string; bytes: number }[] };
  expect(files.map(({ file }) => file)).toEqual(["onnx/model_quantized.onnx", "onnx/model_q4.onnx"]);
  expect(readdirSync(join(place, "small")).sort()).toEqual([
    "config.json",
    "onnx",
    "tokenizer.json",
    "tokenizer_config.json",
  ]);
  const predicted = await textune("predict", "small", "A wonderful film", "--json");
  const original = await textune("predict", "a classifier", "A wonderful film", "--json");
  const [a, b] = [predicted, original].map(
    ({ stdout }) => JSON.parse(stdout) as { label: string; probability: number },
  );
  expect(a.label).toBe(b.label);
  expect(Math.abs(a.probability - b.probability)).toBeLessThan(0.03);
});

it.each([
  ["an unknown dtype", ["--to", "out", "--dtype", "q9"], 2, /--dtype: expected fp32, q8, .*, got "q9"/],
  ["no folder", [], 2, /--to/],
  ["operators that do not exist", ["--to", "out", "--operators", "all"], 2, /one of standard, onnxruntime/],
  ["a folder with other things in it", ["--to", "."], 2, /expected a new or empty folder/],
  ["a check without labels that fit", ["--to", "out", "--check", "nothing.csv"], 1, /nothing\.csv/],
] as const)("%s is said in one line, and nothing is written", async (_name, args, code, said) => {
  const outcome = await textune("export", "a classifier", ...args);
  expect(outcome.stderr.trim().split("\n").at(-1)).toMatch(said);
  expect(outcome.code).toBe(code);
  expect(existsSync(join(place, "out"))).toBe(false);
});
