/** Temperature: one number by which all logits are divided, so that probabilities become what they say. */

import { fail } from "../base/errors.js";
import { logitsOfClasses, type Outputs } from "../metrics/outputs.js";
import { sigmoid } from "../metrics/probability.js";

/** The least and the greatest temperature that is found: where all answers are right, none would be cold enough. */
export const TEMPERATURES = [0.01, 100] as const;
/** Halvings of the range of log T: enough for float64. */
const HALVINGS = 60;

/**
 * The temperature T in [0.01, 100] at which the loss of the logits divided by T is least. The answers stay the same; their
 * probabilities become higher (T < 1) or lower (T > 1).
 *
 * The loss is convex in 1 / T, so that its slope has one zero: the interval that holds it is halved.
 *
 * @example
 * const calibrated = atTemperature(outputs, fitTemperature(outputs));
 *
 * @throws E_CONFIG for a regression, E_DATA where there are no rows
 * @source arXiv:1706.04599, section 4.2
 */
export function fitTemperature(outputs: Outputs): number {
  const { family, labels, rows, targets } = outputs;
  if (family === "regression")
    fail("E_CONFIG", { option: "calibrate", expected: "a model that gives probabilities", got: "a regression" });
  if (rows === 0) fail("E_DATA", { option: "calibrate", expected: "rows to calibrate on", got: "none" });
  const logits = logitsOfClasses(family, outputs.logits);
  const slope = (temperature: number): number =>
    family === "multi-label"
      ? slopeOfLabels(targets, logits, 1 / temperature)
      : slopeOfClasses(targets, logits, labels.length, 1 / temperature);
  let [cold, hot] = TEMPERATURES.map(Math.log);
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (cold + hot) / 2;
    // Where the loss grows with 1 / T, it falls with T.
    if (slope(Math.exp(middle)) > 0) cold = middle;
    else hot = middle;
  }
  return Math.exp((cold + hot) / 2);
}

/** d loss / d(1 / T) = Σ over the rows of the mean logit by the softmax at T, less that of the true class. */
function slopeOfClasses(
  classIds: ArrayLike<number>,
  logits: ArrayLike<number>,
  classes: number,
  scale: number,
): number {
  let sum = 0;
  for (let row = 0; row < classIds.length; row++) {
    const start = row * classes;
    let largest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[start + c]);
    let weights = 0;
    let weighted = 0;
    for (let c = 0; c < classes; c++) {
      const weight = Math.exp(scale * (logits[start + c] - largest));
      weights += weight;
      weighted += weight * logits[start + c];
    }
    sum += weighted / weights - logits[start + classIds[row]];
  }
  return sum;
}

function slopeOfLabels(targets: ArrayLike<number>, logits: ArrayLike<number>, scale: number): number {
  let sum = 0;
  for (let i = 0; i < targets.length; i++) sum += (sigmoid(scale * logits[i]) - targets[i]) * logits[i];
  return sum;
}
