import { expect, it } from "vitest";
import { keepLatest } from "./keep-latest.js";

it("takes out what was put in longest ago", () => {
  const map = new Map([
    ["a", 1],
    ["b", 2],
  ]);
  expect(keepLatest(map, "a", 3, 2)).toEqual([]);
  expect(keepLatest(map, "c", 4, 2)).toEqual([2]);
  expect([...map]).toEqual([
    ["a", 3],
    ["c", 4],
  ]);
});
