import { describe, expect, it } from "vitest";
import { createFlatMemory } from "../base/flat-memory.js";
import { createRandom } from "../base/random.js";
import { clipFactor, globalNorm, sumOfSquares } from "./gradient-norm.js";

const inFlatMemory = (values: ArrayLike<number>): Float32Array => {
  const view = createFlatMemory(values.length * 4).allocate(values.length);
  view.set(values);
  return view;
};

describe.each([
  ["a plain buffer", (values: ArrayLike<number>) => Float32Array.from(values)],
  ["a flat memory", inFlatMemory],
])("globalNorm of %s", (_name, place) => {
  it.each([0, 1, 7, 8, 9, 1024, 5001])("of %d elements agrees with the plain sum within 1e-14", (length) => {
    const random = createRandom(length);
    const values = place(Array.from({ length }, () => random.normal() * 10 ** (6 - 12 * random.float())));
    const plain = Math.sqrt(sumOfSquares(values));
    expect(Math.abs(globalNorm(values) - plain)).toBeLessThanOrEqual(plain * 1e-14);
  });

  it("counts every element once", () => {
    for (let i = 0; i < 21; i++) {
      const values = new Float32Array(21);
      values[i] = -3;
      expect(globalNorm(place(values))).toBe(3);
    }
  });

  it.each([Number.NaN, Infinity, -Infinity])("is not finite when one element is %d, wherever it stands", (bad) => {
    for (const at of [0, 5, 1029, 2050]) {
      const values = new Float32Array(2051);
      values[at] = bad;
      expect(Number.isFinite(globalNorm(place(values)))).toBe(false);
    }
  });

  it("is finite for the largest and not zero for the smallest float32", () => {
    expect(globalNorm(place(new Float32Array(9).fill(3.4028234663852886e38))) / 3.4028234663852886e38).toBeCloseTo(
      3,
      12,
    );
    expect(globalNorm(place(new Float32Array(9).fill(2 ** -149))) / 2 ** -149).toBeCloseTo(3, 12);
  });
});

it("globalNorm has the same bits in a plain buffer and in a flat memory", () => {
  for (const length of [511, 8192, 8193, 100_003]) {
    const random = createRandom(length);
    const values = Float32Array.from({ length }, () => random.normal());
    expect(globalNorm(inFlatMemory(values))).toBe(globalNorm(values));
  }
});

describe("clipFactor", () => {
  it("scales down to the largest norm and never up", () => {
    expect(clipFactor(0.5, 1)).toBe(1);
    expect(clipFactor(4, 1)).toBeCloseTo(0.25, 6);
    expect(clipFactor(0, 1)).toBe(1);
    expect(clipFactor(4, Infinity)).toBe(1);
  });
});
