import { expect, it } from "vitest";
import { datasetFrom } from "../data/dataset/dataset-from.js";
import { trainedOnToo } from "./trained-on.js";

const texts = (...all: string[]) => datasetFrom(all.map((text) => ({ text, label: "a" })));

it("counts the rows, repeated ones too, whose text is trained on", () => {
  const said = trainedOnToo(texts("one", "two", "two"), texts("two", "two", "three"), "test set");
  expect(said).toMatch(/^test set: 2 of 3 rows have a text that is trained on too/);
  expect(trainedOnToo(texts("one"), texts("One", "two"), "test set")).toBeUndefined();
});

it("says nothing of less than a hundredth", () => {
  const held = (count: number) => texts("one", ...Array.from({ length: count }, (_, row) => `text ${row}`));
  expect(trainedOnToo(texts("one"), held(99), "test set")).toMatch(/^test set: 1 of 100 rows/);
  expect(trainedOnToo(texts("one"), held(100), "test set")).toBeUndefined();
});

it("takes pairs as a whole", () => {
  const pairs = (...all: [string, string][]) =>
    datasetFrom(all.map(([text, textPair]) => ({ text, textPair, label: "a" })));
  expect(trainedOnToo(pairs(["one", "two"]), pairs(["one", "three"]), "test set")).toBeUndefined();
  expect(trainedOnToo(pairs(["one", "two"]), pairs(["one", "two"]), "test set")).toMatch(/1 of 1 rows/);
});
