/** Probabilities from logits, in float64, so that no logit is too large for them. */

/** log(1 + e^x). */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** 1 / (1 + e^-x). */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** log Σ e^x over `count` values from `start` on. The largest is taken out first: exp of a large one would overflow. */
export function logSumExp(values: ArrayLike<number>, start: number, count: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = start; i < start + count; i++) largest = Math.max(largest, values[i]);
  let sum = 0;
  for (let i = start; i < start + count; i++) sum += Math.exp(values[i] - largest);
  return largest + Math.log(sum);
}

/**
 * The logarithms of the softmax of `count` values from `start` on, written to `result` [count].
 *
 * Near a probability of 1 its logarithm is taken from the others', so that rows which differ there do not become equal.
 */
export function logSoftmax(values: ArrayLike<number>, start: number, count: number, result: Float32Array): void {
  let largest = start;
  for (let i = start + 1; i < start + count; i++) if (values[i] > values[largest]) largest = i;
  let others = 0;
  for (let i = start; i < start + count; i++) if (i !== largest) others += Math.exp(values[i] - values[largest]);
  const log = Math.log1p(others);
  for (let i = 0; i < count; i++) result[i] = values[start + i] - values[largest] - log;
}
