import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { goldenCheckpoints, writeVariant } from "../../tests/support/golden-checkpoints.js";
import { findThreshold } from "../analysis/find-threshold.js";
import { fitTemperature } from "../analysis/temperature.js";
import { fromArrays } from "../data/dataset/dataset-from.js";
import { createMetrics } from "../metrics/create-metrics.js";
import { atTemperature } from "../metrics/outputs.js";
import { TextClassifier } from "./node/text-classifier.js";

const { texts } = goldenCheckpoints;
const LABELS = ["ham", "spam"];
const rows = Array.from({ length: 24 }, (_, i) => texts[i % texts.length]);
const dataset = fromArrays(
  rows,
  rows.map((_, i) => LABELS[i % 2]),
  { labels: LABELS },
);

let place: string;
let classifier: TextClassifier;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune decision "));
  await writeVariant("float32", join(place, "model"));
  classifier = await TextClassifier.fromPretrained(join(place, "model"), { labels: LABELS, threads: 1 });
});
afterAll(async () => {
  await classifier.close();
  await rm(place, { recursive: true, force: true });
});

it("outputs have the report of evaluate", async () => {
  const outputs = await classifier.outputs(dataset);
  const metrics = createMetrics(outputs.family, outputs.labels, { metrics: ["rocAuc"] });
  metrics.update(outputs.targets, outputs.logits);
  const report = await classifier.evaluate(dataset, { metrics: ["rocAuc"] });
  const { loss, ...others } = metrics.result();
  expect(report).toMatchObject(others);
  expect(report.loss).toBeCloseTo(loss, 6);
});

it("a threshold decides, and a temperature changes probabilities and no answer", async () => {
  const plain = await classifier.predict(rows);
  const least = Math.min(...plain.map(({ scores }) => scores.spam));
  classifier.decide({ threshold: least });
  expect((await classifier.predict(rows)).every(({ label }) => label === "spam")).toBe(true);
  expect((await classifier.evaluate(dataset)).perClass[1].recall).toBe(1);
  expect((await classifier.evaluate(dataset, { threshold: 1 })).perClass[1].recall).toBe(0);
  classifier.decide({ temperature: 1e6 });
  const warm = await classifier.predict(rows);
  for (const [i, { label, probability }] of warm.entries()) {
    expect(label).toBe(plain[i].label);
    expect(probability).toBeCloseTo(0.5, 3);
  }
  expect((await classifier.evaluate(dataset)).loss).toBeCloseTo(Math.log(2), 3);
});

it("what was found is kept in config.json, used after opening, and forgotten by another training", async () => {
  const outputs = await classifier.outputs(dataset);
  const temperature = fitTemperature(outputs);
  const [{ threshold, f1 }] = findThreshold(atTemperature(outputs, temperature));
  classifier.decide({ temperature, threshold });
  const folder = join(place, "decided");
  await classifier.save(folder);
  const stored = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as { textune: { decision: unknown } };
  expect(stored.textune.decision).toEqual({ temperature, threshold });
  const again = await TextClassifier.fromPretrained(folder, { threads: 1 });
  expect(again.decision).toEqual({ temperature, threshold });
  expect((await again.evaluate(dataset)).perClass[1].f1).toBeCloseTo(f1, 10);
  expect(await again.predict(rows)).toEqual(await classifier.predict(rows));
  await again.fit(dataset, { epochs: 1, maxLength: 16, threads: 1 });
  expect(again.decision).toEqual({});
  await again.close();
  const others = await TextClassifier.fromPretrained(folder, { labels: ["a", "b", "c"], threads: 1 });
  expect(others.decision).toEqual({});
  await others.close();
});

it("a decision that cannot be is refused, from a program and from a file", async () => {
  expect(() => classifier.decide({ threshold: 1.5 })).toThrow(/threshold/);
  expect(() => classifier.decide({ temperature: 0 })).toThrow(/temperature/);
  expect(() => classifier.decide({ threshold: [0.1, 0.2] })).toThrow(/a probability from 0 to 1/);
  await expect(classifier.evaluate(dataset, { metrics: ["rmse"] })).rejects.toThrow(/one of regression models/);
  const folder = join(place, "wrong");
  classifier.decide({ threshold: 0.5 });
  await classifier.save(folder);
  const path = join(folder, "config.json");
  await writeFile(path, (await readFile(path, "utf8")).replace('"threshold": 0.5', '"threshold": "half"'));
  await expect(TextClassifier.fromPretrained(folder)).rejects.toThrow(/config.json, textune.decision.threshold/);
});
