/** Shape rules, slice rules and checks that many operators share. */
import { fail } from "../base/errors.js";
import type { DType } from "../graph/dtype.js";
import type { Node } from "../graph/graph.js";
import type { AxisSlice, TensorType } from "../graph/op.js";
import { broadcastShapes, formatShape, type Shape } from "../graph/shape.js";

/** Throws E_DTYPE unless `type` is of element type `dtype`. */
export function expectDType(type: TensorType, dtype: DType, what: string): void {
  if (type.dtype !== dtype) fail("E_DTYPE", { where: what, expected: dtype, got: type.dtype });
}

/** Throws E_SHAPE unless `type` has `rank` axes. */
export function expectRank(type: TensorType, rank: number, what: string): void {
  if (type.shape.length !== rank) {
    fail("E_SHAPE", { where: what, expected: `${rank} axes`, got: formatShape(type.shape) });
  }
}

/** Throws E_SHAPE unless `axis` is one of `rank`, counted from the first: rules read it as it stands. */
export function expectAxis(axis: number, rank: number): void {
  if (!Number.isInteger(axis) || axis < 0 || axis >= rank) {
    fail("E_SHAPE", { where: "axis", expected: `an axis in [0, ${rank})`, got: String(axis) });
  }
}

/** Throws E_SHAPE unless the shapes are equal. */
export function expectShape(type: TensorType, shape: Shape, what: string): void {
  if (formatShape(type.shape) !== formatShape(shape)) {
    fail("E_SHAPE", { where: what, expected: formatShape(shape), got: formatShape(type.shape) });
  }
}

/** The type of an element-wise float32 result. */
export function inferElementwise(inputs: readonly TensorType[]): [TensorType] {
  let shape: Shape = inputs[0].shape;
  for (const [index, input] of inputs.entries()) {
    expectDType(input, "float32", `input ${index + 1}`);
    shape =
      broadcastShapes(shape, input.shape) ??
      fail("E_SHAPE", {
        where: `input ${index + 1}`,
        expected: `a shape that broadcasts with ${formatShape(shape)}`,
        got: formatShape(input.shape),
      });
  }
  return [{ dtype: "float32", shape }];
}

/** Slicing passes an element-wise operator to each input that has the axis unstretched. */
export function sliceElementwise({ axis }: AxisSlice, node: Node): { inputs: (number | "whole")[] } {
  const rank = node.outputs[0].shape.length;
  return {
    inputs: node.inputs.map(({ shape }) => {
      const own = axis - rank + shape.length;
      return own < 0 || shape[own] === 1 ? "whole" : own;
    }),
  };
}

/** Slicing passes an operator that works on rows of the last axis, to its first input only. */
export function sliceRows({ axis }: AxisSlice, node: Node): { inputs: (number | "whole")[] } | undefined {
  if (axis === node.inputs[0].shape.length - 1) return undefined;
  return { inputs: node.inputs.map((_, index) => (index === 0 ? axis : "whole")) };
}
