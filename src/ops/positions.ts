/** The positions of tokens, for models that are not given them. */
import type { Value } from "../graph/graph.js";
import { applyOne } from "../graph/graph.js";
import { defineOp, type Op } from "../graph/op.js";
import { expectDType, expectRank } from "./rules.js";

/** y[t] = t for each token of ids [B, T] int64; y [T] int64. */
export const Positions: Op = defineOp({
  name: "Positions",
  onnx: ({ emit, node, outputs: [y] }) => {
    const number = (value: number): string => emit.constant("int64", [], [value]);
    const [tokens] = emit.node("Squeeze", [emit.dims(node.outputs[0].shape)]);
    emit.node("Range", [number(0), tokens, number(1)], { outputs: [y] });
  },
  infer: ([ids]) => {
    expectDType(ids, "int64", "ids");
    expectRank(ids, 2, "ids");
    return [{ dtype: "int64", shape: [ids.shape[1]] }];
  },
  gradient: { none: "an integer has no gradient" },
  reference: ([ids]) => [{ shape: [ids.shape[1]], data: Float64Array.from({ length: ids.shape[1] }, (_, t) => t) }],
  samples: [{ inputs: [{ shape: [2, 5], dtype: "int64", fill: { below: 9 } }], attributes: {} }],
  errors: [{ inputs: [{ shape: [2, 5] }], attributes: {}, code: "E_DTYPE", why: "float32 ids" }],
  source: "transformers models/bert/modeling_bert.py BertEmbeddings.position_ids",
});

export const positions = (ids: Value): Value => applyOne(Positions, [ids]);
