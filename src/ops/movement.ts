/** Operators that move or select elements without changing them. */
import { fail } from "../base/errors.js";
import type { Value } from "../graph/graph.js";
import { applyOne } from "../graph/graph.js";
import { defineOp, type Op } from "../graph/op.js";
import { type Dim, formatShape, multiplyDims, normalizeAxis, type Shape, sameShape } from "../graph/shape.js";
import { ravel, tensor, unravel } from "./reference.js";
import { expectAxis, expectDType } from "./rules.js";

/** The same elements in row-major order under another shape. */
export const Reshape: Op = defineOp<{ shape: Shape }>({
  name: "Reshape",
  onnx: ({ emit, node, inputs: [x], outputs: [y], attributes: { shape } }) => {
    emit.reshape(x, node.inputs[0].shape, shape, y);
  },
  infer: ([x], { shape }) => {
    if (multiplyDims(x.shape) !== multiplyDims(shape)) {
      fail("E_SHAPE", {
        where: "shape",
        expected: `${multiplyDims(x.shape)} elements`,
        got: `${formatShape(shape)} with ${multiplyDims(shape)}`,
      });
    }
    return [{ dtype: x.dtype, shape }];
  },
  gradient: ({ inputs: [x], outputGradients: [dy] }) => [dy && reshape(dy, x.shape)],
  reference: ([x], { shape }) => [{ shape: shape as readonly number[], data: x.data }],
  // Axes that stand before the first difference keep their place.
  slice: ({ axis, size }, node, { shape }) => {
    const from = node.inputs[0].shape;
    for (let i = 0; i <= axis; i++) if (from[i] !== shape[i]) return undefined;
    return { inputs: [axis], attributes: { shape: shape.map((dim, i) => (i === axis ? size : dim)) } };
  },
  samples: [
    { inputs: [{ shape: [2, 3, 4] }], attributes: { shape: [6, 2, 2] } },
    { inputs: [{ shape: [2, 3, 4] }], attributes: { shape: [2, 3, 2, 2] } },
  ],
  errors: [{ inputs: [{ shape: [2, 3] }], attributes: { shape: [4] }, code: "E_SHAPE", why: "6 elements are not 4" }],
  source: "https://onnx.ai/onnx/operators/onnx__Reshape.html",
});

/** Axis i of the result is axis permutation[i] of x. */
export const Transpose: Op = defineOp<{ permutation: readonly number[] }>({
  name: "Transpose",
  onnx: { type: "Transpose", attributes: ({ permutation }) => ({ perm: { ints: permutation } }) },
  infer: ([x], { permutation }) => {
    const sorted = [...permutation].sort((a, b) => a - b);
    if (sorted.length !== x.shape.length || sorted.some((axis, i) => axis !== i)) {
      fail("E_SHAPE", {
        where: "permutation",
        expected: `an order of ${x.shape.length} axes`,
        got: formatShape(permutation),
      });
    }
    return [{ dtype: x.dtype, shape: permutation.map((axis) => x.shape[axis]) }];
  },
  gradient: ({ outputGradients: [dy] }, { permutation }) => [
    dy &&
      transpose(
        dy,
        permutation.map((_, axis) => permutation.indexOf(axis)),
      ),
  ],
  reference: ([x], { permutation }) => {
    const y = tensor(permutation.map((axis) => x.shape[axis]));
    for (const [at, value] of x.data.entries()) {
      const from = unravel(at, x.shape);
      y.data[
        ravel(
          permutation.map((axis) => from[axis]),
          y.shape,
        )
      ] = value;
    }
    return [y];
  },
  slice: ({ axis }, _node, { permutation }) => ({ inputs: [permutation[axis]] }),
  samples: [{ inputs: [{ shape: [2, 3, 4, 5] }], attributes: { permutation: [0, 2, 3, 1] } }],
  errors: [
    { inputs: [{ shape: [2, 3] }], attributes: { permutation: [0, 0] }, code: "E_SHAPE", why: "axis 1 is missing" },
  ],
  source: "https://onnx.ai/onnx/operators/onnx__Transpose.html",
});

/** Elements start … start + size - 1 of one axis. */
export const Slice: Op = defineOp<{ axis: number; start: number; size: number }>({
  name: "Slice",
  onnx: ({ emit, inputs: [x], outputs: [y], attributes: { axis, start, size } }) => {
    const one = (value: number) => emit.constant("int64", [1], [value]);
    emit.node("Slice", [x, one(start), one(start + size), one(axis)], { outputs: [y] });
  },
  infer: ([x], { axis, start, size }) => {
    expectAxis(axis, x.shape.length);
    const dim = x.shape[axis];
    if (start < 0 || size < 1 || (typeof dim === "number" && start + size > dim)) {
      fail("E_SHAPE", { where: `axis ${axis}`, expected: `a part of 0 … ${dim}`, got: `${start} … ${start + size}` });
    }
    return [{ dtype: x.dtype, shape: x.shape.map((old, i) => (i === axis ? size : old)) }];
  },
  // y = part of x  =>  dx = dy there, zero elsewhere
  gradient: ({ inputs: [x], outputGradients: [dy] }, { axis, start }) => [
    dy && applyOne(Unslice, [dy], { axis, start, size: x.shape[axis] }),
  ],
  reference: ([x], { axis, start, size }) => {
    const y = tensor(x.shape.map((dim, i) => (i === axis ? size : dim)));
    for (let at = 0; at < y.data.length; at++) {
      const index = unravel(at, y.shape);
      index[axis] += start;
      y.data[at] = x.data[ravel(index, x.shape)];
    }
    return [y];
  },
  slice: (part, _node, { axis }) => (part.axis === axis ? undefined : { inputs: [part.axis] }),
  samples: [{ inputs: [{ shape: [2, 5, 3] }], attributes: { axis: 1, start: 1, size: 2 } }],
  errors: [
    { inputs: [{ shape: [2, 3] }], attributes: { axis: 1, start: 2, size: 2 }, code: "E_SHAPE", why: "3 is the end" },
    { inputs: [{ shape: [2, 3] }], attributes: { axis: -1, start: 0, size: 1 }, code: "E_SHAPE", why: "axis -1" },
  ],
  source: "https://onnx.ai/onnx/operators/onnx__Slice.html",
});

/** Puts x at `start` of an axis of `size` elements, zeros elsewhere: the reverse of {@link Slice}. */
export const Unslice: Op = defineOp<{ axis: number; start: number; size: Dim }>({
  name: "Unslice",
  onnx: ({ emit, node, inputs: [x], outputs: [y], attributes: { axis, start } }) => {
    const { shape } = node.inputs[0];
    const rank = shape.length;
    const before = emit.constant(
      "int64",
      [rank],
      shape.map((_, i) => (i === axis ? start : 0)),
    );
    // What follows on each axis: the result's size less the start and the size of x; nothing but on `axis`.
    const [taken] = emit.node("Add", [emit.dims(shape), before]);
    const [rest] = emit.node("Sub", [emit.dims(node.outputs[0].shape), taken]);
    const [pads] = emit.node("Concat", [before, rest], { attributes: { axis: { int: 0 } } });
    emit.node("Pad", [x, pads], { outputs: [y], attributes: { mode: { string: "constant" } } });
  },
  infer: ([x], { axis, start, size }) => {
    expectDType(x, "float32", "input");
    expectAxis(axis, x.shape.length);
    const own = x.shape[axis];
    if (typeof own === "number" && typeof size === "number" && start + own > size) {
      fail("E_SHAPE", { where: `axis ${axis}`, expected: `at least ${start + own}`, got: String(size) });
    }
    return [{ dtype: "float32", shape: x.shape.map((dim, i) => (i === axis ? size : dim)) }];
  },
  gradient: ({ inputs: [x], outputGradients: [dy] }, { axis, start }) => [
    dy && slice(dy, axis, start, x.shape[axis] as number),
  ],
  reference: ([x], { axis, start, size }) => {
    const y = tensor(x.shape.map((dim, i) => (i === axis ? (size as number) : dim)));
    for (const [at, value] of x.data.entries()) {
      const index = unravel(at, x.shape);
      index[axis] += start;
      y.data[ravel(index, y.shape)] = value;
    }
    return [y];
  },
  samples: [
    { inputs: [{ shape: [2, 2, 3] }], attributes: { axis: 1, start: 1, size: 5 } },
    { inputs: [{ shape: [2, 1, 3] }], attributes: { axis: 1, start: 0, size: 4 } },
  ],
  errors: [
    {
      inputs: [{ shape: [2, 3] }],
      attributes: { axis: 1, start: 1, size: 3 },
      code: "E_SHAPE",
      why: "3 elements from 1 on need 4",
    },
    { inputs: [{ shape: [2, 3] }], attributes: { axis: -1, start: 0, size: 4 }, code: "E_SHAPE", why: "axis -1" },
  ],
  source: "https://onnx.ai/onnx/operators/onnx__Pad.html",
});

/**
 * The same elements, in the same order, under another shape.
 *
 * @example
 * const [batch, hidden] = x.shape;
 * const column = reshape(x, [batch, hidden, 1]);
 */
export const reshape = (x: Value, shape: Shape): Value =>
  sameShape(x.shape, shape) ? x : applyOne(Reshape, [x], { shape });
/**
 * The axes in another order: axis i of the result is axis `permutation[i]` of x.
 *
 * @example
 * const turned = transpose(sequence, [0, 2, 1]); // [B, D, T]
 */
export const transpose = (x: Value, permutation: readonly number[]): Value => applyOne(Transpose, [x], { permutation });
/**
 * Elements start … start + size - 1 of an axis, which counts from the last where it is negative.
 *
 * @example
 * const first = slice(sequence, 1, 0, 1); // [B, 1, D]
 */
export const slice = (x: Value, axis: number, start: number, size: number): Value =>
  applyOne(Slice, [x], { axis: normalizeAxis(axis, x.shape.length, "slice, axis"), start, size });
