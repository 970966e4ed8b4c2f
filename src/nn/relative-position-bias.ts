/** A bias of attention by how far apart two tokens are. */
import type { Value } from "../graph/graph.js";
import { lookup } from "../ops/lookup.js";
import { reshape, transpose } from "../ops/movement.js";
import { relativeBuckets } from "../ops/relative-buckets.js";
import type { Scope } from "./scope.js";

/**
 * What is added to the scores of attention, [1, H, T, T], for ids [B, T] int64: for each head a row of the parameter
 * `weight` [buckets, H], by the bucket of the distance from query to key.
 *
 * @source arXiv:1910.10683 section 2.1; transformers modeling_mpnet.py MPNetEncoder.compute_position_bias
 */
export function relativePositionBias(
  scope: Scope,
  ids: Value,
  options: {
    readonly buckets: number;
    /** From this distance on all are in one bucket. */
    readonly maxDistance: number;
    readonly heads: number;
    readonly deviation: number;
  },
): Value {
  const { buckets, heads, deviation } = options;
  const tokens = ids.shape[1];
  // Not decayed, as its name has "bias" in it. @source transformers Trainer.get_decay_parameter_names
  const table = scope.parameter("weight", [buckets, heads], { normal: deviation }, { decay: false });
  const rows = lookup(table, relativeBuckets(ids, buckets, options.maxDistance)); // [T, T, H]
  return reshape(transpose(rows, [2, 0, 1]), [1, heads, tokens, tokens]);
}
