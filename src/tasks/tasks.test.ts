import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goldenCheckpoints, writeVariant } from "../../tests/support/golden-checkpoints.js";
import type { FitOptions } from "../classifier/fit-options.js";
import { TextClassifier } from "../classifier/node/text-classifier.js";
import type { Dataset } from "../data/dataset/dataset.js";
import { datasetFrom } from "../data/dataset/dataset-from.js";
import { likelyLabels, moreProbable, mostProbable, numbersOf } from "./prediction.js";
import { storedTask, taskNamed } from "./registry.js";

const { texts } = goldenCheckpoints;
const OPTIONS: FitOptions = { epochs: 60, batchSize: 8, learningRate: 3e-3, maxLength: 16, dropout: 0, threads: 1 };
const rows = Array.from({ length: 24 }, (_, i) => ({ text: texts[i % texts.length] as string, at: i % texts.length }));

let place: string;
let model: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune tasks "));
  model = join(place, "model");
  await writeVariant("without prefix and head", model);
});
afterAll(() => rm(place, { recursive: true, force: true }));

const classes = (): Dataset => datasetFrom(rows.map(({ text, at }) => ({ text, label: at % 2 === 0 ? "no" : "yes" })));
const several = (): Dataset =>
  datasetFrom(rows.map(({ text, at }) => ({ text, label: ["a", "b"].filter((_, bit) => (at >> bit) % 2 === 1) })));
const numbers = (): Dataset => datasetFrom(rows.map(({ text, at }) => ({ text, label: at / 4 - 0.5 })));

/** Trains, saves and opens again; the same answers before and after. */
async function wayOf<T extends TextClassifier<never>>(classifier: T, train: Dataset, options: FitOptions = {}) {
  const history = await classifier.fit(train, { ...OPTIONS, ...options });
  const folder = join(await mkdtemp(join(place, "way ")), "saved");
  await classifier.save(folder);
  const config = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as Record<string, unknown>;
  const opened = await TextClassifier.fromPretrained(folder, { threads: 1 });
  expect(opened.problemType).toBe(classifier.problemType);
  expect(opened.labels).toEqual(classifier.labels);
  expect(await opened.predict(texts)).toEqual(await classifier.predict(texts));
  await opened.close();
  return { history, config };
}

describe("a task of its own is learned, saved for Python too, and opened", () => {
  it("two classes by one output", async () => {
    const train = classes();
    const options = { labels: train.labels, problemType: "binary_classification", threads: 1 } as const;
    const classifier = await TextClassifier.fromPretrained(model, options);
    const { config } = await wayOf(classifier as never, train);
    expect(config.problem_type).toBe("multi_label_classification");
    expect(config.id2label).toEqual({ "0": "yes" });
    const predictions = await classifier.predict(texts);
    for (const [at, { label, probability, scores }] of predictions.entries()) {
      expect(label).toBe(at % 2 === 0 ? "no" : "yes");
      expect(probability).toBeGreaterThan(0.5);
      expect(scores.no + scores.yes).toBeCloseTo(1, 12);
    }
    expect((await classifier.evaluate(train)).accuracy).toBe(1);
    await classifier.close();
  });

  it("several labels a text", async () => {
    const train = several();
    const classifier = await TextClassifier.fromPretrained<"multi_label_classification">(model, {
      labels: train.labels,
      threads: 1,
    });
    const { config } = await wayOf(classifier as never, train, { epochs: 150 });
    expect(config.problem_type).toBe("multi_label_classification");
    expect(config.id2label).toEqual({ "0": "a", "1": "b" });
    const wanted = texts.map((_, at) => ["a", "b"].filter((_, bit) => (at >> bit) % 2 === 1));
    expect((await classifier.predict(texts)).map(({ labels }) => labels)).toEqual(wanted);
    const report = await classifier.evaluate(train);
    expect([report.family, report.accuracy, report.hammingLoss]).toEqual(["multi-label", 1, 0]);
    await classifier.close();
  });

  it("numbers", async () => {
    const train = numbers();
    const classifier = await TextClassifier.fromPretrained<"regression">(model, { labels: train.labels, threads: 1 });
    const { config } = await wayOf(classifier as never, train);
    expect([config.problem_type, config.id2label]).toEqual(["regression", { "0": "value" }]);
    for (const [at, { value, values }] of (await classifier.predict(texts)).entries()) {
      expect(value).toBeCloseTo(at / 4 - 0.5, 0);
      expect(values).toEqual({ value });
    }
    expect((await classifier.evaluate(train)).mae).toBeLessThan(0.1);
    await classifier.close();
  });
});

describe("the loss of the options", () => {
  const open = () => TextClassifier.fromPretrained(model, { labels: ["no", "yes"], threads: 1 });
  const firstLoss = async (options: FitOptions): Promise<number> => {
    const classifier = await open();
    const { losses } = await classifier.fit(classes(), { ...OPTIONS, epochs: 1, batchSize: 24, ...options });
    await classifier.close();
    return losses[0] as number;
  };

  it("weighs classes: a class that counts for nothing has no loss, and equal weights change none", async () => {
    const plain = await firstLoss({});
    expect(await firstLoss({ classWeights: { no: 3, yes: 3 } })).toBeCloseTo(plain, 5);
    const [no, yes] = [await firstLoss({ classWeights: ["yes=0"] }), await firstLoss({ classWeights: { no: 0 } })];
    expect(Math.min(no, yes)).toBeLessThan(plain);
    expect(Math.max(no, yes)).toBeGreaterThan(plain);
    // As many rows of each: their means weigh the same.
    expect((no + yes) / 2).toBeCloseTo(plain, 5);
    expect(await firstLoss({ classWeights: "balanced" })).toBeCloseTo(plain, 5);
  });

  it("computed in parts is that of the whole, weights included", async () => {
    const weighted: FitOptions = { classWeights: { yes: 5 } };
    expect(await firstLoss({ ...weighted, tokensPerPass: 48 })).toBeCloseTo(await firstLoss(weighted), 5);
  });

  it("is focal, or smoothed", async () => {
    const plain = await firstLoss({});
    expect(await firstLoss({ loss: "focal", focalGamma: 0 })).toBeCloseTo(plain, 5);
    expect(await firstLoss({ loss: "focal" })).toBeLessThan(0.6 * plain);
    expect(await firstLoss({ labelSmoothing: 0.1 })).not.toBeCloseTo(plain, 5);
  });

  it.each<[FitOptions, string]>([
    [{ loss: "hinge" }, 'loss "hinge"'],
    [{ loss: "mse" }, 'loss "mse"'],
    [{ classWeights: { maybe: 2 } }, 'option classWeights: expected labels of the data, got "maybe"'],
    [{ classWeights: ["yes"] }, "LABEL=WEIGHT"],
    [{ classWeights: { yes: -1 } }, "a number of at least 0"],
    [{ focalGamma: 2 }, "option focalGamma: expected the focal loss"],
    [{ metricForBestModel: "mae" }, "mae"],
  ])("%o is refused before training", async (options, message) => {
    const classifier = await open();
    await expect(classifier.fit(classes(), { ...OPTIONS, ...options })).rejects.toThrow(message);
    await classifier.close();
  });
});

describe("data of another kind than the task's is refused in words", () => {
  it.each<[string, () => Dataset, string]>([
    ["single_label_classification", several, "several classes in a row"],
    ["single_label_classification", numbers, "numbers"],
    ["multi_label_classification", classes, "one class in each row"],
    ["regression", classes, "one class in each row"],
  ])("%s", (name, data, got) => {
    expect(() => taskNamed(name).checkTrainable(data())).toThrow(got);
  });

  it("and so are names that are no task, and more than two classes for one output", async () => {
    expect(() => taskNamed("regresion")).toThrow('did you mean "regression"?');
    expect(() => taskNamed("binary_classification").checkLabels(["a", "b", "c"])).toThrow("expected two classes");
  });
});

describe("what a stored model is for", () => {
  it.each([
    [{ problem_type: "regression" }, 1, "regression"],
    [{ problem_type: "multi_label_classification" }, 4, "multi_label_classification"],
    [{}, 1, "regression"],
    [{ problem_type: null }, 3, "single_label_classification"],
  ])("%o with %d outputs", (config, outputs, name) => {
    expect(storedTask(config, undefined, outputs, "model").name).toBe(name);
  });
});

describe("a row of logits", () => {
  it("is read as its task says", () => {
    expect(mostProbable([1, 3, 3], ["a", "b", "c"]).label).toBe("b");
    expect(moreProbable([Math.log(3)], ["no", "yes"]).scores.yes).toBeCloseTo(0.75, 12);
    expect(moreProbable([Math.log(3)], ["no", "yes"], { threshold: 0.8 })).toMatchObject({ label: "no" });
    expect(likelyLabels([0, -1, 2], ["a", "b", "c"]).labels).toEqual(["a", "c"]);
    expect(likelyLabels([0, -1, 2], ["a", "b", "c"], { threshold: [0.6, 0.2, 0.9] }).labels).toEqual(["b"]);
    expect(numbersOf([1.5, -2], ["x", "y"])).toEqual({ value: 1.5, values: { x: 1.5, y: -2 } });
  });

  it("that holds no number is no answer", () => {
    for (const read of [mostProbable, likelyLabels, numbersOf])
      expect(() => read([Number.NaN, 1], ["a", "b"])).toThrow("expected finite scores, got NaN");
  });
});
