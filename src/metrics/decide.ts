/** From logits to an answer. Prediction and evaluation decide by these, so that what is measured is what is done. */

import { sigmoid } from "./probability.js";

/**
 * The class of one row: that of the largest logit, the first of equal ones (as numpy.argmax has it). With a threshold,
 * which two classes only can have, the second class where its probability is at least the threshold.
 *
 * @param logits [..., C] row by row, the row from `start` on
 * @param threshold in [0, 1]
 */
export function predictedClass(
  logits: ArrayLike<number>,
  start: number,
  classes: number,
  threshold: number | undefined,
): number {
  if (threshold !== undefined) return isYes(logits[start + 1] - logits[start], threshold) ? 1 : 0;
  let best = 0;
  for (let c = 1; c < classes; c++) if (logits[start + c] > logits[start + best]) best = c;
  return best;
}

/** Whether the probability that the sigmoid of `logit` gives is at least `threshold`, in [0, 1]. */
export function isYes(logit: number, threshold = 0.5): boolean {
  return sigmoid(logit) >= threshold;
}
