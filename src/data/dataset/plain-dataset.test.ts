import { expect, it } from "vitest";
import { datasetFrom } from "./dataset-from.js";
import { datasetOfPlain, plainDataset } from "./plain-dataset.js";

const texts = ["a", "日本 😀", "b".repeat(5000), "c"].map((text, i) => ({
  text: `${text} `,
  textPair: `${i}`,
  extra: i,
}));

it.each([
  ["classes", datasetFrom(texts.map((row, i) => ({ ...row, label: i % 2 ? "x" : "y" })))],
  ["labels", datasetFrom(texts.map((row, i) => ({ ...row, label: i % 2 ? ["x", "y"] : [] })))],
  ["numbers", datasetFrom(texts.map((row, i) => ({ ...row, label: i + 0.5 })))],
  ["nothing", datasetFrom(texts)],
])("sends rows of %s to another thread and back", (_, whole) => {
  const some = whole.select([2, 0, 1]);
  const back = datasetOfPlain(structuredClone(plainDataset(some)));
  expect(back.fingerprint).toBe(some.fingerprint);
  expect([...back].map(({ text, textPair, labels }) => [text, textPair, labels])).toEqual(
    [...some].map(({ text, textPair, labels }) => [text, textPair, labels]),
  );
  expect([back.source, back.labels.names, back.labels.counts, back.targetKind]).toEqual([
    some.source,
    some.labels.names,
    some.labels.counts,
    some.targetKind,
  ]);
  // The rows that were not chosen stay behind.
  expect(plainDataset(some).text.bytes.length).toBe(5001 + 2 + 12);
});
