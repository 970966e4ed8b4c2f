/** Rows whose label is probably wrong, by confident learning. */

import { assertClasses, type Outputs, scoresOfOutputs } from "../metrics/outputs.js";

/** A label that is probably wrong. */
export interface LabelError {
  readonly row: number;
  /** The label of the row that is doubted: of several labels a row, the one that is wrongly given or missing. */
  readonly label: string;
  /** What it probably is: another class; of several labels a row, `true` where the label is missing. */
  readonly suggested: string | boolean;
  /** The probability of the label as it is given, in [0, 1]: the lower, the surer the mistake. */
  readonly confidence: number;
}

/**
 * The rows whose label is probably wrong, the surest first. A class is confident of a row where it gives it at least
 * the mean probability that it gives to the rows with its label. A row is doubted where another class is confident of
 * it and the most probable of those that are is not its own.
 *
 * The model must not have been trained on these rows: it would have learned the mistakes.
 *
 * @example
 * for (const { row, label, suggested } of findLabelErrors(outputs)) console.log(test.text(row), label, suggested);
 *
 * @throws E_CONFIG for a regression
 * @source arXiv:1911.00068, equations 1 and 2 (confident joint); cleanlab filter_by="confident_learning", ranked by
 *   self-confidence
 */
export function findLabelErrors(outputs: Outputs): LabelError[] {
  assertClasses(outputs, "findLabelErrors");
  const { family, labels, rows } = outputs;
  const { logProbabilities, isTrue } = scoresOfOutputs(outputs);
  const found: LabelError[] = [];
  if (family !== "multi-label") {
    const width = labels.length;
    const probability = (row: number, c: number): number => Math.exp(logProbabilities[row * width + c]);
    const own = Array.from({ length: rows }, (_, row) => isTrue.indexOf(1, row * width) - row * width);
    for (const { row, suggested } of doubted(own, width, probability))
      found.push({
        row,
        label: labels[own[row]],
        suggested: labels[suggested],
        confidence: probability(row, own[row]),
      });
  } else {
    for (const [c, label] of labels.entries()) {
      const at = (row: number): number => row * labels.length + c;
      const own = Array.from({ length: rows }, (_, row) => isTrue[at(row)]);
      const yes = (row: number): number => Math.exp(logProbabilities[at(row)]);
      const probability = (row: number, answer: number): number => (answer === 1 ? yes(row) : 1 - yes(row));
      for (const { row, suggested } of doubted(own, 2, probability))
        found.push({ row, label, suggested: suggested === 1, confidence: probability(row, own[row]) });
    }
  }
  return found.sort((a, b) => a.confidence - b.confidence || a.row - b.row);
}

/** The rows that another class than their own claims, and that class. */
function doubted(
  own: readonly number[],
  classes: number,
  probability: (row: number, c: number) => number,
): { readonly row: number; readonly suggested: number }[] {
  const sums = new Float64Array(classes);
  const counts = new Float64Array(classes);
  for (const [row, c] of own.entries()) {
    sums[c] += probability(row, c);
    counts[c]++;
  }
  // A class without a row claims none: nothing says when it is confident.
  const least = sums.map((sum, c) => (counts[c] === 0 ? Number.POSITIVE_INFINITY : sum / counts[c]));
  return [...own.entries()].flatMap(([row, given]) => {
    let best = -1;
    for (let c = 0; c < classes; c++)
      if (probability(row, c) >= least[c] && (best < 0 || probability(row, c) > probability(row, best))) best = c;
    return best < 0 || best === given ? [] : [{ row, suggested: best }];
  });
}
