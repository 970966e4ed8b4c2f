import { expect, it } from "vitest";
import { outputTables } from "./output-tables.js";

const texts = ["right", "very wrong", "a little wrong"];

it("puts the worst predictions first", () => {
  const { predictions, roc } = outputTables(
    {
      family: "single-label",
      labels: ["no", "yes"],
      rows: 3,
      targets: [1, 0, 1],
      logits: Float32Array.of(-2, 2, -3, 3, 0.1, 0),
    },
    (row) => texts[row],
  );
  expect(predictions.columns).toEqual(["row", "text", "truth", "prediction", "loss"]);
  expect(predictions.rows.map((row) => row.slice(0, 4))).toEqual([
    [1, "very wrong", "no", "yes"],
    [2, "a little wrong", "yes", "no"],
    [0, "right", "yes", "yes"],
  ]);
  expect(predictions.rows[0][4]).toBeCloseTo(Math.log1p(Math.exp(6)), 5);
  expect(roc.rows[0]?.slice(0, 3)).toEqual(["yes", 0, 0]);
  expect(roc.rows.at(-1)?.slice(0, 3)).toEqual(["yes", 1, 1]);
});

it("writes the labels of a row, and the numbers", () => {
  const labelled = outputTables(
    { family: "multi-label", labels: ["a", "b"], rows: 1, targets: [1, 1], logits: Float32Array.of(2, -1) },
    () => "text",
  );
  expect(labelled.predictions.rows[0].slice(2, 4)).toEqual(["a, b", "a"]);
  const numbers = outputTables(
    { family: "regression", labels: ["stars"], rows: 1, targets: [3], logits: Float32Array.of(2.5) },
    () => "😀".repeat(2000),
  );
  expect(numbers.predictions.rows[0].slice(2)).toEqual([3, 2.5, 0.25]);
  expect([...(numbers.predictions.rows[0][1] as string)]).toHaveLength(1000);
  expect(Object.keys(numbers)).toEqual(["predictions"]);
});

it("thins a long curve and keeps its ends", () => {
  const rows = 5000;
  const { precisionRecall } = outputTables(
    {
      family: "single-label",
      labels: ["no", "yes"],
      rows,
      targets: Array.from({ length: rows }, (_, i) => i % 2),
      logits: Float32Array.from({ length: 2 * rows }, (_, i) => Math.sin(i)),
    },
    () => "",
  );
  expect(precisionRecall.rows).toHaveLength(200);
  expect(precisionRecall.rows.at(-1)?.[1]).toBe(1);
});
