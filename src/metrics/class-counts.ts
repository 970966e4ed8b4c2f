/** What has to be kept of a stream of classified rows, in constant memory, for the metrics that only count. */

import { isYes, predictedClass } from "./decide.js";
import type { ClassFamily } from "./family.js";
import { logSumExp, softplus } from "./probability.js";

/** What is counted of one class. */
export interface ClassCounts {
  /** Rows of the class that were predicted as it. */
  readonly truePositives: number;
  /** Other rows that were predicted as it. */
  readonly falsePositives: number;
  /** Rows of the class that were not predicted as it. */
  readonly falseNegatives: number;
  /** Other rows that were not predicted as it. */
  readonly trueNegatives: number;
  /** Rows predicted as the class. */
  readonly predicted: number;
  /** Rows of the class. */
  readonly support: number;
}

/** What is counted of a set; C is the number of classes or labels. */
export interface Counts {
  readonly rows: number;
  /** Rows whose class, or all of whose labels, were predicted rightly. */
  readonly correctRows: number;
  /** Σ over the rows of -log of the probability of the true class, or its mean over the labels, in nats. */
  readonly negativeLogLikelihood: number;
  /** [C] */
  readonly classes: readonly ClassCounts[];
  /** Rows by true class (row) and predicted class (column), [C, C]; of classes, not of labels. */
  readonly confusion: readonly (readonly number[])[];
}

/** Counts under way. */
export interface CountsCollector {
  /** Adds rows: class ids [B] or 0 and 1 [B, C], and logits [B, C]. */
  add(targets: ArrayLike<number>, logits: ArrayLike<number>, rows: number): void;
  counts(): Counts;
}

/** Counts of classified rows; `thresholds` as {@link predictedClass} and {@link isYes} take them. */
export function countRows(
  family: ClassFamily,
  classes: number,
  thresholds: readonly number[] | undefined,
): CountsCollector {
  return family === "multi-label" ? countLabels(classes, thresholds) : countClasses(classes, thresholds?.[0]);
}

function countClasses(classes: number, threshold: number | undefined): CountsCollector {
  // float64 counts exactly up to 2^53.
  const confusion = new Float64Array(classes * classes);
  let rows = 0;
  let negativeLogLikelihood = 0;
  return {
    add(classIds, logits, added) {
      for (let row = 0; row < added; row++) {
        const start = row * classes;
        confusion[classIds[row] * classes + predictedClass(logits, start, classes, threshold)]++;
        negativeLogLikelihood += logSumExp(logits, start, classes) - logits[start + classIds[row]];
      }
      rows += added;
    },
    counts() {
      const table = Array.from({ length: classes }, (_, k) => [...confusion.subarray(k * classes, (k + 1) * classes)]);
      return {
        rows,
        correctRows: table.reduce((sum, row, k) => sum + row[k], 0),
        negativeLogLikelihood,
        classes: table.map((own, k) =>
          countsOfClass(
            own[k],
            table.reduce((sum, row) => sum + row[k], 0),
            own.reduce((sum, count) => sum + count, 0),
            rows,
          ),
        ),
        confusion: table,
      };
    },
  };
}

function countLabels(labels: number, thresholds: readonly number[] | undefined): CountsCollector {
  const truePositives = new Float64Array(labels);
  const predicted = new Float64Array(labels);
  const support = new Float64Array(labels);
  let rows = 0;
  let correctRows = 0;
  let negativeLogLikelihood = 0;
  return {
    add(targets, logits, added) {
      for (let row = 0; row < added; row++) {
        let isCorrect = true;
        let loss = 0;
        for (let c = 0; c < labels; c++) {
          const logit = logits[row * labels + c];
          const truth = targets[row * labels + c];
          const answer = isYes(logit, thresholds?.[c]) ? 1 : 0;
          truePositives[c] += truth * answer;
          predicted[c] += answer;
          support[c] += truth;
          loss += softplus(truth === 1 ? -logit : logit);
          isCorrect &&= truth === answer;
        }
        negativeLogLikelihood += loss / labels;
        if (isCorrect) correctRows++;
      }
      rows += added;
    },
    counts: () => ({
      rows,
      correctRows,
      negativeLogLikelihood,
      classes: Array.from(truePositives, (hits, c) => countsOfClass(hits, predicted[c], support[c], rows)),
      confusion: [],
    }),
  };
}

/** What follows of a class from three counts and the number of rows. */
export function countsOfClass(truePositives: number, predicted: number, support: number, rows: number): ClassCounts {
  return {
    truePositives,
    falsePositives: predicted - truePositives,
    falseNegatives: support - truePositives,
    trueNegatives: rows - predicted - support + truePositives,
    predicted,
    support,
  };
}
