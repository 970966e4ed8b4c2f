import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  broadcastShapes,
  type Dim,
  dimNames,
  divideDim,
  formatShape,
  multiplyDims,
  normalizeAxis,
  resolveDim,
  resolveShape,
  sizeOf,
} from "./shape.js";

const factor = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom<Dim>("B", "T", "H"));
const bindings = { B: 3, T: 5, H: 7 };

describe("dimensions", () => {
  it("are products in one canonical form, number first, names sorted", () => {
    expect(multiplyDims(["T", 4, "B", 2])).toBe("8*B*T");
    expect(multiplyDims(["T", "B"])).toBe("B*T");
    expect(multiplyDims([2, 3])).toBe(6);
    expect(multiplyDims([])).toBe(1);
    expect(multiplyDims(["B", 0])).toBe(0);
  });

  it("do not depend on the order of their factors, and a product has the product of the sizes", () => {
    fc.assert(
      fc.property(fc.array(factor, { maxLength: 5 }), (factors) => {
        const product = multiplyDims(factors);
        expect(multiplyDims([...factors].reverse())).toBe(product);
        expect(resolveDim(product, bindings)).toBe(sizeOf(resolveShape(factors, bindings)));
        expect(dimNames(product).length).toBe(factors.filter((dim) => typeof dim === "string").length);
      }),
    );
  });

  it("are divided exactly or not at all", () => {
    expect(divideDim("6*B*T", "2*T")).toBe("3*B");
    expect(divideDim("B*T", "B*T")).toBe(1);
    expect(divideDim("B*T", "H")).toBeUndefined();
    expect(divideDim("3*B", 2)).toBeUndefined();
    expect(divideDim("B", "B*B")).toBeUndefined();
  });

  it("need a binding for each of their names", () => {
    expect(resolveDim("2*B*B", { B: 3 })).toBe(18);
    expect(() => resolveDim("B*T", { B: 3 })).toThrow("dimension T: expected a size for it, got none");
  });
});

describe("broadcasting", () => {
  it("aligns shapes at the last axis and stretches ones", () => {
    expect(broadcastShapes([2, 3, 4], [3, 1])).toEqual([2, 3, 4]);
    expect(broadcastShapes([1, 4], [3, 1])).toEqual([3, 4]);
    expect(broadcastShapes([], ["B", "T"])).toEqual(["B", "T"]);
    expect(broadcastShapes(["B", 1, 1, "T"], ["B", "H", "T", "T"])).toEqual(["B", "H", "T", "T"]);
  });

  it("fits a name to itself and to 1 only, since sizes are not known yet", () => {
    expect(broadcastShapes(["B"], ["T"])).toBeUndefined();
    expect(broadcastShapes(["B"], [4])).toBeUndefined();
    expect(broadcastShapes([3], [4])).toBeUndefined();
  });
});

it("an axis is counted from the end when negative, and refused outside of the rank", () => {
  expect([-3, -1, 0, 2].map((axis) => normalizeAxis(axis, 3, "axis"))).toEqual([0, 2, 0, 2]);
  for (const axis of [3, -4, 0.5]) {
    expect(() => normalizeAxis(axis, 3, "axes")).toThrow(`axes: expected an axis in [-3, 3), got ${axis}`);
  }
});

it("a shape reads as it is written in docstrings", () => {
  expect(formatShape(["B", "T", 384])).toBe("[B, T, 384]");
  expect(formatShape([])).toBe("[]");
});
