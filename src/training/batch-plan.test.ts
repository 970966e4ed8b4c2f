import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../base/random.js";
import { planBatches, splitBatch } from "./batch-plan.js";

const randomLengths = (count: number, seed = 1): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => 3 + random.integer(125));
};
const padded = (batches: readonly Uint32Array[], lengths: readonly number[]): number =>
  batches.reduce((sum, rows) => sum + rows.length * Math.max(...Array.from(rows, (row) => lengths[row])), 0);

/** Pearson's statistic of counts that should be equal. */
function chiSquared(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe("planBatches", () => {
  it("has every row in exactly one batch, and at most one batch that is smaller", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2, max: 512 }), { maxLength: 300 }),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        fc.boolean(),
        fc.nat(),
        (lengths, batchSize, groupByLength, shuffle, seed) => {
          const batches = planBatches(lengths, { batchSize, groupByLength, shuffle }, createRandom(seed));
          expect(batches.flatMap((rows) => [...rows]).sort((a, b) => a - b)).toEqual([...lengths.keys()]);
          expect(batches.filter((rows) => rows.length !== batchSize).length).toBeLessThanOrEqual(1);
          expect(batches.length).toBe(Math.ceil(lengths.length / batchSize));
        },
      ),
    );
  });

  it("is the same for the same seed and another for another", () => {
    const lengths = randomLengths(500);
    const plan = (seed: number) =>
      planBatches(lengths, { batchSize: 16, groupByLength: true, shuffle: true }, createRandom(seed));
    expect(plan(1)).toEqual(plan(1));
    expect(plan(1)).not.toEqual(plan(2));
  });

  it("saves most of the padding by grouping", () => {
    const lengths = randomLengths(3200);
    const real = lengths.reduce((sum, length) => sum + length, 0);
    const waste = (groupByLength: boolean) =>
      padded(planBatches(lengths, { batchSize: 32, groupByLength, shuffle: true }, createRandom(3)), lengths) / real -
      1;
    expect(waste(false)).toBeGreaterThan(0.5);
    expect(waste(true)).toBeLessThan(0.05);
  });

  it("gives a row other neighbours in every epoch", () => {
    const lengths = randomLengths(6400);
    const neighbours = (seed: number): Set<number> => {
      const batches = planBatches(lengths, { batchSize: 32, groupByLength: true, shuffle: true }, createRandom(seed));
      return new Set(batches.find((rows) => rows.includes(0)));
    };
    const first = neighbours(1);
    const again = [...neighbours(2)].filter((row) => first.has(row)).length;
    expect(again).toBeLessThan(12); // itself and a few by chance
  });

  it("gives a row of a small data set other neighbours too: one of at least four windows", () => {
    const lengths = Array.from({ length: 256 }, (_, row) => 10 + row);
    const shared = Array.from({ length: 20 }, (_, epoch) => {
      const plan = (seed: number) =>
        planBatches(lengths, { batchSize: 16, groupByLength: true, shuffle: true }, createRandom(seed));
      const [first, second] = [plan(2 * epoch), plan(2 * epoch + 1)].map(
        (batches) => new Set(batches.find((rows) => rows.includes(128))),
      ) as [Set<number>, Set<number>];
      return [...first].filter((row) => second.has(row)).length - 1;
    });
    // Sorted as one window it would meet the same 15 in every epoch; of a window of 64 rows a quarter is drawn.
    expect(shared.reduce((sum, count) => sum + count) / shared.length).toBeLessThan(6);
  });

  it("keeps the rows' order where nothing is shuffled or grouped", () => {
    const batches = planBatches(
      [5, 3, 9, 1, 4],
      { batchSize: 2, groupByLength: false, shuffle: false },
      createRandom(1),
    );
    expect(batches.map((rows) => [...rows])).toEqual([[0, 1], [2, 3], [4]]);
  });

  it("sorts by length, equal lengths in their order, where it groups without shuffling", () => {
    const batches = planBatches(
      [5, 3, 9, 3, 5],
      { batchSize: 2, groupByLength: true, shuffle: false },
      createRandom(1),
    );
    expect(batches.map((rows) => [...rows])).toEqual([[2, 0], [4, 1], [3]]);
  });
});

describe("the order of batches has no bias", () => {
  const epochs = 4000;
  const placesOf = (
    groupByLength: boolean,
    which: (batch: Uint32Array, lengths: readonly number[]) => boolean,
    count = 24,
  ) => {
    const lengths = Array.from({ length: count }, (_, i) => 3 + i);
    const batches = Math.ceil(count / 4);
    const places = new Array<number>(batches).fill(0);
    const random = createRandom(6);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const plan = planBatches(lengths, { batchSize: 4, groupByLength, shuffle: true }, random.fork(epoch));
      places[plan.findIndex((batch) => which(batch, lengths))]++;
    }
    return places;
  };

  it.each([true, false])("for the longest row, grouped by length: %s", (groupByLength) => {
    expect(chiSquared(placesOf(groupByLength, (batch) => batch.includes(23)))).toBeLessThan(36); // 5 degrees of freedom, p < 1e-6
  });

  it("for the shortest row and for the smaller batch when grouped", () => {
    expect(chiSquared(placesOf(true, (batch) => batch.includes(0)))).toBeLessThan(36);
    expect(chiSquared(placesOf(true, (batch) => batch.length < 4, 26))).toBeLessThan(38); // 6 degrees of freedom
  });
});

describe("splitBatch", () => {
  it("has every row in one part, and no part over the limit but that of a single row", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 2000 }),
        (lengths, mostTokens) => {
          const parts = splitBatch(Uint32Array.from(lengths.keys()), lengths, mostTokens);
          expect(parts.flatMap((rows) => [...rows]).sort((a, b) => a - b)).toEqual([...lengths.keys()]);
          for (const rows of parts) expect(rows.length === 1 || padded([rows], lengths) <= mostTokens).toBe(true);
          expect(padded(parts, lengths)).toBeLessThanOrEqual(padded([Uint32Array.from(lengths.keys())], lengths));
        },
      ),
    );
  });

  it("leaves a batch that fits as it is", () => {
    const rows = Uint32Array.of(2, 0, 1);
    expect(splitBatch(rows, [4, 5, 6], 18)).toEqual([rows]);
    expect(splitBatch(rows, [4, 5, 6], 17).map((part) => [...part])).toEqual([[2, 1], [0]]);
  });
});
