/** Multi-head self-attention. */
import type { Value } from "../graph/graph.js";
import { step } from "../ops/activation.js";
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
  return biasOf(reshape(toFloat(mask), [batch, 1, 1, tokens]));
}

/**
 * As {@link attentionBias}, where a token sees only those of at most `distance` tokens to its left or right;
 * [B, 1, T, T] float32 of positions [T] int64.
 *
 * @source arXiv:2004.05150 section 3.1; transformers masking_utils.py sliding_window_bidirectional_overlay
 */
export function localAttentionBias(mask: Value, positions: Value, distance: number): Value {
  const [batch, tokens] = mask.shape;
  const at = toFloat(positions);
  const between = sub(reshape(at, [tokens, 1]), reshape(at, [1, tokens]));
  const far = step(sub(mul(between, between), scalar(at, distance ** 2)));
  return biasOf(mul(reshape(toFloat(mask), [batch, 1, 1, tokens]), sub(scalar(at, 1), far)));
}

/** The scores to add where `seen` is 1 for what is seen and 0 for what is not. */
function biasOf(seen: Value): Value {
  return mul(sub(scalar(seen, 1), seen), scalar(seen, MASKED_SCORE));
}

export interface AttendOptions {
  /** Number of heads H, a divisor of D. */
  readonly heads: number;
  /** Probability with which an attention weight is dropped in training. */
  readonly dropout: number;
}

export interface AttentionOptions extends AttendOptions {
  /** Standard deviation of new weights. */
  readonly deviation: number;
  /** What the three dense layers are called. */
  readonly names: { readonly query: string; readonly key: string; readonly value: string };
}

/** x [B, T, D] as heads, [B, H, T, D / H]. */
export function splitHeads(x: Value, heads: number): Value {
  const [batch, tokens, hidden] = x.shape;
  return transpose(reshape(x, [batch, tokens, heads, (hidden as number) / heads]), [0, 2, 1, 3]);
}

/** The reverse: x [B, H, T, K] side by side, [B, T, H K]. */
export function joinHeads(x: Value): Value {
  const [batch, heads, tokens, size] = x.shape;
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, tokens, (heads as number) * (size as number)]);
}

/** Q Kᵀ / sqrt(K) of heads: query and key [B, H, T, K]; [B, H, T, T]. */
export function attentionScores(query: Value, key: Value): Value {
  return matMul(query, key, { transposeB: true, scale: 1 / Math.sqrt(query.shape[3] as number) });
}

/**
 * softmax(Q Kᵀ / sqrt(D / H) + bias) V per head, heads side by side: query, key and value [B, T, D], bias [B, 1, 1, T] or
 * what else stretches to [B, H, T, T]; [B, T, D].
 *
 * @source arXiv:1706.03762 section 3.2
 */
export function attend(
  scope: Scope,
  { query, key, value }: { readonly query: Value; readonly key: Value; readonly value: Value },
  bias: Value,
  { heads, dropout: probability }: AttendOptions,
): Value {
  const scores = attentionScores(splitHeads(query, heads), splitHeads(key, heads));
  return attendByScores(scope, scores, splitHeads(value, heads), bias, probability);
}

/** softmax(scores + bias) V, heads side by side: scores [B, H, T, T], value [B, H, T, D / H]; [B, T, D]. */
export function attendByScores(scope: Scope, scores: Value, value: Value, bias: Value, probability: number): Value {
  return joinHeads(matMul(dropout(scope, softmax(add(scores, bias)), probability), value));
}

/**
 * {@link attend} of x [B, T, D] to itself; [B, T, D]. Query, key and value come from a dense layer D to D each.
 *
 * @source transformers modeling_bert.py BertSelfAttention
 */
export function selfAttention(
  scope: Scope,
  x: Value,
  bias: Value,
  { names, deviation, ...options }: AttentionOptions,
): Value {
  const of = (name: string): Value => dense(scope.child(name), x, x.shape[2] as number, deviation);
  return attend(scope, { query: of(names.query), key: of(names.key), value: of(names.value) }, bias, options);
}
