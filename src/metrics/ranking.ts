/** Rows in the order of their scores: what ROC and precision-recall curves are drawn from. */

/** What is counted above each score; K is the number of different scores. */
export interface Ranking {
  readonly positives: number;
  readonly negatives: number;
  /** The different scores, the highest first, [K]. */
  readonly scores: Float64Array;
  /** Positives whose score is at least that of the place, [K]. */
  readonly truePositives: Float64Array;
  /** Negatives whose score is at least that of the place, [K]. */
  readonly falsePositives: Float64Array;
}

/**
 * Ranks rows. Those of equal scores are counted together, so that their order does not matter.
 *
 * @param scores [N]; only their order counts
 * @param isPositive 1 or 0, [N]
 * @source sklearn.metrics._ranking._binary_clf_curve
 */
export function rank(scores: Float32Array | Float64Array, isPositive: Uint8Array): Ranking {
  // Each kind by itself, for numbers alone are sorted many times as fast as rows by their numbers.
  const positives = scores.filter((_, row) => isPositive[row] === 1).sort();
  const negatives = scores.filter((_, row) => isPositive[row] !== 1).sort();
  const places: number[] = [];
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  let p = positives.length;
  let n = negatives.length;
  while (p > 0 || n > 0) {
    const highest = Math.max(p > 0 ? positives[p - 1] : -Infinity, n > 0 ? negatives[n - 1] : -Infinity);
    while (p > 0 && positives[p - 1] === highest) p--;
    while (n > 0 && negatives[n - 1] === highest) n--;
    places.push(highest);
    truePositives.push(positives.length - p);
    falsePositives.push(negatives.length - n);
  }
  return {
    positives: positives.length,
    negatives: negatives.length,
    scores: Float64Array.from(places),
    truePositives: Float64Array.from(truePositives),
    falsePositives: Float64Array.from(falsePositives),
  };
}

/** Precision and recall where all rows down to each place are taken, from the highest score on, [K]. */
export function precisionAndRecall({ positives, truePositives, falsePositives }: Ranking): {
  precision: Float64Array;
  recall: Float64Array;
} {
  return {
    precision: truePositives.map((hits, k) => hits / (hits + falsePositives[k])),
    // Without positives there is nothing to miss. @source sklearn.metrics.precision_recall_curve
    recall: truePositives.map((hits) => (positives === 0 ? 1 : hits / positives)),
  };
}

/**
 * The area under the ROC curve; undefined where there are no positives or no negatives.
 *
 * @source sklearn.metrics.roc_auc_score
 */
export function areaUnderRoc({ positives, negatives, truePositives, falsePositives }: Ranking): number | undefined {
  if (positives === 0 || negatives === 0) return undefined;
  let area = 0;
  for (let k = 0; k < truePositives.length; k++) {
    const width = falsePositives[k] - (k === 0 ? 0 : falsePositives[k - 1]);
    area += (width * (truePositives[k] + (k === 0 ? 0 : truePositives[k - 1]))) / 2;
  }
  return area / (positives * negatives);
}
