/** Disentangled attention: what a token says and how far it is away have a part of their own in every score. */
import type { Value } from "../../graph/graph.js";
import { attendByScores, splitHeads } from "../../nn/attention.js";
import { dense, dropout } from "../../nn/layers.js";
import type { Scope } from "../../nn/scope.js";
import { add } from "../../ops/arithmetic.js";
import { byKey } from "../../ops/distance.js";
import { matMul } from "../../ops/linear.js";
import { lookup } from "../../ops/lookup.js";
import { reshape, transpose } from "../../ops/movement.js";

export interface DisentangledOptions {
  /** Number of heads H, a divisor of D. */
  readonly heads: number;
  /** Probabilities of dropout: of attention weights, and of the embeddings of distances. */
  readonly dropout: { readonly weights: number; readonly distances: number };
  /** Standard deviation of new weights. */
  readonly deviation: number;
  /** The embeddings of distances [N, D], and the row of each distance -T … T - 1 and of T … 1 - T, [2T] int64. */
  readonly distances: { readonly table: Value; readonly ascending: Value; readonly descending: Value };
}

/**
 * softmax((Q Kᵀ + Q Pᵀ + (K Rᵀ)ᵀ) / sqrt(3 D / H) + bias) V per head: x [B, T, D], bias [B, 1, 1, T]; [B, T, D]. P and R
 * are the keys and queries of the distances from query to key.
 *
 * Both products with distances give a row for each token and a column for each distance -T … T - 1, which is moved to the
 * column of the key (or query) that stands there: no element is looked up by itself.
 *
 * @source arXiv:2006.03654 section 3.1; transformers modeling_deberta_v2.py DisentangledSelfAttention
 */
export function disentangledAttention(scope: Scope, x: Value, bias: Value, options: DisentangledOptions): Value {
  const { heads, deviation, distances } = options;
  const width = x.shape[x.shape.length - 1] as number;
  const project = (name: string, from: Value): Value => dense(scope.child(name), from, width, deviation);
  const [query, key, value] = ["query_proj", "key_proj", "value_proj"].map((name) =>
    splitHeads(project(name, x), heads),
  );
  const table = dropout(scope, distances.table, options.dropout.distances);
  // The same layers as those of the tokens: [H, 2T, D / H].
  const ofDistances = (name: string, ids: Value): Value => {
    const rows = project(name, lookup(table, ids));
    return transpose(reshape(rows, [ids.shape[0], heads, width / heads]), [1, 0, 2]);
  };
  const score = (a: Value, b: Value): Value =>
    matMul(a, b, { transposeB: true, scale: 1 / Math.sqrt((3 * width) / heads) });
  // Column j - i + T: of the key j, its distance from the query i is i - j; of the query j, from it to the key i j - i.
  const toDistances = byKey(score(query, ofDistances("key_proj", distances.descending)));
  const fromDistances = byKey(score(key, ofDistances("query_proj", distances.ascending)));
  const scores = add(add(score(query, key), toDistances), transpose(fromDistances, [0, 1, 3, 2]));
  return attendByScores(scope, scores, value, bias, options.dropout.weights);
}
