/** From logits to an answer. Prediction and evaluation decide by these, so that what is measured is what is done. */

import { z } from "zod";
import { fail } from "../base/errors.js";
import type { Family } from "./family.js";
import { sigmoid } from "./probability.js";

/** What is known of how to read a model's outputs; kept with the model. */
export const decisionSchema = z.strictObject({
  /** By what logits are divided, so that probabilities become what they say; 1 without it. */
  temperature: z.number().positive().optional(),
  /**
   * Probabilities from which on the answer is yes: one for two classes (that of the second), one for all labels or one
   * for each. Without it the most probable class, and 0.5.
   */
  threshold: z.union([z.number().min(0).max(1), z.array(z.number().min(0).max(1)).readonly()]).optional(),
});

/** How the outputs of a model are read. */
export type Decision = z.output<typeof decisionSchema>;

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

/** `logits` divided by the temperature. */
export function cooled<L extends Float32Array | Float64Array>(logits: L, temperature = 1): L {
  return temperature === 1 ? logits : (logits.map((logit) => logit / temperature) as L);
}

/** One threshold for two classes, one for each label. @throws E_CONFIG where there can be none */
export function thresholdsOf(
  family: Family,
  labelNames: readonly string[],
  threshold: number | readonly number[] | undefined,
): readonly number[] | undefined {
  if (threshold === undefined) return undefined;
  const where = "threshold";
  if (family === "regression" || (family !== "multi-label" && labelNames.length !== 2)) {
    fail("E_CONFIG", {
      where,
      expected: "a model of two classes or of several labels a row",
      got: family === "regression" ? "a regression" : `one of ${labelNames.length} classes`,
      fix: "leave the threshold out: the most probable class is the answer",
    });
  }
  const count = family === "multi-label" ? labelNames.length : 1;
  const all = typeof threshold === "number" ? Array.from({ length: count }, () => threshold) : threshold;
  if (all.length !== count || all.some((one) => !(one >= 0 && one <= 1))) {
    fail("E_CONFIG", {
      where,
      expected:
        count === 1 ? "a probability from 0 to 1" : `a probability from 0 to 1, or one for each of ${count} labels`,
      got: all.join(", "),
    });
  }
  return all;
}
