/** What two runs say of the same rows, as the page that compares them puts it. */
import { expect, it } from "vitest";
import { changedRows, mcNemar, type PredictedRow } from "../../studio/compare/changed-rows.js";

const rows = (all: readonly (readonly [truth: string, prediction: string])[]): PredictedRow[] =>
  all.map(([truth, prediction], row) => ({ row: String(row), text: `text ${row}`, truth, prediction }));

it("judges both by the newer labels, and tells which rows changed sides", () => {
  const before = rows([
    ["a", "a"],
    ["a", "b"],
    ["b", "a"],
    ["b", "b"],
    ["a", "b"],
  ]);
  const after = rows([
    ["a", "b"],
    ["a", "a"],
    ["a", "a"],
    ["b", "b"],
    ["b", "b"],
  ]);
  const said = changedRows(before, [...after].reverse());
  expect(said).toMatchObject({ rows: 5, rightBefore: 4, rightAfter: 4, relabelled: 2, pValue: 1 });
  expect(said.better).toEqual([
    { row: "1", text: "text 1", truth: "a", truthBefore: undefined, before: "b", after: "a" },
  ]);
  expect(said.worse.map(({ row }) => row)).toEqual(["0"]);
});

it("compares only rows of the same place and text", () => {
  const [one] = rows([["a", "a"]]);
  expect(
    changedRows(
      [one],
      [
        { ...one, text: "another" },
        { ...one, row: "7" },
      ],
    ).rows,
  ).toBe(0);
});

it("knows McNemar's exact probabilities", () => {
  // scipy.stats.binomtest(2, 12).pvalue, (1, 9), (0, 6), (5, 5)
  expect(mcNemar(2, 10)).toBeCloseTo(0.03857421875, 10);
  expect(mcNemar(8, 1)).toBeCloseTo(0.0390625, 10);
  expect(mcNemar(0, 6)).toBeCloseTo(0.03125, 10);
  expect(mcNemar(3, 3)).toBe(1);
  expect(mcNemar(0, 0)).toBe(1);
  expect(mcNemar(600, 400)).toBeLessThan(1e-9);
});
