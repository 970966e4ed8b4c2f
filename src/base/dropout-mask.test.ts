import { describe, expect, it } from "vitest";
import { dropoutMask, fillDropoutMask, maskKey, philox, xoshiro } from "./dropout-mask.js";
import { createFlatMemory } from "./flat-memory.js";
import { simdKernels } from "./kernels/simd.js";

const hex = (words: Int32Array) => [...words].map((word) => (word >>> 0).toString(16).padStart(8, "0"));
const mask = (length: number, probability: number, seed: number | [number, number], stream: number) => {
  const target = new Float32Array(length);
  fillDropoutMask(target, probability, seed, stream);
  return target;
};

describe("the generators", () => {
  // kat_vectors of the Random123 library, the authors' own.
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      ["6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8"],
    ],
    [
      [-1, -1, -1, -1],
      [-1, -1],
      ["408f276d", "41c83b0e", "a20bc7c6", "6d5451fd"],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      ["d16cfe09", "94fdcceb", "5001e420", "24126ea1"],
    ],
  ] as [[number, number, number, number], [number, number], string[]][])(
    "philox of %j under %j",
    (counter, key, expected) => {
      expect(hex(philox(counter, key))).toEqual(expected);
    },
  );

  it("xoshiro128++ gives its published sequence", () => {
    const state = Int32Array.of(1, 2, 3, 4);
    expect(Array.from({ length: 6 }, () => xoshiro(state) >>> 0)).toEqual([
      641, 1573767, 3222811527, 3517856514, 836907274, 4247214768,
    ]);
  });
});

describe.runIf(simdKernels)("the SIMD kernel", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 8191, 8192, 8193, 16391, 30011])(
    "gives the bits of the loop for %d elements",
    (length) => {
      for (const [probability, seed, stream] of [
        [0.1, [0xdeadbeef, 0xffffffff], 0x80000001],
        [0.5, [1, 2], 3],
        [1 / 65536, [0, 0], 0],
        [0.9999, [7, 0], 4294967295],
      ] as const) {
        const key = maskKey(probability, seed, stream);
        const expected = new Float32Array(length);
        dropoutMask(expected, key);
        const staged = new Float32Array(length);
        simdKernels?.dropoutMask(staged, key);
        // A margin on both sides that must stay as it was.
        const memory = createFlatMemory((length + 2) * 4)
          .allocate(length + 2)
          .fill(-5);
        simdKernels?.dropoutMask(memory.subarray(1, length + 1), key);
        expect(Buffer.compare(Buffer.from(staged.buffer), Buffer.from(expected.buffer))).toBe(0);
        expect(Buffer.compare(Buffer.from(memory.slice(1, length + 1).buffer), Buffer.from(expected.buffer))).toBe(0);
        expect([memory[0], memory[length + 1]]).toEqual([-5, -5]);
      }
    },
  );
});

describe("fillDropoutMask", () => {
  it("writes 0 or 1 / (1 - p) and nothing else", () => {
    expect(new Set(mask(10_000, 0.1, 1, 0))).toEqual(new Set([0, Math.fround(1 / 0.9)]));
    expect(new Set(mask(10_000, 0, 1, 0))).toEqual(new Set([1]));
  });

  it("is a function of seed, stream and position alone", () => {
    const long = mask(20_000, 0.3, [5, 6], 7);
    expect(mask(20_000, 0.3, [5, 6], 7)).toEqual(long);
    expect(mask(9_001, 0.3, [5, 6], 7)).toEqual(long.subarray(0, 9_001));
    expect(mask(100, 0.3, 5, 7)).toEqual(mask(100, 0.3, [5, 0], 7));
  });

  it("keeps the same bits for ever: a saved run must resume with the masks that it started with", () => {
    const bits = mask(32, 0.5, [42, 1000], 3);
    expect([...bits].map((x) => (x === 0 ? "." : "#")).join("")).toMatchInlineSnapshot(
      `".####.......##.##..#....###....."`,
    );
  });

  it("refuses what is not a probability below 1", () => {
    for (const bad of [1, -0.1, Number.NaN]) {
      expect(() => fillDropoutMask(new Float32Array(1), bad, 0, 0)).toThrow(
        `dropout: expected a probability in [0, 1), got ${bad}`,
      );
    }
  });
});

// Every bound is five standard deviations wide and the seeds are fixed: a good generator passes with
// probability 0.9999994 a statement, a biased one of these sizes does not.
describe("the statistics of masks", () => {
  const N = 4_000_000;
  const deviations = (count: number, n: number, p: number) => Math.abs(count - n * p) / Math.sqrt(n * p * (1 - p));
  const drops = (m: Float32Array) => m.map((x) => (x === 0 ? 1 : 0));
  const agreement = (a: Float32Array, b: Float32Array, length: number) => {
    let both = 0;
    for (let i = 0; i < length; i++) both += (a[i] as number) * (b[i] as number);
    return both;
  };

  it.each([0.1, 0.5, 0.25, 1 / 1024, 0.9])("drop a share of %d, in every lane and half", (p) => {
    const dropped = drops(mask(N, p, 99, 1));
    const exact = Math.round(p * 65536) / 65536;
    const counts = new Float64Array(8);
    for (let i = 0; i < N; i++) counts[i & 7] = (counts[i & 7] as number) + (dropped[i] as number);
    for (const count of counts) expect(deviations(count, N / 8, exact)).toBeLessThan(5);
    expect(
      deviations(
        counts.reduce((a, b) => a + b),
        N,
        exact,
      ),
    ).toBeLessThan(5);
  });

  it("have mean 1 and variance p / (1 - p)", () => {
    const p = 0.1;
    const values = mask(N, p, 3, 5);
    let sum = 0;
    let squares = 0;
    for (const value of values) {
      sum += value;
      squares += value * value;
    }
    const mean = sum / N;
    const sd = Math.sqrt(p / (1 - p));
    expect(Math.abs(mean - 1)).toBeLessThan((5 * sd) / Math.sqrt(N) + 2 ** -16);
    expect((squares / N - mean * mean) / (p / (1 - p))).toBeCloseTo(1, 2);
  });

  it("have neighbours that are independent, at every lag that the layout could couple", () => {
    const p = 0.25;
    const dropped = drops(mask(N, p, 17, 2));
    for (const lag of [
      1, 2, 3, 4, 5, 7, 8, 12, 16, 24, 32, 64, 128, 384, 512, 768, 8188, 8191, 8192, 8193, 8196, 16384,
    ]) {
      const n = N - lag;
      expect(deviations(agreement(dropped, dropped.subarray(lag), n), n, p * p), `lag ${lag}`).toBeLessThan(5);
    }
  });

  it("are independent between streams, seeds, steps and their swaps", () => {
    const p = 0.25;
    const n = 1_000_000;
    const of = (seed: [number, number], stream: number) => drops(mask(n, p, seed, stream));
    const base = of([1, 2], 3);
    for (const other of [
      of([1, 2], 4),
      of([1, 2], 2),
      of([1, 3], 3),
      of([2, 2], 3),
      of([2, 1], 3),
      of([1, 3], 2),
      of([0x80000001, 2], 3),
    ]) {
      expect(deviations(agreement(base, other, n), n, p * p)).toBeLessThan(5);
    }
  });

  it("count their drops by row as a binomial does", () => {
    // Chi-square of the number of drops in rows of 16 at p = 1/2, which sees too even as well as too clumped.
    const dropped = drops(mask(N, 0.5, 21, 9));
    const seen = new Float64Array(17);
    for (let row = 0; row < N / 16; row++) {
      let count = 0;
      for (let i = 0; i < 16; i++) count += dropped[row * 16 + i] as number;
      seen[count] = (seen[count] as number) + 1;
    }
    let binomial = N / 16 / 2 ** 16;
    let chiSquare = 0;
    for (let k = 0; k <= 16; k++) {
      chiSquare += ((seen[k] as number) - binomial) ** 2 / binomial;
      binomial *= (16 - k) / (k + 1);
    }
    // 16 degrees of freedom: 1.1 to 56 holds all but a millionth at either end.
    expect(chiSquare).toBeGreaterThan(1.1);
    expect(chiSquare).toBeLessThan(56);
  });
});
