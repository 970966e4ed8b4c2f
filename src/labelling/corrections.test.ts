import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Dataset } from "../data/dataset/dataset.js";
import { datasetFrom } from "../data/dataset/dataset-from.js";
import { readParts } from "../workflows/node/data-parts.js";
import { correctionsOf, correctLabels } from "./corrections.js";
import { rowHash, textHash } from "./decisions.js";
import { labelOfRow } from "./row-label.js";

const at = "2026-01-02T03:04:05Z";
const say = (text: string, label: string, row = 0) => ({
  ...{ action: "label" as const, row, text: textHash(text), label, at },
});
const data = datasetFrom([
  { text: "one", label: "ham" },
  { text: "two", label: "spam" },
  { text: "one", label: "spam" },
  { text: "three", label: "ham" },
]);

it("corrects every row of a text, by the latest correction that stands", () => {
  const corrections = correctionsOf([
    say("two", "ham"),
    say("one", "ham"),
    say("one", "spam"),
    say("three", "spam"),
    { action: "undo", at },
    { action: "skip", row: 3, text: textHash("three"), at },
  ]);
  const { dataset, rows } = correctLabels(data, corrections);
  expect([...dataset].map(({ text, label }) => [text, label])).toEqual([
    ["one", "spam"],
    ["two", "ham"],
    ["one", "spam"],
    ["three", "ham"],
  ]);
  expect(rows).toBe(2);
  expect(dataset.fingerprint).not.toBe(data.fingerprint);
  // What it was made of stays as it was.
  expect([...data].map(({ label }) => label)).toEqual(["ham", "spam", "spam", "ham"]);
  expect(correctLabels(dataset.select([3, 0]), correctionsOf([say("one", "ham")])).dataset.label(1)).toBe("ham");
});

it("knows a pair by both texts", () => {
  const pairs = datasetFrom([
    { text: "one", textPair: "a", label: "yes" },
    { text: "one", textPair: "b", label: "no" },
  ]);
  const corrections = correctionsOf([{ ...say("", "no"), text: rowHash(pairs, 0) }]);
  expect([...correctLabels(pairs, corrections).dataset].map(({ label }) => label)).toEqual(["no", "no"]);
});

const several = datasetFrom([
  { text: "one", label: ["ham", "spam"] },
  { text: "two", label: ["ham"] },
  { text: "three", label: [] },
]);
const numbers = datasetFrom([
  { text: "one", label: 1 },
  { text: "two", label: 2.5 },
]);

it("corrects rows of several classes, in whatever order they are said", () => {
  const said = [say("one", "[]"), say("two", '["ham"]'), say("three", '["spam","ham","spam"]')];
  const { dataset, rows } = correctLabels(several, correctionsOf(said));
  expect([...dataset].map(({ labels }) => labels)).toEqual([[], ["ham"], ["ham", "spam"]]);
  expect(rows).toBe(2);
  expect([...several].map(({ labels }) => labels)).toEqual([["ham", "spam"], ["ham"], []]);
  expect([0, 1, 2].map((row) => labelOfRow(dataset, row))).toEqual(["[]", '["ham"]', '["ham","spam"]']);
  expect(correctLabels(dataset, correctionsOf([say("three", `["spam","ham"]`)])).rows).toBe(0);
});

it("corrects numbers", () => {
  const { dataset, rows } = correctLabels(numbers, correctionsOf([say("one", "-0.25"), say("two", "2.50")]));
  expect([...dataset].map(({ target }) => target)).toEqual([-0.25, 2.5]);
  expect(rows).toBe(1);
  expect(numbers.target(0)).toBe(1);
});

it("refuses a class that there is not, and a label of another kind", () => {
  const correct = (dataset: Dataset, label: string) => () => correctLabels(dataset, correctionsOf([say("two", label)]));
  expect(correct(data, "eggs")).toThrow('expected one of the classes "ham", "spam", got "eggs"');
  expect(correct(several, '["ham","eggs"]')).toThrow('expected one of the classes "ham", "spam", got "eggs"');
  for (const label of ["ham", "[1]", '{"ham":1}'])
    expect(correct(several, label)).toThrow("expected a list of classes");
  for (const label of ["ham", "", " ", "NaN", "Infinity"]) expect(correct(numbers, label)).toThrow("expected a number");
  const unlabelled = datasetFrom([{ text: "two" }]);
  expect(correct(unlabelled, "ham")).toThrow("expected rows with labels, got none");
});

it("moves no row to another part", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "corrections ")), "rows.csv");
  const lines = Array.from({ length: 60 }, (_, i) => `text ${i},${i % 3 === 0 ? "a" : "b"}`);
  writeFileSync(path, `text,label\n${lines.join("\n")}\n`);
  const read = (correct?: Parameters<typeof readParts>[0]["correct"]) =>
    readParts({
      ...{ data: path, options: { validationSplit: 0.25 }, reading: {}, correct },
      split: { stratify: true, smallClasses: "first", seed: 42 },
    });
  const corrections = correctionsOf(Array.from({ length: 30 }, (_, i) => say(`text ${i}`, "a")));
  const [before, after] = [await read(), await read((part) => correctLabels(part, corrections).dataset)];
  for (const part of ["train", "validation"] as const) {
    expect([...(after[part] ?? [])].map(({ text }) => text)).toEqual([...(before[part] ?? [])].map(({ text }) => text));
    for (const { text, label } of after[part] ?? []) if (Number(text.slice(5)) < 30) expect(label).toBe("a");
  }
  expect(after.train.labels.counts[0]).toBeGreaterThan(before.train.labels.counts[0]);
});
