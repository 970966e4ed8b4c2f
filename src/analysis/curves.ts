/** The curves of a classifier, as data. */

import { assertClasses, type Outputs, scoresOfOutputs } from "../metrics/outputs.js";
import { areaUnderRoc, precisionAndRecall, type Ranking } from "../metrics/ranking.js";
import { type ReliabilityBin, reliability } from "../metrics/reliability.js";

/** The ROC curve of one label; K points, the first at (0, 0). */
export interface RocCurve {
  readonly label: string;
  readonly falsePositiveRate: readonly number[];
  readonly truePositiveRate: readonly number[];
  /** The probability from which on the answer is yes; the first is above 1: none is. */
  readonly thresholds: readonly number[];
  readonly area: number;
}

/** The precision-recall curve of one label; K points, from the highest score on. */
export interface PrecisionRecallCurve {
  readonly label: string;
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  /** The probability from which on the answer is yes. */
  readonly thresholds: readonly number[];
  readonly averagePrecision: number;
}

/** All curves of a classifier. */
export interface Curves {
  /** Of the labels that have one: some rows are of it and some are not. */
  readonly roc: readonly RocCurve[];
  /** Of the labels that some rows have. */
  readonly precisionRecall: readonly PrecisionRecallCurve[];
  readonly reliability: readonly ReliabilityBin[];
}

/**
 * ROC and precision-recall curves of every label (of two classes, of the second one) and the reliability of the answers
 * in `bins` bins.
 *
 * @example
 * for (const { label, area } of curvesOf(outputs).roc) console.log(label, area);
 *
 * @throws E_CONFIG for a regression
 * @source sklearn.metrics.roc_curve with drop_intermediate=False, precision_recall_curve; arXiv:1706.04599
 */
export function curvesOf(outputs: Outputs, bins = 15): Curves {
  assertClasses(outputs, "curvesOf");
  const scores = scoresOfOutputs(outputs);
  const { family, labels } = outputs;
  const shown = family !== "multi-label" && labels.length === 2 ? [1] : [...labels.keys()];
  const rankings = shown.map((c) => ({ label: labels[c], ranking: scores.ranking(c) }));
  return {
    roc: rankings.flatMap(({ label, ranking }) => rocCurve(label, ranking)),
    precisionRecall: rankings
      .filter(({ ranking }) => ranking.positives > 0)
      .map(({ label, ranking }) => precisionRecallCurve(label, ranking)),
    reliability: reliability(scores, bins),
  };
}

function rocCurve(label: string, ranking: Ranking): RocCurve[] {
  const area = areaUnderRoc(ranking);
  if (area === undefined) return [];
  const { positives, negatives, truePositives, falsePositives } = ranking;
  return [
    {
      label,
      falsePositiveRate: [0, ...Array.from(falsePositives, (count) => count / negatives)],
      truePositiveRate: [0, ...Array.from(truePositives, (count) => count / positives)],
      thresholds: [Number.MAX_VALUE, ...probabilities(ranking)],
      area,
    },
  ];
}

function precisionRecallCurve(label: string, ranking: Ranking): PrecisionRecallCurve {
  const { precision, recall } = precisionAndRecall(ranking);
  return {
    label,
    precision: [...precision],
    recall: [...recall],
    thresholds: probabilities(ranking),
    averagePrecision: precision.reduce((sum, p, k) => sum + p * (recall[k] - (k === 0 ? 0 : recall[k - 1])), 0),
  };
}

const probabilities = ({ scores }: Ranking): number[] => Array.from(scores, Math.exp);
