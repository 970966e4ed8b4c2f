import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeRandomCheckpoint } from "../../tests/support/random-checkpoint.js";
import { datasetFrom } from "../data/dataset/dataset-from.js";
import type { ProblemType } from "../tasks/registry.js";
import { TextClassifier } from "./node/text-classifier.js";

const folder = mkdtempSync(join(tmpdir(), "explain-"));
const LABELS = ["bad", "fair", "good"];
const opened: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(opened.map((one) => one.close())));

async function open<P extends ProblemType = "single_label_classification">(
  name: string,
  labels = LABELS,
  options: { readonly problemType?: P; readonly pooling?: "mean" } = {},
) {
  const path = join(folder, name);
  await writeRandomCheckpoint(name, path, LABELS);
  const classifier = await TextClassifier.fromPretrained<P>(path, { labels, threads: 1, ...options });
  opened.push(classifier);
  return classifier;
}
const TEXT = "The naïve film wasn't bad, 10 out of 10!";

describe.each(["electra", "roberta", "deberta-v3", "modernbert-mean", "albert-v2"])("%s", (name) => {
  it("adds up to what the text says more than padding does, and names parts of the text", async () => {
    const classifier = await open(name);
    const { label, scores } = await classifier.predict(TEXT);
    const explanation = await classifier.explain(TEXT, { steps: 300 });
    const { tokens, words, value, baselineValue, error } = explanation;
    expect(explanation.label).toBe(label);
    expect(Math.abs(error ?? 1)).toBeLessThan(1e-3);
    const sum = (parts: readonly { score: number }[]) => parts.reduce((total, { score }) => total + score, 0);
    expect(sum(tokens)).toBeCloseTo(value - baselineValue, 2);
    expect(sum(words)).toBeCloseTo(sum(tokens), 9);
    for (const { text, start, end } of [...tokens, ...words]) expect(TEXT.slice(start, end)).toBe(text);
    const shown = words.map(({ text }) => text).filter((text) => text.trim() !== "");
    expect(shown).toEqual(["The", "naïve", "film", "wasn't", "bad", ",", "10", "out", "of", "10", "!"]);
    // The value is the logit: the probabilities follow from those of all classes.
    const values = await Promise.all(LABELS.map((one) => classifier.explain(TEXT, { label: one, steps: 1 })));
    const powers = values.map((one) => Math.exp(one.value));
    const total = powers.reduce((all, power) => all + power, 0);
    for (const [i, one] of LABELS.entries()) expect(powers[i] / total).toBeCloseTo(scores[one], 5);
  });
});

it("explains either of two classes that one output tells, as opposites", async () => {
  const classifier = await open("electra", ["no", "yes"], { problemType: "binary_classification" });
  const [no, yes] = [await classifier.explain(TEXT, { label: "no" }), await classifier.explain(TEXT, { label: "yes" })];
  expect(no.value).toBe(-yes.value);
  expect(no.tokens.map(({ score }) => -score)).toEqual(yes.tokens.map(({ score }) => score));
});

it("explains a head of one's own, a number, several labels, and pairs text by text", async () => {
  const number = await open("electra", ["stars"], { problemType: "regression" });
  expect((await number.explain(TEXT)).label).toBe("stars");
  const labels = await open("electra", LABELS, { problemType: "multi_label_classification", pooling: "mean" });
  const { scores } = await labels.predict(TEXT);
  const best = Math.max(...Object.values(scores));
  expect(scores[(await labels.explain(TEXT)).label]).toBe(best);
  const pair = { text: "a good film", textPair: "a bad film" };
  const { tokens, words, error } = await labels.explain(pair, { steps: 200 });
  for (const { text, start, end, of } of tokens) expect(pair[of].slice(start, end)).toBe(text);
  expect(words.map(({ text, of }) => `${of} ${text}`)).toEqual(
    (["text", "textPair"] as const).flatMap((of) => pair[of].split(" ").map((word) => `${of} ${word}`)),
  );
  expect(Math.abs(error ?? 1)).toBeLessThan(1e-3);
});

it("needs no sum for gradient times input, and refuses what it cannot explain", async () => {
  const classifier = await open("electra");
  expect((await classifier.explain(TEXT, { method: "gradientTimesInput" })).error).toBeUndefined();
  expect((await classifier.explain("")).tokens).toEqual([]);
  await expect(classifier.explain(TEXT, { label: "godo" })).rejects.toThrow(
    'label: expected one of the classes, got godo; did you mean "good"?',
  );
  await expect(classifier.explain(TEXT, { steps: 0 })).rejects.toThrow("steps");
  await expect(classifier.explain(7 as unknown as string)).rejects.toThrow("explain: expected a text");
});

it("explains the weights that a training has made", async () => {
  const classifier = await open("electra");
  const before = await classifier.explain(TEXT, { label: "good" });
  const train = datasetFrom(LABELS.map((label) => ({ text: `a ${label} film`, label })));
  await classifier.fit(train, { epochs: 3, learningRate: 0.01, maxLength: 24, threads: 1 });
  const after = await classifier.explain(TEXT, { label: "good" });
  expect(after.value).not.toBe(before.value);
});
