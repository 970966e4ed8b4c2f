import { expect, it } from "vitest";
import { createRandom } from "../base/random.js";
import { groupMiddles } from "./group-middles.js";
import { unitFeatures } from "./nearest.js";

// Three bundles of directions, at 0, 120 and 240 degrees; the middle one of each is exact, the others beside it.
const DEGREES = [-9, 0, 8, 112, 120, 129, 231, 240, 248];
const features = unitFeatures({
  values: Float32Array.from(
    DEGREES.flatMap((degrees) => [degrees, degrees - 90]),
    (angle) => Math.cos((angle * Math.PI) / 180),
  ),
  width: 2,
});
const rows = [...DEGREES.keys()];

it("takes the row in the middle of each group, wherever it begins", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const weights = new Float64Array(rows.length).fill(1);
    const middles = groupMiddles({ features, rows, weights, random: createRandom(seed) }, 3);
    expect(middles.toSorted((a, b) => a - b)).toEqual([1, 4, 7]);
  }
});

it("puts the middle where the weights are", () => {
  const weights = Float64Array.of(100, 1, 1, 1, 1, 1, 1, 1, 1);
  const middles = groupMiddles({ features, rows, weights, random: createRandom(1) }, 3);
  expect(middles.toSorted((a, b) => a - b)).toEqual([0, 4, 7]);
});

it("gives one row where all are the same, and none of none", () => {
  const same = { width: 2, values: Float32Array.of(1, 0, 1, 0, 1, 0) };
  const weights = Float64Array.of(0, 0, 0);
  expect(groupMiddles({ features: same, rows: [0, 1, 2], weights, random: createRandom(1) }, 2)).toEqual([0]);
  expect(groupMiddles({ features, rows: [], weights: new Float64Array(), random: createRandom(1) }, 2)).toEqual([]);
});
