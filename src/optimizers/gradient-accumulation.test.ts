import { describe, expect, it } from "vitest";
import { createFlatMemory } from "../base/flat-memory.js";
import { createRandom } from "../base/random.js";
import { addScaled, addScaledLoop, scale, scaleLoop } from "./gradient-accumulation.js";

const LENGTH = 2055;
const normals = (seed: number, allocate: (length: number) => Float32Array): Float32Array => {
  const random = createRandom(seed);
  const values = allocate(LENGTH);
  for (let i = 0; i < LENGTH; i++) values[i] = random.normal();
  return values;
};
const plain = (length: number) => new Float32Array(length);

describe.each([
  ["plain buffers", () => plain],
  ["a flat memory", () => createFlatMemory(2 * LENGTH * 4).allocate],
])("in %s", (_name, makeAllocate) => {
  it("addScaled adds the scaled gradients, bit for bit as float32 arithmetic does", () => {
    const allocate = makeAllocate();
    const target = normals(1, allocate);
    addScaled(target, normals(2, allocate), 0.1);
    const expected = normals(1, plain);
    addScaledLoop(expected, normals(2, plain), 0.1);
    expect([...target]).toEqual([...expected]);
    expect(target[LENGTH - 1]).toBeCloseTo(
      (normals(1, plain)[LENGTH - 1] as number) + 0.1 * (normals(2, plain)[LENGTH - 1] as number),
      6,
    );
  });

  it("scale multiplies every element, bit for bit as float32 arithmetic does", () => {
    const target = normals(1, makeAllocate());
    scale(target, 1 / 3);
    const expected = normals(1, plain);
    scaleLoop(expected, 1 / 3);
    expect([...target]).toEqual([...expected]);
    expect(target[LENGTH - 1]).toBeCloseTo((normals(1, plain)[LENGTH - 1] as number) / 3, 6);
  });
});

it("refuses buffers of two lengths", () => {
  expect(() => addScaled(new Float32Array(3), new Float32Array(4), 1)).toThrow("addScaled: expected 3 elements, got 4");
});
