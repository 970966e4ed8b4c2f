/** Several tensors side by side in one, and one taken apart. */
import { fail } from "../base/errors.js";
import type { Value } from "../graph/graph.js";
import { defineOp, type Op } from "../graph/op.js";
import { formatShape, type Shape, sameShape } from "../graph/shape.js";
import { expand } from "./reduction.js";
import { ravel, tensor, unravel } from "./reference.js";
import { expectAxis, expectDType } from "./rules.js";

/** The parts of x along an axis of a known size: as many as `sizes` has, one after the other. */
export const Split: Op = defineOp<{ axis: number; sizes: readonly number[] }>({
  name: "Split",
  onnx: ({ emit, inputs: [x], outputs, attributes: { axis, sizes } }) => {
    emit.node("Split", [x, emit.constant("int64", [sizes.length], sizes)], {
      outputs,
      attributes: { axis: { int: axis } },
    });
  },
  infer: ([x], { axis, sizes }) => {
    expectDType(x, "float32", "input");
    expectAxis(axis, x.shape.length);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (x.shape[axis] !== total)
      fail("E_SHAPE", {
        where: `axis ${axis}`,
        expected: `the sum of the parts, ${total}`,
        got: String(x.shape[axis]),
      });
    return sizes.map((size) => ({ dtype: "float32", shape: withSize(x.shape, axis, size) }));
  },
  // (y1, y2) = parts of x  =>  dx = (dy1, dy2) side by side
  gradient: ({ inputs: [x], outputs, outputGradients }, { axis }) => {
    const zeros = (shape: Shape): Value => expand(x.graph.constant("float32", [], [0]), shape);
    return [
      x.graph.apply(
        Concat,
        outputs.map(({ shape }, part) => outputGradients[part] ?? zeros(shape)),
        { axis },
      )[0],
    ];
  },
  reference: ([x], { axis, sizes }) => {
    let start = 0;
    return sizes.map((size) => {
      const y = tensor(withSize(x.shape, axis, size) as number[]);
      for (const at of y.data.keys()) {
        const index = unravel(at, y.shape);
        index[axis] += start;
        y.data[at] = x.data[ravel(index, x.shape)];
      }
      start += size;
      return y;
    });
  },
  slice: (part, _node, { axis }) => (part.axis === axis ? undefined : { inputs: [part.axis] }),
  samples: [
    { inputs: [{ shape: [7, 3] }], attributes: { axis: 0, sizes: [2, 4, 1] } },
    { inputs: [{ shape: [2, 6] }], attributes: { axis: 1, sizes: [3, 3] } },
  ],
  errors: [
    { inputs: [{ shape: [5, 3] }], attributes: { axis: 0, sizes: [2, 2] }, code: "E_SHAPE", why: "4 of 5 rows" },
  ],
  source: "https://onnx.ai/onnx/operators/onnx__Split.html; torch.split",
});

/** The inputs one after the other along an axis of known sizes. */
export const Concat: Op = defineOp<{ axis: number }>({
  name: "Concat",
  onnx: { type: "Concat", attributes: ({ axis }) => ({ axis: { int: axis } }) },
  infer: (inputs, { axis }) => {
    const [{ shape }] = inputs;
    expectAxis(axis, shape.length);
    for (const input of inputs) {
      expectDType(input, "float32", "input");
      if (!sameShape(withSize(input.shape, axis, 0), withSize(shape, axis, 0)))
        fail("E_SHAPE", { where: "input", expected: formatShape(shape), got: formatShape(input.shape) });
    }
    const total = inputs.reduce((sum, input) => sum + (input.shape[axis] as number), 0);
    return [{ dtype: "float32", shape: withSize(shape, axis, total) }];
  },
  // y = (x1, x2) side by side  =>  (dx1, dx2) = parts of dy
  gradient: ({ inputs, outputGradients: [dy] }, { axis }) =>
    dy === undefined
      ? []
      : dy.graph.apply(Split, [dy], { axis, sizes: inputs.map(({ shape }) => shape[axis] as number) }),
  reference: (inputs, { axis }) => {
    const total = inputs.reduce((sum, { shape }) => sum + shape[axis], 0);
    const y = tensor(withSize(inputs[0].shape, axis, total) as number[]);
    let start = 0;
    for (const x of inputs) {
      for (const [at, value] of x.data.entries()) {
        const index = unravel(at, x.shape);
        index[axis] += start;
        y.data[ravel(index, y.shape)] = value;
      }
      start += x.shape[axis];
    }
    return [y];
  },
  slice: (part, node, { axis }) => (part.axis === axis ? undefined : { inputs: node.inputs.map(() => part.axis) }),
  samples: [
    { inputs: [{ shape: [2, 3] }, { shape: [4, 3] }], attributes: { axis: 0 } },
    { inputs: [{ shape: [2, 1] }, { shape: [2, 3] }, { shape: [2, 2] }], attributes: { axis: 1 } },
  ],
  errors: [
    { inputs: [{ shape: [2, 3] }, { shape: [2, 4] }], attributes: { axis: 0 }, code: "E_SHAPE", why: "3 is not 4" },
  ],
  source: "https://onnx.ai/onnx/operators/onnx__Concat.html; torch.cat",
});

function withSize(shape: Shape, axis: number, size: number): Shape {
  return shape.map((dim, own) => (own === axis ? size : dim));
}

/** `count` equal parts of x along `axis`, whose size has to be known. */
export const splitEvenly = (x: Value, axis: number, count: number): readonly Value[] =>
  x.graph.apply(Split, [x], { axis, sizes: new Array<number>(count).fill((x.shape[axis] as number) / count) });
