/** When more labels have stopped helping, by a rule that is written down. */
import { agreement } from "./agreement.js";
import type { Share } from "./wilson.js";

/** How good the model was with so many labels. */
export interface CurvePoint extends Share {
  readonly labels: number;
  /** Rows that it was measured on: drawn by chance, and not known to the model. */
  readonly checked: number;
}

/** A model at some number of labels. */
export interface Snapshot {
  readonly labels: number;
  /** Undefined while too few rows were drawn by chance. */
  readonly point: CurvePoint | undefined;
  /** The classes that it predicts of rows that stay the same. */
  readonly predicted: readonly number[];
}

/** Whether to go on. */
export interface Advice {
  readonly hasStopped: boolean;
  /** For a person. */
  readonly sentence: string;
  /** How far the model agrees with that of three quarters of the labels, Cohen's kappa; undefined without one. */
  readonly agreement: number | undefined;
}

/** A model is compared with that of so many of its labels. */
const EARLIER = 0.75;
/** From this agreement on labels change next to nothing. */
const STABLE = 0.97;
/** So many points of the curve in a row must agree. */
const IN_A_ROW = 2;

/**
 * More labels have stopped helping when the model of all labels and that of three quarters of them say the same of rows that
 * nobody labelled, with a kappa of at least 0.97, at two points of the curve in a row. It needs no labels of its own.
 *
 * @source Bloodgood and Vijay-Shanker 2009, "A Method for Stopping Active Learning Based on Stabilizing Predictions"
 */
export function adviceOf(snapshots: readonly Snapshot[]): Advice {
  const agreements = snapshots.map(({ labels, predicted }) => {
    const earlier = snapshots.findLast((one) => one.labels <= EARLIER * labels);
    return earlier && agreement(earlier.predicted, predicted);
  });
  const last = snapshots.at(-1);
  const now = agreements.at(-1);
  const recent = agreements.slice(-IN_A_ROW);
  const hasStopped = recent.length === IN_A_ROW && recent.every((one) => one !== undefined && one >= STABLE);
  if (last === undefined || now === undefined)
    return { hasStopped: false, agreement: now, sentence: "Go on: it is too early to say whether more labels help." };
  const earlier = Math.round(EARLIER * last.labels);
  const changed = `the last quarter of the labels, from ${earlier} to ${last.labels}, changed`;
  return hasStopped
    ? { hasStopped, agreement: now, sentence: `More labels have stopped helping: ${changed} hardly any prediction.` }
    : { hasStopped, agreement: now, sentence: `Go on: ${changed} predictions (agreement ${now.toFixed(2)} of 1).` };
}
