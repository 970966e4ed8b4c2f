/** What an export is measured by, and what a smaller vocabulary changes, on real texts. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Dataset, fromArrays, type Prediction, readDataset, TextClassifier } from "../../src/index.js";
import { loadTokenizer } from "../../src/tokenizers/tokenizer.js";
import { saveTwoLayers } from "../support/two-layers.js";

const LABELS = ["account", "billing", "delivery", "product", "returns"];
const tickets = fileURLToPath(new URL("../../examples/data/support-tickets.csv", import.meta.url));

let place: string;
let classifier: TextClassifier;
let texts: string[];
/** Each text with the class that the classifier gives it: what another model gets wrong is what exporting changed. */
let check: Dataset;
let expected: Prediction[];

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune check "));
  const data = await readDataset(tickets, { text: "text", label: "label" });
  const { train, test } = data.split({ test: 500, stratify: true, seed: 1 });
  await saveTwoLayers(join(place, "original"), LABELS);
  classifier = await TextClassifier.fromPretrained(join(place, "original"));
  await classifier.fit(train, { track: false, epochs: 6, learningRate: 1e-3, maxLength: 32 });
  texts = Array.from({ length: 60 }, (_, row) => test.text(row));
  expected = await classifier.predict(texts);
  expect(new Set(expected.map(({ label }) => label)).size).toBeGreaterThan(2);
  check = fromArrays(
    texts,
    expected.map(({ label }) => label),
    { labels: LABELS },
  );
}, 240_000);
afterAll(async () => {
  await classifier.close();
  await rm(place, { recursive: true, force: true });
});

describe("the check", () => {
  it("finds float32 unchanged, and 4 bits not", async () => {
    const { check: rows, files } = await classifier.export(join(place, "checked"), {
      dtype: "fp32,q4",
      check,
      maxDrop: 1,
    });
    const [original, fp32, q4] = rows ?? [];
    expect(original).toMatchObject({ model: "original", agreement: 1, largestChange: 0, drop: 0 });
    expect(original.metrics.accuracy).toEqual({ value: 1, low: 1, high: 1 });
    expect(fp32).toMatchObject({ model: "fp32", agreement: 1, drop: 0, bytes: files[0].bytes });
    expect(fp32.largestChange).toBeLessThan(1e-5);
    expect(q4.largestChange).toBeGreaterThan(1e-4);
    // All labels are the original's answers: then accuracy is agreement.
    expect(q4.metrics.accuracy.value).toBe(q4.agreement);
    expect(q4.drop).toBeGreaterThanOrEqual(1 - q4.agreement);
    expect(q4.textsPerSecond[32]).toBeGreaterThan(0);
    expect(statSync(join(place, "checked", files[1].file)).size).toBe(files[1].bytes);
  });

  it("writes nothing when more is lost than allowed", async () => {
    // Without the words of the check every text comes apart in single letters.
    const noWords = fromArrays(["x"], [LABELS[0]], { labels: LABELS });
    const folder = join(place, "refused");
    await expect(classifier.export(folder, { dtype: ["fp32"], check, trimVocabulary: noWords })).rejects.toMatchObject({
      code: "E_TRAINING",
      message: expect.stringMatching(/quality check of fp32: .*at most 0\.01, got fp32 0\.\d+; nothing was written/),
    });
    expect(readdirSync(place).sort()).toEqual(["checked", "original"]);
  });
});

describe("a trimmed vocabulary", () => {
  it("gives the same answers on texts of its words, and pieces for other words", async () => {
    const folder = join(place, "trimmed");
    const { vocabulary, files } = await classifier.export(folder, { dtype: "fp32", trimVocabulary: check, check });
    expect(vocabulary?.before).toBe(30522);
    expect(vocabulary?.after).toBeLessThan(4000);
    expect(files[0].bytes).toBeLessThan(0.6 * statSync(join(place, "checked", files[0].file)).size);
    const trimmed = await TextClassifier.fromPretrained(folder);
    const again = await trimmed.predict(texts);
    for (const [i, { scores }] of again.entries())
      for (const name of LABELS) expect(Math.abs(scores[name] - expected[i].scores[name])).toBeLessThan(1e-5);
    await trimmed.close();
    const tokenizer = loadTokenizer({ "tokenizer.json": readFileSync(join(folder, "tokenizer.json"), "utf8") });
    expect(tokenizer.tokenize("zebra")).toEqual(expect.not.arrayContaining(["zebra", "[UNK]"]));
    expect(tokenizer.decode(tokenizer.encode("zebra", { maxLength: 16 }).ids)).toContain("zebra");
  });
});
