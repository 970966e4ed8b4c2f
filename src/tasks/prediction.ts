/** Predictions from logits. */
import { fail } from "../base/errors.js";
import { cooled, type Decision, predictedClass } from "../metrics/decide.js";

/** What a classifier says of a text. */
export interface Prediction {
  /** The most probable class, or what a threshold makes of two. */
  readonly label: string;
  /** Its probability, in (0, 1]. */
  readonly probability: number;
  /** The probability of each class; they sum to 1. */
  readonly scores: Readonly<Record<string, number>>;
}

/**
 * The most probable of `labels` by a softmax over a row of logits [C], in float64. Of equal classes the first wins. With
 * a threshold, which two classes can have, the second where it is at least that probable, and else the first.
 *
 * @throws E_WEIGHTS for a logit that is NaN or infinite
 */
export function mostProbable(
  logits: ArrayLike<number>,
  labels: readonly string[],
  { temperature, threshold }: Decision = {},
): Prediction {
  const values = Array.from(cooled(Float64Array.from(logits), temperature));
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong !== undefined)
    fail("E_WEIGHTS", {
      where: "prediction",
      expected: "finite scores",
      got: String(wrong),
      fix: "the weights hold values that are no numbers: train the classifier anew, at a lower learning rate",
    });
  const top = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  const best = predictedClass(values, 0, values.length, [threshold ?? []].flat()[0]);
  const scores = Object.fromEntries(labels.map((label, id) => [label, powers[id] / sum]));
  return { label: labels[best], probability: powers[best] / sum, scores };
}
