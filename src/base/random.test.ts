import { describe, expect, it } from "vitest";
import { createRandom, type Random } from "./random.js";

const draw = (random: Random, count = 4): number[] => Array.from({ length: count }, () => random.uint32());

/** Pearson's statistic of counts that should be equal. */
function chiSquared(counts: ArrayLike<number>): number {
  const all = Array.from(counts);
  const expected = all.reduce((sum, count) => sum + count, 0) / all.length;
  return all.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe("createRandom", () => {
  // Saved models name seeds: these numbers may never change.
  it("gives the numbers that it always gave", () => {
    expect(draw(createRandom(0))).toEqual([184244895, 385975263, 4264586921, 2519539146]);
    expect(draw(createRandom(42))).toEqual([460114220, 4247826215, 311120351, 1062543188]);
    expect(draw(createRandom(42).fork("batches"))).toEqual([3403479127, 3264992233, 646237313, 1474298898]);
    expect(createRandom(1).float()).toBe(0.5240862328464722);
    expect([...createRandom(7).shuffle([0, 1, 2, 3, 4, 5, 6, 7])]).toEqual([3, 2, 6, 5, 1, 7, 4, 0]);
  });

  it("gives different streams to neighbouring and to very large seeds", () => {
    const seeds = [
      ...Array.from({ length: 2000 }, (_, seed) => seed),
      2 ** 32,
      2 ** 32 + 1,
      2 ** 40,
      Number.MAX_SAFE_INTEGER,
    ];
    expect(new Set(seeds.map((seed) => draw(createRandom(seed), 2).join())).size).toBe(seeds.length);
    // First numbers of consecutive seeds are spread evenly too: 15 degrees of freedom, p < 1e-6 beyond 56.
    const counts = new Array<number>(16).fill(0);
    for (const seed of seeds) counts[createRandom(seed).uint32() >>> 28]++;
    expect(chiSquared(counts)).toBeLessThan(56);
  });
});

describe("integer", () => {
  it("is uniform, also where the bound does not divide 2^32", () => {
    for (const bound of [2, 3, 6, 10]) {
      const random = createRandom(3);
      const counts = new Array<number>(bound).fill(0);
      for (let i = 0; i < 20_000; i++) counts[random.integer(bound)]++;
      expect(chiSquared(counts)).toBeLessThan(45); // 9 degrees of freedom at most, p < 1e-6
    }
    // With 3 * 2^30 a plain remainder would favour the lowest third: 1/2 of the draws instead of 1/3.
    const random = createRandom(5);
    const thirds = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) thirds[Math.floor(random.integer(3 * 2 ** 30) / 2 ** 30)]++;
    expect(chiSquared(thirds)).toBeLessThan(28);
  });

  it("takes every bound from 1 to 2^32", () => {
    expect(createRandom(1).integer(1)).toBe(0);
    expect(createRandom(1).integer(2 ** 32)).toBe(createRandom(1).uint32());
  });
});

describe("float and normal", () => {
  const many = <T>(make: () => T): T[] => Array.from({ length: 40_000 }, make);

  it("float is uniform in [0, 1) and uses 53 bits", () => {
    const values = many(createRandom(9).float);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    const counts = new Array<number>(20).fill(0);
    for (const value of values) counts[Math.floor(20 * value)]++;
    expect(chiSquared(counts)).toBeLessThan(64); // 19 degrees of freedom, p < 1e-6
    const lastBits = values.filter((value) => (value * 2 ** 53) % 2 === 1).length;
    expect(Math.abs(lastBits / values.length - 0.5)).toBeLessThan(0.0125); // five deviations
  });

  it("normal has the moments of the standard normal distribution", () => {
    const values = many(createRandom(11).normal);
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    // Five standard deviations of each estimate.
    expect(Math.abs(moment(1))).toBeLessThan(0.025);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.036);
    expect(Math.abs(moment(3))).toBeLessThan(0.1);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.25);
  });
});

describe("shuffle", () => {
  it("permutes in place: every item stays, once", () => {
    const items = Uint32Array.from({ length: 1000 }, (_, i) => i);
    expect(createRandom(2).shuffle(items)).toBe(items);
    expect([...items]).not.toEqual([...items].sort((a, b) => a - b));
    expect([...items].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  it("gives each of the 24 orders of four items as often", () => {
    const random = createRandom(4);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = random.shuffle([0, 1, 2, 3]).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(chiSquared([...counts.values()])).toBeLessThan(71); // 23 degrees of freedom, p < 1e-6
  });
});

describe("fork", () => {
  it("depends on the seed and the label alone, not on what was drawn", () => {
    const drained = createRandom(6);
    draw(drained, 100);
    expect(draw(drained.fork("masks"))).toEqual(draw(createRandom(6).fork("masks")));
  });

  it("leaves its parent where it was", () => {
    const parent = createRandom(6);
    parent.fork("masks").uint32();
    expect(draw(parent)).toEqual(draw(createRandom(6)));
  });

  it("differs by label, by the kind of label, by depth and from its parent", () => {
    const root = createRandom(6);
    const all = [
      root,
      ...["a", "b", "ab", "ba", "", "1"].map((label) => root.fork(label)),
      ...[0, 1, 2, 11].map((label) => root.fork(label)),
      root.fork("a").fork("b"),
      createRandom(7).fork("a"),
    ];
    expect(new Set(all.map((random) => draw(random).join())).size).toBe(all.length);
  });

  it("gives streams without correlation to its parent and its siblings", () => {
    const root = createRandom(8);
    const streams = [createRandom(8), root.fork(1), root.fork(2)].map((random) =>
      Array.from({ length: 20_000 }, random.normal),
    );
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const correlation = streams[i].reduce((sum, value, at) => sum + value * streams[j][at], 0) / 20_000;
      expect(Math.abs(correlation)).toBeLessThan(0.036); // five deviations
    }
  });
});
