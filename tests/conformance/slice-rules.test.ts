/**
 * What must hold of the slice rule of every operator record that has one: it lets some slice through, and a slice of
 * the outputs, taken early, is the slice of the outputs.
 */
import { describe, expect, it } from "vitest";
import { sliceEarly } from "../../src/autodiff/slice-early.js";
import { createRandom } from "../../src/base/random.js";
import { evaluate } from "../../src/graph/evaluate.js";
import { createGraph, type Node } from "../../src/graph/graph.js";
import type { ReferenceTensor } from "../../src/graph/op.js";
import { Slice, slice } from "../../src/ops/movement.js";
import { OPERATORS } from "../../src/ops/registry.js";
import { fillSample } from "./samples.js";

const sliceable = OPERATORS.filter((op) => op.slice !== undefined);

describe.each(sliceable.map((op) => [op.name, op] as const))("%s", (_name, op) => {
  const axes = op.samples.flatMap((sample, number) => {
    const graph = createGraph();
    const inputs = sample.inputs.map((input, i) => graph.input(`x${i}`, input.dtype ?? "float32", input.shape));
    const [output] = graph.apply(op, inputs, sample.attributes);
    return output.shape.map((_, axis) => ({ number, sample, axis, node: output.origin as Node }));
  });

  it("lets a slice through along some axis of a sample", () => {
    const passed = axes.filter(
      ({ axis, node }) => op.slice?.({ axis, start: 0, size: 1 }, node, node.attributes) !== undefined,
    );
    expect(passed.length).toBeGreaterThan(0);
  });

  it.each(axes)("sample $number, axis $axis: sliced early, the result is the same", ({ sample, axis }) => {
    const random = createRandom(17).fork(op.name);
    const graph = createGraph();
    const feeds: Record<string, ReferenceTensor> = {};
    const inputs = sample.inputs.map((input, i) => {
      feeds[`x${i}`] = fillSample(input, random);
      return graph.input(`x${i}`, input.dtype ?? "float32", input.shape);
    });
    const [whole] = graph.apply(op, inputs, sample.attributes);
    const extent = whole.shape[axis] as number;
    for (const [start, size] of [
      [0, 1],
      [extent - 1, 1],
      [Math.min(1, extent - 1), Math.max(1, extent - 1)],
    ] as const) {
      const late = slice(whole, axis, start, size);
      const [early] = sliceEarly([late], { operator: Slice.name, slice });
      const [expected, got] = evaluate([late, early], feeds);
      expect(got.shape).toEqual(expected.shape);
      for (const [i, value] of expected.data.entries()) expect(Math.abs(got.data[i] - value)).toBeLessThan(1e-12);
    }
  });
});
