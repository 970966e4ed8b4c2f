/** Whether probabilities are what they say: among the answers given with 0.8, are 80 % right? */

import type { Scores } from "./scores.js";

/** The answers whose probability is in (from, to]; the first bin has 0 too. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean probability of the answers; 0 for an empty bin. */
  readonly confidence: number;
  /** Share of the answers that are right; 0 for an empty bin. */
  readonly accuracy: number;
}

/**
 * The answers of all rows in `bins` bins of equal width: of each row the most probable class, right or wrong; of labels
 * each by itself, the probability of yes against the truth.
 *
 * @source arXiv:1706.04599
 */
export function reliability(scores: Scores, bins: number): ReliabilityBin[] {
  const { logProbabilities, isTrue } = scores;
  const answers = scores.family === "multi-label" ? logProbabilities.keys() : likeliest(scores);
  const counts = new Float64Array(bins);
  const confidences = new Float64Array(bins);
  const hits = new Float64Array(bins);
  for (const at of answers) {
    const probability = Math.exp(logProbabilities[at]);
    const bin = Math.max(0, Math.ceil(probability * bins) - 1);
    counts[bin]++;
    confidences[bin] += probability;
    hits[bin] += isTrue[at];
  }
  return Array.from(counts, (count, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    count,
    confidence: count === 0 ? 0 : confidences[bin] / count,
    accuracy: count === 0 ? 0 : hits[bin] / count,
  }));
}

/** Where the most probable class of each row stands, the first of equal ones. */
function* likeliest({ rows, classes, logProbabilities }: Scores): Generator<number> {
  for (let row = 0; row < rows; row++) {
    let best = row * classes;
    for (let at = best + 1; at < (row + 1) * classes; at++)
      if (logProbabilities[at] > logProbabilities[best]) best = at;
    yield best;
  }
}
