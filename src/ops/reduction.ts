/** Sums over axes, and the broadcasting that undoes them. */
import { fail } from "../base/errors.js";
import type { Value } from "../graph/graph.js";
import { applyOne } from "../graph/graph.js";
import { defineOp, type Op } from "../graph/op.js";
import { broadcastShapes, formatShape, multiplyDims, normalizeAxis, type Shape, sameShape } from "../graph/shape.js";
import { broadcastOffset, tensor } from "./reference.js";
import { expectAxis, expectDType, expectShape } from "./rules.js";

/** ONNX's TensorProto.DataType of float32. */
const FLOAT = 1;

/** Sum over `axes`, which stay as axes of size 1. */
export const ReduceSum: Op = defineOp<{ axes: readonly number[] }>({
  name: "ReduceSum",
  onnx: ({ emit, inputs: [x], outputs: [y], attributes: { axes } }) => {
    emit.node("ReduceSum", [x, emit.constant("int64", [axes.length], axes)], {
      outputs: [y],
      attributes: { keepdims: { int: 1 } },
    });
  },
  infer: ([x], { axes }) => {
    expectDType(x, "float32", "input");
    const reduced = new Set(axes.map((axis) => normalizeAxis(axis, x.shape.length, "axes")));
    return [{ dtype: "float32", shape: x.shape.map((dim, axis) => (reduced.has(axis) ? 1 : dim)) }];
  },
  // y = Σ x  =>  dx = dy on every summand
  gradient: ({ inputs: [x], outputGradients: [dy] }) => [dy && expand(dy, x.shape)],
  reference: ([x], { axes }) => {
    const reduced = new Set(axes.map((axis) => (axis + x.shape.length) % x.shape.length));
    const y = tensor(x.shape.map((dim, axis) => (reduced.has(axis) ? 1 : dim)));
    for (const [at, value] of x.data.entries()) y.data[broadcastOffset(at, x.shape, y.shape)] += value;
    return [y];
  },
  slice: ({ axis }, node, { axes }) =>
    axes.some((a) => (a + node.inputs[0].shape.length) % node.inputs[0].shape.length === axis)
      ? undefined
      : { inputs: [axis] },
  samples: [
    { inputs: [{ shape: [2, 3, 4] }], attributes: { axes: [-1] } },
    { inputs: [{ shape: [2, 3, 4] }], attributes: { axes: [0, 2] } },
  ],
  errors: [{ inputs: [{ shape: [2, 3] }], attributes: { axes: [2] }, code: "E_SHAPE", why: "there is no axis 2" }],
  source: "https://onnx.ai/onnx/operators/onnx__ReduceSum.html",
});

/** Sum over all axes but the last: [..., D] to [D]. */
export const SumLeading: Op = defineOp({
  name: "SumLeading",
  // A product with a row of ones runs at the speed of the matrix kernels, several times that of ReduceSum over rows.
  onnx: ({ emit, node, inputs: [x], outputs: [y] }) => {
    const { shape } = node.inputs[0];
    const rows = multiplyDims(shape.slice(0, -1));
    const width = shape[shape.length - 1];
    const matrix = emit.reshape(x, shape, [rows, width]);
    const one = emit.constant("float32", [1, 1], [1]);
    const [ones] = emit.node("Expand", [one, emit.dims([1, rows])]);
    const [sum] = emit.node("MatMul", [ones, matrix]);
    emit.reshape(sum, [1, width], [width], y);
  },
  infer: ([x]) => {
    expectDType(x, "float32", "input");
    if (x.shape.length < 2) fail("E_SHAPE", { where: "input", expected: "at least 2 axes", got: formatShape(x.shape) });
    return [{ dtype: "float32", shape: [x.shape[x.shape.length - 1]] }];
  },
  // y = Σ x over the leading axes  =>  dx = dy on every row
  gradient: ({ inputs: [x], outputGradients: [dy] }) => [dy && expand(dy, x.shape)],
  reference: ([x]) => {
    const width = x.shape[x.shape.length - 1];
    const y = tensor([width]);
    for (const [at, value] of x.data.entries()) y.data[at % width] += value;
    return [y];
  },
  samples: [
    { inputs: [{ shape: [5, 3] }], attributes: {} },
    { inputs: [{ shape: [2, 3, 4] }], attributes: {} },
  ],
  errors: [{ inputs: [{ shape: [4] }], attributes: {}, code: "E_SHAPE", why: "there is nothing to sum over" }],
  source: "numpy.sum over axes 0 … rank-2",
});

/** The largest along `axis`, which stays as an axis of size 1. */
export const ReduceMax: Op = defineOp<{ axis: number }>({
  name: "ReduceMax",
  onnx: ({ emit, inputs: [x], outputs: [y], attributes: { axis } }) => {
    emit.node("ReduceMax", [x, emit.constant("int64", [1], [axis])], {
      outputs: [y],
      attributes: { keepdims: { int: 1 } },
    });
  },
  infer: ([x], { axis }) => {
    expectDType(x, "float32", "input");
    expectAxis(axis, x.shape.length);
    return [{ dtype: "float32", shape: x.shape.map((dim, own) => (own === axis ? 1 : dim)) }];
  },
  gradient: ({ inputs: [x], outputs: [y], outputGradients: [dy] }, { axis }) => [
    dy && applyOne(ReduceMaxGradient, [x, y, dy], { axis }),
  ],
  reference: ([x], { axis }) => {
    const y = tensor(x.shape.map((dim, own) => (own === axis ? 1 : dim)));
    y.data.fill(Number.NEGATIVE_INFINITY);
    for (const [at, value] of x.data.entries()) {
      const to = broadcastOffset(at, x.shape, y.shape);
      y.data[to] = Math.max(y.data[to], value);
    }
    return [y];
  },
  slice: ({ axis: sliced }, _, { axis }) => (sliced === axis ? undefined : { inputs: [sliced] }),
  samples: [
    { inputs: [{ shape: [2, 3, 4] }], attributes: { axis: 1 } },
    { inputs: [{ shape: [2, 3] }], attributes: { axis: 1 } },
  ],
  errors: [{ inputs: [{ shape: [2, 3] }], attributes: { axis: 2 }, code: "E_SHAPE", why: "there is no axis 2" }],
  source: "https://onnx.ai/onnx/operators/onnx__ReduceMax.html; torch.amax",
});

/** dx = dy where x is the largest, in equal parts where several are: inputs x, y = max x, dy. */
export const ReduceMaxGradient: Op = defineOp<{ axis: number }>({
  name: "ReduceMaxGradient",
  onnx: ({ emit, inputs: [x, y, dy], outputs: [dx], attributes: { axis } }) => {
    const [equal] = emit.node("Equal", [x, y]);
    const [largest] = emit.node("Cast", [equal], { attributes: { to: { int: FLOAT } } });
    const [count] = emit.node("ReduceSum", [largest, emit.constant("int64", [1], [axis])], {
      attributes: { keepdims: { int: 1 } },
    });
    const [part] = emit.node("Div", [dy, count]);
    emit.node("Mul", [largest, part], { outputs: [dx] });
  },
  infer: ([x, y, dy], { axis }) => {
    expectDType(x, "float32", "input");
    const reduced = x.shape.map((dim, own) => (own === axis ? 1 : dim));
    expectShape(y, reduced, "largest");
    expectShape(dy, reduced, "gradient");
    return [{ dtype: "float32", shape: x.shape }];
  },
  gradient: { none: "second derivatives are not offered" },
  reference: ([x, y, dy]) => {
    const dx = tensor(x.shape);
    const counts = tensor(y.shape);
    const isLargest = (at: number, to: number): boolean => x.data[at] === y.data[to];
    for (const at of x.data.keys()) {
      const to = broadcastOffset(at, x.shape, y.shape);
      if (isLargest(at, to)) counts.data[to]++;
    }
    for (const at of x.data.keys()) {
      const to = broadcastOffset(at, x.shape, y.shape);
      if (isLargest(at, to)) dx.data[at] = dy.data[to] / counts.data[to];
    }
    return [dx];
  },
  slice: ({ axis: sliced }, _, { axis }) => (sliced === axis ? undefined : { inputs: [sliced, sliced, sliced] }),
  // All equal: the share of each. Where one is the largest, ReduceMax's own gradient is tested.
  samples: [
    {
      inputs: [
        { shape: [2, 3, 4], fill: { below: 1 } },
        { shape: [2, 1, 4], fill: { below: 1 } },
        { shape: [2, 1, 4] },
      ],
      attributes: { axis: 1 },
    },
  ],
  errors: [
    {
      inputs: [{ shape: [2, 3] }, { shape: [2, 3] }, { shape: [2, 1] }],
      attributes: { axis: 1 },
      code: "E_SHAPE",
      why: "the largest has an axis of size 1",
    },
  ],
  source: "torch.amax and tf.reduce_max, which share the gradient among equal ones",
});

/** Broadcasts to `shape`. */
export const Expand: Op = defineOp<{ shape: Shape }>({
  name: "Expand",
  onnx: ({ emit, inputs: [x], outputs: [y], attributes: { shape } }) => {
    emit.node("Expand", [x, emit.dims(shape)], { outputs: [y] });
  },
  infer: ([x], { shape }) => {
    expectDType(x, "float32", "input");
    const result = broadcastShapes(x.shape, shape);
    if (result === undefined || !sameShape(result, shape)) {
      fail("E_SHAPE", {
        where: "shape",
        expected: `a shape to which ${formatShape(x.shape)} stretches`,
        got: formatShape(shape),
      });
    }
    return [{ dtype: "float32", shape }];
  },
  // y = x stretched  =>  dx = dy, summed to x's shape by the reverse walk
  gradient: ({ outputGradients: [dy] }) => [dy],
  reference: ([x], { shape }) => {
    const y = tensor(shape as readonly number[]);
    for (let at = 0; at < y.data.length; at++) y.data[at] = x.data[broadcastOffset(at, y.shape, x.shape)];
    return [y];
  },
  samples: [{ inputs: [{ shape: [3, 1] }], attributes: { shape: [2, 3, 4] } }],
  errors: [
    { inputs: [{ shape: [3] }], attributes: { shape: [2, 4] }, code: "E_SHAPE", why: "3 does not stretch to 4" },
  ],
  source: "https://onnx.ai/onnx/operators/onnx__Expand.html",
});

/**
 * The largest along `axis`, which stays as an axis of size 1.
 *
 * @example
 * const largest = reduceMax(sequence, 1); // [B, 1, D]
 */
export const reduceMax = (x: Value, axis: number): Value => applyOne(ReduceMax, [x], { axis });
/**
 * The sum over `axes`, which stay as axes of size 1.
 *
 * @example
 * const sum = reduceSum(sequence, [1]); // [B, 1, D]
 */
export const reduceSum = (x: Value, axes: readonly number[]): Value => applyOne(ReduceSum, [x], { axes });
export const sumLeading = (x: Value): Value => applyOne(SumLeading, [x]);
/**
 * Repeats axes of size 1 up to `shape`.
 *
 * @example
 * const [batch, tokens, hidden] = sequence.shape;
 * const everywhere = expand(reshape(x, [batch, 1, hidden]), [batch, tokens, hidden]);
 */
export const expand = (x: Value, shape: Shape): Value =>
  sameShape(x.shape, shape) ? x : applyOne(Expand, [x], { shape });
