/** One vector for a text from those of its tokens, padding left out. */
import type { Value } from "../graph/graph.js";
import { add, div, mul, scalar, sub } from "../ops/arithmetic.js";
import { toFloat } from "../ops/conversion.js";
import { reshape, slice } from "../ops/movement.js";
import { reduceMax, reduceSum } from "../ops/reduction.js";

/** The lowest float32: padding is never the largest. */
const LOWEST = -3.4028234663852886e38;

/**
 * The hidden state of each row's first token: x [B, T, D]; [B, D].
 *
 * @example
 * const pooled = firstToken(sequence);
 */
export function firstToken(x: Value): Value {
  const [batch, , hidden] = x.shape;
  return reshape(slice(x, 1, 0, 1), [batch, hidden]);
}

/**
 * The mean over the tokens of a text: x [B, T, D], mask [B, T] int64 with 1 on tokens and 0 on padding; [B, D].
 *
 * @example
 * const pooled = meanOverTokens(sequence, mask);
 */
export function meanOverTokens(x: Value, mask: Value): Value {
  const [batch, tokens, hidden] = x.shape;
  const real = reshape(toFloat(mask), [batch, tokens, 1]);
  return reshape(div(reduceSum(mul(x, real), [1]), reduceSum(real, [1])), [batch, hidden]);
}

/**
 * The largest over the tokens of a text, element by element: x [B, T, D], mask [B, T] int64; [B, D].
 *
 * @example
 * const pooled = maxOverTokens(sequence, mask);
 */
export function maxOverTokens(x: Value, mask: Value): Value {
  const [batch, tokens, hidden] = x.shape;
  const real = reshape(toFloat(mask), [batch, tokens, 1]);
  const padding = mul(sub(scalar(real, 1), real), scalar(real, LOWEST));
  // Times the mask first, for a large value of padding plus the lowest number would be infinite.
  return reshape(reduceMax(add(mul(x, real), padding), 1), [batch, hidden]);
}
