/**
 * What has to be kept of a stream of classified rows so that every metric can be computed from it: the confusion
 * matrix, and the sum of the rows' negative log-likelihoods. Sums of two parts add up to the sums of the whole.
 */

import { fail } from "../base/errors.js";

/** Sums over all rows seen; C is the number of classes. */
export interface ClassificationSums {
  readonly classes: number;
  /** Rows seen. */
  examples: number;
  /** Sum over the rows of -log softmax(logits)[label], in nats. */
  negativeLogLikelihood: number;
  /** Rows by true class (row) and predicted class (column), [C, C]; float64 counts exactly up to 2^53. */
  readonly confusion: Float64Array;
}

/** What the confusion matrix says of one class. */
export interface ClassCounts {
  /** Rows of the class that were predicted as it. */
  readonly truePositives: number;
  /** Rows predicted as the class. */
  readonly predicted: number;
  /** Rows of the class. */
  readonly support: number;
}

/** The sums over no row. */
export function emptySums(classes: number): ClassificationSums {
  return { classes, examples: 0, negativeLogLikelihood: 0, confusion: new Float64Array(classes * classes) };
}

/**
 * Adds `rows` rows to `sums`. The predicted class is the one with the largest logit, the first of equal ones
 * (as numpy.argmax has it). Nothing is added when anything is wrong.
 *
 * @param labelIds the true classes, [B] with B >= rows, integers in [0, C)
 * @param logits scores before softmax, [B, C] row by row
 * @throws E_SHAPE when there are fewer labels or logits than `rows` needs
 * @throws E_DATA when a label is no integer in [0, C)
 * @throws E_TRAINING when a logit is NaN or infinite
 */
export function addRows(
  sums: ClassificationSums,
  labelIds: ArrayLike<number>,
  logits: Float32Array,
  rows: number,
): void {
  const { classes, confusion } = sums;
  checkRows(classes, labelIds, logits, rows);
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    let predicted = 0;
    for (let c = 1; c < classes; c++) if (at(logits, start + c) > at(logits, start + predicted)) predicted = c;
    const largest = at(logits, start + predicted);
    let sum = 0;
    // The largest logit is taken out first: exp of a large one would overflow.
    for (let c = 0; c < classes; c++) sum += Math.exp(at(logits, start + c) - largest);
    const label = at(labelIds, row);
    sums.negativeLogLikelihood += Math.log(sum) + largest - at(logits, start + label);
    confusion[label * classes + predicted] = at(confusion, label * classes + predicted) + 1;
  }
  sums.examples += rows;
}

/** Adds the sums of another part of the set; both have the same number of classes. */
export function addSums(sums: ClassificationSums, other: ClassificationSums): void {
  sums.examples += other.examples;
  sums.negativeLogLikelihood += other.negativeLogLikelihood;
  for (let i = 0; i < sums.confusion.length; i++) sums.confusion[i] = at(sums.confusion, i) + at(other.confusion, i);
}

/** The counts of every class, [C]. */
export function classCounts(sums: ClassificationSums): readonly ClassCounts[] {
  const { classes, confusion } = sums;
  return Array.from({ length: classes }, (_, k) => {
    let support = 0;
    let predicted = 0;
    for (let j = 0; j < classes; j++) {
      support += at(confusion, k * classes + j);
      predicted += at(confusion, j * classes + k);
    }
    return { truePositives: at(confusion, k * classes + k), predicted, support };
  });
}

/** Rows on the diagonal of the confusion matrix. */
export function correctRows(sums: ClassificationSums): number {
  let correct = 0;
  for (let k = 0; k < sums.classes; k++) correct += at(sums.confusion, k * sums.classes + k);
  return correct;
}

function checkRows(classes: number, labelIds: ArrayLike<number>, logits: Float32Array, rows: number): void {
  const where = "metrics";
  if (!Number.isInteger(rows) || rows < 0)
    fail("E_SHAPE", { where, expected: "a whole number of rows", got: `${rows}` });
  if (labelIds.length < rows || logits.length < rows * classes) {
    fail("E_SHAPE", {
      where,
      expected: `${rows} labels and logits of shape [${rows}, ${classes}]`,
      got: `${labelIds.length} labels and ${logits.length} logits`,
      fix: "pass one label and one row of logits per example",
    });
  }
  for (let row = 0; row < rows; row++) {
    const label = at(labelIds, row);
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      fail("E_DATA", {
        where: `${where}, row ${row} of the batch`,
        expected: `a label id from 0 to ${classes - 1}`,
        got: `${label}`,
        fix: "map labels with the classifier's own label names",
      });
    }
  }
  for (let i = 0; i < rows * classes; i++) {
    if (!Number.isFinite(at(logits, i))) {
      fail("E_TRAINING", {
        where: `${where}, row ${Math.floor(i / classes)} of the batch`,
        expected: "finite logits",
        got: `${at(logits, i)}`,
        fix: "the weights are no longer numbers: train again with a lower learning rate",
      });
    }
  }
}

/** `values[index]`, which the caller knows to exist. */
function at(values: ArrayLike<number>, index: number): number {
  return values[index] as number;
}
