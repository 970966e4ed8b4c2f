/** Sums over attention heads. */
import type { Value } from "../graph/graph.js";
import { applyOne } from "../graph/graph.js";
import { defineOp, type Op } from "../graph/op.js";
import { multiplyDims, type Shape } from "../graph/shape.js";
import { matMul } from "./linear.js";
import { reshape, transpose } from "./movement.js";
import { reduceSum } from "./reduction.js";
import { ravel, tensor, unravel } from "./reference.js";
import { expectDType, expectRank, expectShape } from "./rules.js";

/** y[b, g, t, s] = Σ over h of w[h, g] x[b, h, t, s]: x [B, H, T, S], w [H, G]; y [B, G, T, S]. */
export const MixHeads: Op = defineOp({
  name: "MixHeads",
  onnx: ({ emit, node, inputs: [x, w], outputs: [y] }) => {
    const [{ shape }] = node.inputs;
    const [result] = node.outputs;
    const [turned] = emit.node("Transpose", [w], { attributes: { perm: { ints: [1, 0] } } });
    const [mixed] = emit.node("MatMul", [turned, emit.reshape(x, shape, flat(shape))]);
    emit.reshape(mixed, flat(result.shape), result.shape, y);
  },
  infer: ([x, w]) => {
    expectDType(x, "float32", "x");
    expectDType(w, "float32", "w");
    expectRank(x, 4, "x");
    expectRank(w, 2, "w");
    const [batch, heads, ...rest] = x.shape;
    expectShape(w, [heads, w.shape[1]], "w");
    return [{ dtype: "float32", shape: [batch, w.shape[1], ...rest] }];
  },
  // y = wᵀ x of each text  =>  dx = w dy, dw = Σ x dyᵀ
  gradient: ({ inputs: [x, w], outputGradients: [dy], wanted }) => {
    if (dy === undefined) return [];
    const product = () => matMul(reshape(x, flat(x.shape)), reshape(dy, flat(dy.shape)), { transposeB: true });
    return [
      wanted[0] ? mixHeads(dy, transpose(w, [1, 0])) : undefined,
      wanted[1] ? reshape(reduceSum(product(), [0]), w.shape) : undefined,
    ];
  },
  reference: ([x, w]) => {
    const [batch, heads, ...rest] = x.shape;
    const y = tensor([batch, w.shape[1], ...rest]);
    for (const at of y.data.keys()) {
      const index = unravel(at, y.shape);
      const to = index[1];
      for (let head = 0; head < heads; head++) {
        index[1] = head;
        y.data[at] += w.data[head * w.shape[1] + to] * x.data[ravel(index, x.shape)];
      }
    }
    return [y];
  },
  slice: ({ axis }) => (axis === 1 ? { inputs: ["whole", 1] } : { inputs: [axis, "whole"] }),
  samples: [{ inputs: [{ shape: [2, 3, 4, 5] }, { shape: [3, 2] }], attributes: {} }],
  errors: [
    { inputs: [{ shape: [2, 3, 4, 5] }, { shape: [4, 2] }], attributes: {}, code: "E_SHAPE", why: "3 heads are not 4" },
    {
      inputs: [{ shape: [3, 4, 5] }, { shape: [3, 2] }],
      attributes: {},
      code: "E_SHAPE",
      why: "no axis for the batch",
    },
  ],
  source: "numpy.einsum('bhts,hg->bgts', x, w)",
});

/** x [B, H, T, S] with a row for each head: [B, H, T · S]. */
function flat([batch, heads, ...rest]: Shape): Shape {
  return [batch, heads, multiplyDims(rest)];
}

export const mixHeads = (x: Value, w: Value): Value => applyOne(MixHeads, [x, w]);
