/** What a training leaves beside its classifier. Needs the build in dist/, which `npm test` makes. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TrainingRecord } from "../../src/workflows/training-record.js";
import { writeVariant } from "../support/golden-checkpoints.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const tickets = fileURLToPath(new URL("../../examples/data/support-tickets.csv", import.meta.url));
const run = promisify(execFile);

let place = "";
const textune = (...args: readonly string[]) => run(process.execPath, [main, ...args], { cwd: place });
const weightsIn = (folder: string): Promise<Buffer> => readFile(join(place, folder, "model.safetensors"));
const recordIn = async (folder: string): Promise<TrainingRecord> =>
  JSON.parse(await readFile(join(place, folder, "training.json"), "utf8")) as TrainingRecord;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune record "));
  await writeVariant("float32", join(place, "model"));
  const rows = (await readFile(tickets, "utf8")).split("\n").slice(0, 121);
  await writeFile(join(place, "tickets.csv"), `${rows.join("\n")}\n`);
  const options = ["--epochs", "2", "--max-length", "16", "--learning-rate", "1e-3", "--class-weights", "balanced"];
  await textune("train", "tickets.csv", "--model", "model", "--output", "mine", "--test-split", "0.2", ...options);
}, 120_000);
afterAll(() => rm(place, { recursive: true, force: true }));

describe("training.json", () => {
  it("says what was done: options, data, history, results with intervals, versions", async () => {
    const record = await recordIn("mine");
    expect(record.options).toMatchObject({ epochs: 2, learningRate: 1e-3, classWeights: "balanced", seed: 42 });
    expect(record.config).toMatchObject({ data: ["tickets.csv"], model: "model", testSplit: 0.2 });
    expect(record.config).not.toHaveProperty("output");
    expect(record.history.epochs).toHaveLength(2);
    const { train, validation, test } = record.data;
    expect([train.rows, validation?.rows, test?.rows].reduce((sum, rows) => (sum as number) + (rows as number))).toBe(
      120,
    );
    expect(Object.values(train.classes).reduce((sum, count) => sum + count)).toBe(train.rows);
    expect(record.notices.join()).toMatch(/longer than 16 tokens/);
    expect(record.results?.part).toBe("test");
    for (const { metric, value, low, high } of record.results?.metrics ?? []) {
      expect(low, metric).toBeLessThanOrEqual(value);
      expect(high, metric).toBeGreaterThanOrEqual(value);
    }
    expect(record.versions.node).toBe(process.versions.node);
  });

  it("repeats the training with --config, to the bit, and goes with the folder that is replaced", async () => {
    await textune("train", "--config", join("mine", "training.json"), "--output", "again");
    expect((await weightsIn("again")).equals(await weightsIn("mine"))).toBe(true);
    await textune(
      "train",
      "--config",
      join("mine", "training.json"),
      "--output",
      "again",
      "--overwrite",
      "--seed",
      "7",
    );
    expect((await weightsIn("again")).equals(await weightsIn("mine"))).toBe(false);
    expect((await recordIn("again")).options.seed).toBe(7);
  }, 120_000);
});

describe("the model card", () => {
  it("has the hub's metadata, the figures, what was cut, and how to use the classifier", async () => {
    const card = await readFile(join(place, "mine", "README.md"), "utf8");
    const [, metadata, body] = /^---\n(.*?)\n---\n(.*)$/s.exec(card) as unknown as [string, string, string];
    for (const line of ["library_name: transformers", "pipeline_tag: text-classification", "language: en"])
      expect(metadata.split("\n")).toContain(line);
    const { results, data } = await recordIn("mine");
    const accuracy = results?.metrics.find(({ metric }) => metric === "accuracy");
    expect(metadata).toContain(`          - type: accuracy\n`);
    expect(metadata).toContain(`            value: ${accuracy?.value}`);
    expect(metadata).not.toContain("base_model");
    expect(body).toContain(`| accuracy | ${accuracy?.value.toFixed(4)} | `);
    expect(body).toContain(data.train.fingerprint);
    expect(body).toMatch(/^- .*longer than 16 tokens/m);
    expect(body).toContain('TextClassifier.fromPretrained("mine")');
    expect(body).toContain('pipeline("text-classification", model="mine")');
    expect(body).toContain('`classWeights` "balanced"');
    expect(card).not.toContain(place);
  });
});
