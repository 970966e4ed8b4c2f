/** `textune predict --output`: every row once, whatever happens on the way. Needs the build in dist/. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TextClassifier } from "../../src/index.js";
import { saveTwoLayers } from "../support/two-layers.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const ROWS = 4000;
let place: string;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune score "));
  await saveTwoLayers(join(place, "model"), ["bad", "good"]);
  const rows = Array.from({ length: ROWS }, (_, i) => {
    const text = i % 500 === 7 ? "" : `"row ${i}, a ""quoted"" film${i % 3 === 0 ? "\n and a second line" : ""}"`;
    return `0${i},${text},${(i / 8).toFixed(2)}`;
  });
  await writeFile(join(place, "in.csv"), `id,review,price\n${rows.join("\n")}\n`);
}, 120_000);
afterAll(() => rm(place, { recursive: true, force: true }));

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; stderr: string }>;
}

function score(output: string, ...more: string[]): Run {
  const args = ["predict", "model", "--file", "in.csv", "--text", "review", "--output", output, ...more];
  const child = spawn(process.execPath, [main, ...args], { cwd: place });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk));
  return { child, ended: new Promise((resolve) => child.on("close", (code) => resolve({ code, stderr }))) };
}

it("goes on where it was killed, with every row once and every column as it was", async () => {
  const journal = join(place, "scored.jsonl.scoring");
  const textOf = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "");
  for (const [lines, workers] of [
    [1000, "1"],
    [2000, "2"],
  ] as const) {
    const { child, ended } = score("scored.jsonl", "--workers", workers);
    const polling = { timeout: 60_000, interval: 20 } as const;
    // The run before may have left more rows than that: this one has to be at work.
    await expect.poll(() => textOf(`${journal}.lock`), polling).toContain(`${child.pid} `);
    await expect.poll(() => textOf(journal).split("\n").length, polling).toBeGreaterThan(lines);
    // It keeps what it has while it stands still.
    child.kill("SIGSTOP");
    const beside = await score("scored.jsonl").ended;
    expect(beside.code, beside.stderr).toBe(1);
    expect(beside.stderr).toContain(`got another one at work, process ${child.pid} on ${hostname()}; wait for it,`);
    child.kill("SIGKILL");
    await ended;
  }
  expect(existsSync(join(place, "scored.jsonl"))).toBe(false);
  // As when the power fails within a line.
  await writeFile(journal, `${readFileSync(journal, "utf8")}["0`);
  const { code, stderr } = await score("scored.jsonl", "--workers", "2").ended;
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/going on after \d+ rows of an earlier run/);
  expect(readdirSync(place).filter((name) => name.includes("scoring"))).toEqual([]);

  const scored = readFileSync(join(place, "scored.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, string | number | null>);
  expect(scored.map(({ id }) => String(id))).toEqual(Array.from({ length: ROWS }, (_, i) => `0${i}`));
  expect(scored.every(({ price }, i) => String(price) === (i / 8).toFixed(2))).toBe(true);
  const classifier = await TextClassifier.fromPretrained(join(place, "model"));
  const texts = scored.slice(0, 200).map(({ review }) => String(review ?? ""));
  const expected = await classifier.predict(texts);
  await classifier.close();
  for (const [i, text] of texts.entries()) {
    const { predicted, probability } = scored[i];
    if (text === "") expect(predicted ?? null).toBeNull();
    else {
      expect(predicted).toBe(expected[i].label);
      expect(Math.abs(Number(probability) - expected[i].probability)).toBeLessThan(1e-4);
      expect(Math.abs(Number(scored[i]["score bad"]) - expected[i].scores.bad)).toBeLessThan(1e-4);
    }
  }
}, 180_000);

it("does not replace a file, nor go on with the rows of another run", async () => {
  const again = await score("scored.jsonl").ended;
  expect(again.code).toBe(1);
  expect(again.stderr).toMatch(/expected no such file yet/);
  await writeFile(join(place, "other.csv.scoring"), '{"name":"another"}\n');
  const other = await score("other.csv").ended;
  expect(other.code).toBe(1);
  expect(other.stderr).toMatch(/expected the rows of this run, got those of another/);
  expect(existsSync(join(place, "other.csv"))).toBe(false);
  // The data changed after a run was killed.
  await writeFile(
    join(place, "stale.csv.scoring"),
    JSON.stringify({ name: "model", addresses: ["in.csv"], columns: [], stamps: ["1 1"] }),
  );
  const stale = await score("stale.csv").ended;
  expect(stale.stderr).toMatch(/got those of another model or command, or of other data/);
  const wrong = await score("scored.xyz").ended;
  expect(wrong.code).toBe(2);
}, 60_000);
