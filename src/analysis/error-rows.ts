/** The rows that are worth a look: those answered wrongly, and those whose label is probably wrong; of numbers all. */

import { isYes, predictedClass, thresholdsOf } from "../metrics/decide.js";
import { logitsOfClasses, type Outputs } from "../metrics/outputs.js";
import { findLabelErrors, type LabelError } from "./label-errors.js";
import { hardestFirst, rowLosses } from "./row-losses.js";

export interface ErrorRow {
  readonly row: number;
  /** The class of the row, its labels, or its numbers. */
  readonly labels: readonly string[];
  /** What is answered. */
  readonly predicted: readonly string[];
  /** In nats, the higher, the more wrong and the surer of it; of numbers the squared distance. */
  readonly loss: number;
  /** What the labels probably are, where they are doubted. */
  readonly suggested: readonly string[] | undefined;
}

/** Decimal digits that a float32 holds. */
const DIGITS = 7;

/**
 * The rows of `outputs` that are answered wrongly or whose label is doubted (see {@link findLabelErrors}), those with
 * the highest loss first. Of a regression, where no answer is simply wrong, all rows.
 *
 * @param threshold as in a decision
 */
export function errorRows(outputs: Outputs, threshold?: number | readonly number[]): ErrorRow[] {
  const { family, labels: names, targets } = outputs;
  const width = names.length;
  const losses = rowLosses(outputs);
  if (family === "regression") {
    const numbersOf = (values: ArrayLike<number>, row: number): string[] =>
      names.map((_, i) => String(Number(values[row * width + i].toPrecision(DIGITS))));
    return Array.from(hardestFirst(losses), (row) => ({
      row,
      labels: numbersOf(targets, row),
      predicted: numbersOf(outputs.logits, row),
      loss: losses[row],
      suggested: undefined,
    }));
  }
  const logits = logitsOfClasses(family, outputs.logits);
  const thresholds = thresholdsOf(family, names, threshold);
  const doubts = doubtsOf(outputs);
  const labelsOf = (row: number): readonly string[] =>
    family === "multi-label" ? names.filter((_, c) => targets[row * width + c] === 1) : [names[targets[row]]];
  const answersTo = (row: number): readonly string[] =>
    family === "multi-label"
      ? names.filter((_, c) => isYes(logits[row * width + c], thresholds?.[c]))
      : [names[predictedClass(logits, row * width, width, thresholds?.[0])]];
  return Array.from(hardestFirst(losses), (row): ErrorRow => {
    const labels = labelsOf(row);
    return {
      row,
      labels,
      predicted: answersTo(row),
      loss: losses[row],
      suggested: corrected(labels, names, doubts.get(row)),
    };
  }).filter(({ labels, predicted, suggested }) => suggested !== undefined || !isSame(labels, predicted));
}

function doubtsOf(outputs: Outputs): ReadonlyMap<number, readonly LabelError[]> {
  const doubts = new Map<number, LabelError[]>();
  for (const doubt of findLabelErrors(outputs)) doubts.set(doubt.row, [...(doubts.get(doubt.row) ?? []), doubt]);
  return doubts;
}

/** The labels with what is doubted put right, in the order of `names`. */
function corrected(
  labels: readonly string[],
  names: readonly string[],
  doubts: readonly LabelError[] | undefined,
): readonly string[] | undefined {
  if (doubts === undefined) return undefined;
  const [{ suggested }] = doubts;
  if (typeof suggested === "string") return [suggested];
  const right = new Set(labels);
  for (const { label, suggested: isMissing } of doubts) {
    if (isMissing === true) right.add(label);
    else right.delete(label);
  }
  return names.filter((name) => right.has(name));
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((label, i) => label === b[i]);
