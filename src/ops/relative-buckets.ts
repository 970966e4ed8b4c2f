/** How far apart two tokens are, in buckets that grow with the distance: what a relative position bias is looked up by. */
import type { Value } from "../graph/graph.js";
import { applyOne } from "../graph/graph.js";
import { defineOp, type Op } from "../graph/op.js";
import { tensor } from "./reference.js";
import { expectDType, expectRank } from "./rules.js";

/**
 * The bucket of a key `offset` tokens behind its query, of `buckets`: half of them for keys before the query and half
 * for those after it; of each half, the first half for one distance each, and the rest for distances that grow as a
 * logarithm does, up to `maxDistance`.
 */
export function relativeBucket(offset: number, buckets: number, maxDistance: number): number {
  const half = Math.floor(buckets / 2);
  const exact = Math.floor(half / 2);
  const distance = Math.abs(offset);
  const first = offset > 0 ? half : 0;
  if (distance < exact) return first + distance;
  // In float32 as the reference does, so that distances on a border fall to the same side.
  const ratio = Math.fround(Math.log(Math.fround(distance / exact)));
  const steps = Math.fround(Math.fround(ratio / Math.log(maxDistance / exact)) * (half - exact));
  return first + Math.min(exact + Math.trunc(steps), half - 1);
}

/** y[i, j] = the bucket of j - i for each token of ids [B, T] int64; y [T, T] int64 in [0, buckets). */
export const RelativeBuckets: Op = defineOp<{ buckets: number; maxDistance: number }>({
  name: "RelativeBuckets",
  // Where a distance lies beyond the last border its bucket is the last one, so that a table of all nearer ones will do.
  onnx: ({ emit, node, outputs: [y], attributes: { buckets, maxDistance } }) => {
    const number = (value: number): string => emit.constant("int64", [], [value]);
    const offsets = Array.from({ length: 2 * maxDistance + 1 }, (_, at) => at - maxDistance);
    const table = emit.constant(
      "int64",
      [offsets.length],
      offsets.map((offset) => relativeBucket(offset, buckets, maxDistance)),
    );
    const [tokens] = emit.node("Squeeze", [emit.dims([node.outputs[0].shape[0]])]);
    const [positions] = emit.node("Range", [number(0), tokens, number(1)]);
    const [column] = emit.node("Unsqueeze", [positions, emit.constant("int64", [1], [1])]);
    const [difference] = emit.node("Sub", [positions, column]);
    const [shifted] = emit.node("Add", [difference, number(maxDistance)]);
    const [above] = emit.node("Max", [shifted, number(0)]);
    const [within] = emit.node("Min", [above, number(2 * maxDistance)]);
    emit.node("Gather", [table, within], { outputs: [y] });
  },
  infer: ([ids]) => {
    expectDType(ids, "int64", "ids");
    expectRank(ids, 2, "ids");
    return [{ dtype: "int64", shape: [ids.shape[1], ids.shape[1]] }];
  },
  gradient: { none: "an integer has no gradient" },
  reference: ([ids], { buckets, maxDistance }) => {
    const tokens = ids.shape[1];
    const y = tensor([tokens, tokens]);
    for (let i = 0; i < tokens; i++)
      for (let j = 0; j < tokens; j++) y.data[i * tokens + j] = relativeBucket(j - i, buckets, maxDistance);
    return [y];
  },
  samples: [
    {
      inputs: [{ shape: [2, 5], dtype: "int64", fill: { below: 9 } }],
      attributes: { buckets: 32, maxDistance: 128 },
    },
    // Far beyond the last border.
    {
      inputs: [{ shape: [1, 30], dtype: "int64", fill: { below: 9 } }],
      attributes: { buckets: 8, maxDistance: 16 },
    },
  ],
  errors: [
    {
      inputs: [{ shape: [2, 5] }],
      attributes: { buckets: 32, maxDistance: 128 },
      code: "E_DTYPE",
      why: "float32 ids",
    },
  ],
  source: "arXiv:1910.10683 section 2.1; transformers modeling_mpnet.py MPNetEncoder.relative_position_bucket",
});

export const relativeBuckets = (ids: Value, buckets: number, maxDistance: number): Value =>
  applyOne(RelativeBuckets, [ids], { buckets, maxDistance });
