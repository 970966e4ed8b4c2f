/** Predictions from logits. */
import { fail } from "../base/errors.js";
import { cooled, type Decision, isYes, predictedClass } from "../metrics/decide.js";
import type { Family } from "../metrics/family.js";
import { sigmoid } from "../metrics/probability.js";

/** What a classifier says of a text that has one class. */
export interface Prediction {
  /** The most probable class, or what a threshold makes of two. */
  readonly label: string;
  /** Its probability, in (0, 1]. */
  readonly probability: number;
  /** The probability of each class; they sum to 1. */
  readonly scores: Readonly<Record<string, number>>;
}

/** What a classifier says of a text that may have several labels. */
export interface LabelsPrediction {
  /** The labels whose probability is at least the threshold, in the order of their ids. */
  readonly labels: readonly string[];
  /** The probability of each label by itself. */
  readonly scores: Readonly<Record<string, number>>;
}

/** What a regression says of a text. */
export interface NumberPrediction {
  /** The number, or the first of several. */
  readonly value: number;
  /** Each number by its name. */
  readonly values: Readonly<Record<string, number>>;
}

/** The prediction of a family of tasks. */
export type PredictionOf<F extends Family> = F extends "regression"
  ? NumberPrediction
  : F extends "multi-label"
    ? LabelsPrediction
    : Prediction;

/** The logits of a row as float64, divided by the temperature. @throws E_WEIGHTS for one that is NaN or infinite */
function finite(logits: ArrayLike<number>, temperature: number | undefined): Float64Array {
  const values = cooled(Float64Array.from(logits), temperature);
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong !== undefined)
    fail("E_WEIGHTS", {
      where: "prediction",
      expected: "finite scores",
      got: String(wrong),
      fix: "the weights hold values that are no numbers: train the classifier anew, at a lower learning rate",
    });
  return values;
}

const byName = (names: readonly string[], values: ArrayLike<number>): Record<string, number> =>
  Object.fromEntries(names.map((name, id) => [name, values[id] as number]));

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
  const values = finite(logits, temperature);
  const top = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  const best = predictedClass(values, 0, values.length, [threshold ?? []].flat()[0]);
  return {
    label: labels[best],
    probability: powers[best] / sum,
    scores: byName(
      labels,
      powers.map((power) => power / sum),
    ),
  };
}

/** The same of two classes told by one logit [1], the sigmoid of which is the probability of the second. */
export function moreProbable(
  logits: ArrayLike<number>,
  labels: readonly string[],
  decision: Decision = {},
): Prediction {
  return mostProbable([0, logits[0]], labels, decision);
}

/** The labels that a row of logits [C] says, each by a sigmoid of its own. @throws as {@link mostProbable} */
export function likelyLabels(
  logits: ArrayLike<number>,
  labels: readonly string[],
  { temperature, threshold }: Decision = {},
): LabelsPrediction {
  const values = finite(logits, temperature);
  const thresholdOf = (id: number): number | undefined => (typeof threshold === "object" ? threshold[id] : threshold);
  return {
    labels: labels.filter((_, id) => isYes(values[id], thresholdOf(id))),
    scores: byName(labels, values.map(sigmoid)),
  };
}

/** The numbers of a row of outputs [C]. @throws as {@link mostProbable} */
export function numbersOf(outputs: ArrayLike<number>, names: readonly string[]): NumberPrediction {
  const values = finite(outputs, undefined);
  return { value: values[0], values: byName(names, values) };
}
