/** Rotary positions: the two halves of each head turned by an angle that grows with the position. */
import { fail } from "../base/errors.js";
import type { Value } from "../graph/graph.js";
import { applyOne } from "../graph/graph.js";
import { defineOp, type Op } from "../graph/op.js";
import { divideDim, formatShape } from "../graph/shape.js";
import { neg } from "./arithmetic.js";
import { tensor } from "./reference.js";
import { expectDType, expectRank, expectShape } from "./rules.js";

/**
 * Of each head of x [B, T, H · 2R] the first half a and the second half b, R wide, become a cos - b sin and
 * b cos + a sin; cos and sin [T, R] are those of the angles of each position.
 */
export const Rotary: Op = defineOp({
  name: "Rotary",
  onnx: ({ emit, node, inputs: [x, cos, sin], outputs: [y] }) => {
    const [{ shape }, { shape: angles }] = node.inputs;
    if (emit.operators === "onnxruntime" && emit.device === "cpu") {
      // One position says where the first row of cos and sin stands.
      const first = emit.constant("int64", [1], [0]);
      emit.node("RotaryEmbedding", [x, first, cos, sin], { outputs: [y], domain: "com.microsoft" });
      return;
    }
    const [, tokens, hidden] = shape;
    const width = angles[1] as number;
    const heads = (hidden as number) / (2 * width);
    const halves = [shape[0], tokens, heads, 2, width];
    const [a, b] = emit.node("Split", [emit.reshape(x, shape, halves)], {
      outputs: [`${y}.first`, `${y}.second`],
      attributes: { axis: { int: 3 }, num_outputs: { int: 2 } },
    });
    const [c, s] = [cos, sin].map((value) => emit.reshape(value, angles, [tokens, 1, 1, width]));
    const times = (left: string, right: string): string => emit.node("Mul", [left, right])[0];
    const [first] = emit.node("Sub", [times(a, c), times(b, s)]);
    const [second] = emit.node("Add", [times(b, c), times(a, s)]);
    const [turned] = emit.node("Concat", [first, second], { attributes: { axis: { int: 3 } } });
    emit.reshape(turned, halves, shape, y);
  },
  infer: ([x, cos, sin]) => {
    for (const input of [x, cos, sin]) expectDType(input, "float32", "input");
    expectRank(x, 3, "x");
    const [, tokens, hidden] = x.shape;
    const [, width] = cos.shape;
    expectShape(cos, [tokens, width], "cos");
    expectShape(sin, cos.shape, "sin");
    if (typeof width !== "number" || divideDim(hidden, 2 * width) === undefined)
      fail("E_SHAPE", { where: "cos", expected: `half of a head of ${hidden}`, got: formatShape(cos.shape) });
    return [{ dtype: "float32", shape: x.shape }];
  },
  // y = x turned by an angle  =>  dx = dy turned back
  gradient: ({ inputs: [, cos, sin], outputGradients: [dy] }) => [
    dy && rotary(dy, cos, neg(sin)),
    undefined,
    undefined,
  ],
  reference: ([x, cos, sin]) => {
    const [, tokens, hidden] = x.shape;
    const width = cos.shape[1];
    const y = tensor(x.shape);
    for (const [at, value] of x.data.entries()) {
      const token = Math.floor(at / hidden) % tokens;
      const inHead = at % (2 * width);
      const angle = token * width + (inHead % width);
      const [other, sign] = inHead < width ? [at + width, -1] : [at - width, 1];
      y.data[at] = value * cos.data[angle] + sign * x.data[other] * sin.data[angle];
    }
    return [y];
  },
  slice: ({ axis }) => {
    if (axis === 0) return { inputs: [0, "whole", "whole"] };
    return axis === 1 ? { inputs: [1, 0, 0] } : undefined;
  },
  samples: [
    {
      inputs: [
        { shape: [2, 5, 12] },
        { shape: [5, 2], fill: "unit", differentiate: false },
        { shape: [5, 2], fill: "unit", differentiate: false },
      ],
      attributes: {},
    },
  ],
  errors: [
    {
      inputs: [{ shape: [2, 5, 12] }, { shape: [4, 2] }, { shape: [4, 2] }],
      attributes: {},
      code: "E_SHAPE",
      why: "4 positions for 5 tokens",
    },
    {
      inputs: [{ shape: [2, 5, 10] }, { shape: [5, 2] }, { shape: [5, 2] }],
      attributes: {},
      code: "E_SHAPE",
      why: "10 is no multiple of a head of 4",
    },
  ],
  source: "arXiv:2104.09864; transformers modeling_modernbert.py apply_rotary_pos_emb; onnxruntime RotaryEmbedding",
});

export const rotary = (x: Value, cos: Value, sin: Value): Value => applyOne(Rotary, [x, cos, sin]);
