/** Multi-head self-attention. */
import type { Value } from "../graph/graph.js";
import { add, mul, scalar, sub } from "../ops/arithmetic.js";
import { toFloat } from "../ops/conversion.js";
import { matMul } from "../ops/linear.js";
import { reshape, transpose } from "../ops/movement.js";
import { softmax } from "../ops/softmax.js";
import { dense, dropout } from "./layers.js";
import type { Scope } from "./scope.js";

/**
 * What is added to the scores of padding: the lowest float32. A softmax gives such a key exactly zero weight
 * beside any real one, and -Infinity would turn a row without real keys into NaN.
 */
const MASKED_SCORE = -3.4028234663852886e38;

/** Scores to add, [B, 1, 1, T] float32, from a mask [B, T] int64 with 1 on tokens and 0 on padding. */
export function attentionBias(mask: Value): Value {
  const [batch, tokens] = mask.shape;
  const real = toFloat(mask);
  return reshape(mul(sub(scalar(real, 1), real), scalar(real, MASKED_SCORE)), [batch, 1, 1, tokens]);
}

export interface AttentionOptions {
  /** Number of heads H, a divisor of D. */
  readonly heads: number;
  /** Probability with which an attention weight is dropped in training. */
  readonly dropout: number;
  /** Standard deviation of new weights. */
  readonly deviation: number;
  /** What the three dense layers are called. */
  readonly names: { readonly query: string; readonly key: string; readonly value: string };
}

/**
 * softmax(Q Kᵀ / sqrt(D / H) + bias) V per head, heads side by side: x [B, T, D], bias [B, 1, 1, T] or what else
 * stretches to [B, H, T, T]; [B, T, D]. Query, key and value come from a dense layer D to D each.
 *
 * @source arXiv:1706.03762 section 3.2; transformers modeling_bert.py BertSelfAttention
 */
export function selfAttention(scope: Scope, x: Value, bias: Value, options: AttentionOptions): Value {
  const [batch, tokens, hidden] = x.shape;
  const { heads, deviation, names } = options;
  const headSize = (hidden as number) / heads;
  const split = (name: string): Value => {
    const projected = dense(scope.child(name), x, hidden as number, deviation);
    return transpose(reshape(projected, [batch, tokens, heads, headSize]), [0, 2, 1, 3]); // [B, H, T, D / H]
  };
  const query = split(names.query);
  const scores = matMul(query, split(names.key), { transposeB: true, scale: 1 / Math.sqrt(headSize) }); // [B, H, T, T]
  const weights = dropout(scope, softmax(add(scores, bias)), options.dropout);
  const context = matMul(weights, split(names.value)); // [B, H, T, D / H]
  return reshape(transpose(context, [0, 2, 1, 3]), [batch, tokens, hidden]);
}
