/** The command line as a user runs it: processes, exit codes, files. Needs the build in dist/, which `npm test` makes. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const tickets = fileURLToPath(new URL("../../examples/data/support-tickets.csv", import.meta.url));

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let place: string;
let data: string;
let classifier: string;

function start(args: readonly string[], input?: string): { child: ChildProcess; outcome: Promise<Outcome> } {
  const child = spawn(process.execPath, [main, ...args], { cwd: place });
  const outcome = new Promise<Outcome>((resolve) => {
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk));
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  child.stdin.end(input ?? "");
  return { child, outcome };
}
const textune = (args: readonly string[], input?: string): Promise<Outcome> => start(args, input).outcome;
const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune cli "));
  data = join(place, "some tickets.csv");
  await writeFile(data, readFileSync(tickets, "utf8").split("\n").slice(0, 61).join("\n"));
  classifier = join(place, "a classifier");
  const trained = await textune([
    "train",
    data,
    "--text",
    "text",
    "--label",
    "label",
    "--output",
    classifier,
    "--epochs",
    "1",
    "--max-length",
    "32",
    "--json",
  ]);
  expect(trained.code, trained.stderr).toBe(0);
  const result = JSON.parse(trained.stdout) as { labels: string[]; epochs: unknown[] };
  expect(result.labels).toEqual(["account", "billing", "delivery", "product", "returns"]);
  expect(result.epochs).toHaveLength(1);
}, 120_000);
afterAll(() => rm(place, { recursive: true, force: true }));

it("writes Hugging Face's layout and nothing beside it", () => {
  expect(readdirSync(classifier).sort()).toEqual(
    expect.arrayContaining(["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]),
  );
  // Runs are recorded elsewhere: see vitest.config.ts.
  expect(readdirSync(place).sort()).toEqual(["a classifier", "some tickets.csv"]);
  const config = JSON.parse(readFileSync(join(classifier, "config.json"), "utf8"));
  expect(config.id2label["1"]).toBe("billing");
  expect(config.label2id.returns).toBe(4);
});

it("evaluates over all rows", async () => {
  const { code, stdout } = await textune([
    "evaluate",
    classifier,
    data,
    "--text",
    "text",
    "--label",
    "label",
    "--json",
  ]);
  expect(code).toBe(0);
  const report = JSON.parse(stdout) as { examples: number; confusion: number[][] };
  expect(report.examples).toBe(60);
  expect(report.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(60);
});

it("finds a threshold and a temperature, keeps them, and predicts by them", async () => {
  const pair = join(place, "two classes");
  const two = join(place, "two.csv");
  const rows = Array.from({ length: 40 }, (_, i) =>
    i % 4 === 0 ? `"free prize ${i}",spam,9` : `"see you at ${i}",ham,1`,
  );
  await writeFile(two, ["text,label,kind", ...rows].join("\n"));
  const columns = ["--text", "text", "--label", "label"];
  await textune(["train", two, ...columns, "--output", pair, "--epochs", "1", "--max-length", "16", "--quiet"]);
  const options = ["--calibrate", "--find-threshold", "recall=1", "--interval", "--slice", "kind"];
  const files = ["--errors", join(place, "errors.jsonl"), "--metrics", "rocAuc:spam"];
  const found = await textune(["evaluate", pair, two, ...columns, ...options, ...files, "--json"]);
  expect(found.code, found.stderr).toBe(0);
  const report = JSON.parse(found.stdout) as {
    readonly perClass: readonly { readonly recall: number; readonly rocAuc: number }[];
    readonly decision: { readonly threshold: number; readonly temperature: number };
    readonly interval: { readonly metric: string; readonly low: number; readonly high: number };
    readonly slices: readonly { readonly value: string; readonly rows: number }[];
  };
  expect(report.perClass[1].recall).toBe(1);
  expect(report.perClass[1].rocAuc).toBeGreaterThanOrEqual(0);
  expect(report.interval.metric).toBe("macroF1");
  expect(report.slices.map(({ value, rows: count }) => `${value}: ${count}`).sort()).toEqual(["1: 30", "9: 10"]);
  const config = JSON.parse(readFileSync(join(pair, "config.json"), "utf8"));
  expect(config.textune.decision).toEqual(report.decision);
  const [first] = lines((await textune(["predict", pair, "free prize 0", "--json"])).stdout);
  expect(JSON.parse(first as string)).toMatchObject({ label: "spam" });
  const table = (await textune(["evaluate", pair, two, ...columns, "--threshold", "1"])).stdout;
  expect(table).toContain('majority-class accuracy  0.7500  (always answering "ham")');
  const refused = await textune(["evaluate", pair, two, ...columns, "--metrics", "rmse"]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("one of regression models");
  const nowhere = await textune(["evaluate", "some/model", two, ...columns, "--calibrate"]);
  expect(nowhere.stderr).toContain("add --no-store");
  const many = await textune(["evaluate", classifier, data, ...columns, "--threshold", "0.3"]);
  expect(many.code).toBe(2);
  expect(many.stderr).toContain("got one of 5 classes");
  await rm(pair, { recursive: true });
  await Promise.all([two, join(place, "errors.jsonl")].map((path) => rm(path, { force: true })));
});

it("evaluates numbers", async () => {
  const scores = join(place, "scores.csv");
  const model = join(place, "numbers");
  await writeFile(scores, ["text,label", ...Array.from({ length: 24 }, (_, i) => `film ${i},${i / 10}`)].join("\n"));
  const columns = ["--text", "text", "--label", "label"];
  const trained = await textune(["train", scores, ...columns, "--output", model, "--epochs", "1", "--max-length", "8"]);
  expect(trained.code, trained.stderr).toBe(0);
  const { code, stdout, stderr } = await textune(["evaluate", model, scores, ...columns, "--json"]);
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ family: "regression", examples: 24 });
  const refused = await textune(["evaluate", model, scores, ...columns, "--plots", join(place, "plots")]);
  expect(refused.stderr).toContain("--plots: expected a model of classes or labels, got a regression");
  const worst = join(place, "worst.jsonl");
  const listed = await textune(["evaluate", model, scores, ...columns, "--errors", worst]);
  expect(listed.stderr).toContain("24 rows are in");
  const [first, ...others] = lines(readFileSync(worst, "utf8")).map((line) => JSON.parse(line));
  expect(first).toMatchObject({ text: expect.stringMatching(/^film/), label: expect.any(String), suggested: "" });
  for (const { loss } of others) expect(loss).toBeLessThanOrEqual(first.loss);
  await Promise.all([model, scores, worst].map((path) => rm(path, { recursive: true })));
});

it("predicts the same from arguments, standard input and files, in their order", async () => {
  const texts = ["Where is my parcel?", "日本語 😀", "I was charged twice."];
  await writeFile(join(place, "texts.txt"), texts.join("\n"));
  const runs = [
    await textune(["predict", classifier, ...texts, "--json"]),
    await textune(["predict", classifier, "--json"], texts.join("\n")),
    await textune(["predict", classifier, "--file", "texts.txt", "--json"]),
  ];
  await rm(join(place, "texts.txt"));
  for (const { code, stderr } of runs) expect(code, stderr).toBe(0);
  const [first, ...others] = runs.map(({ stdout }) =>
    lines(stdout).map(
      (line) => JSON.parse(line) as { text: string; probability: number; scores: Record<string, number> },
    ),
  );
  expect(first.map(({ text }) => text)).toEqual(texts);
  for (const { scores } of first)
    expect(Object.values(scores).reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 9);
  for (const other of others) expect(other).toEqual(first);
});

it("says that a text was cut", async () => {
  const { stderr } = await textune(["predict", classifier, "word ".repeat(20_000)]);
  expect(stderr).toContain("1 of 1 texts are longer than 32 tokens");
});

describe("wrong use ends with one line and its exit code", () => {
  const cases: readonly [string, (file: string) => string[], number, RegExp][] = [
    ["a missing file", () => ["train", "nothing.csv", "--output", "out"], 1, /nothing\.csv/],
    [
      "a wrong column",
      (file) => ["train", file, "--text", "txet", "--label", "label", "--output", "out"],
      1,
      /did you mean "text"/,
    ],
    [
      "a learning rate that is no number",
      (file) => ["train", file, "--output", "out", "--learning-rate", "NaN"],
      2,
      /--learning-rate/,
    ],
    ["an unknown option", (file) => ["train", file, "--output", "out", "--learnin-rate", "1"], 2, /--learning-rate/],
    ["no output folder", (file) => ["train", file], 2, /--output/],
    ["an unknown command", () => ["trian"], 2, /train/],
    ["a folder that is no classifier", () => ["predict", "./nowhere", "text"], 1, /nowhere/],
    [
      "an output folder with other files in it",
      (file) => ["train", file, "--text", "text", "--label", "label", "--output", "."],
      2,
      /expected a new or empty folder/,
    ],
  ];
  it.each(cases)("%s", async (_name, args, code, said) => {
    const outcome = await textune(args(data));
    expect(outcome.code).toBe(code);
    expect(outcome.stdout).toBe("");
    expect(lines(outcome.stderr).at(-1)).toMatch(said);
    expect(outcome.stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(join(place, "out"))).toBe(false);
  });
});

it("ends a training on Ctrl-C and leaves nothing half-written", async () => {
  const { child, outcome } = start([
    "train",
    tickets,
    "--text",
    "text",
    "--label",
    "label",
    "--output",
    "stopped",
    "--epochs",
    "50",
  ]);
  await new Promise<void>((resolve) =>
    child.stderr?.on("data", (chunk: Buffer) => String(chunk).includes("step") && resolve()),
  );
  child.kill("SIGINT");
  const { code, stderr } = await outcome;
  expect(code, stderr).toBe(130);
  expect(stderr).toContain("there is no classifier yet; go on by the same command with --resume");
  expect(readdirSync(place).filter((name) => name.includes("stopped"))).toEqual(["stopped.checkpoints"]);
}, 60_000);
