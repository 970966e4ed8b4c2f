import { defineMetric } from "../define-metric.js";
import { precisionAndRecall } from "../ranking.js";

/** The best recall at which the answers for a class still have the precision asked for. */
export const recallAtPrecision = defineMetric({
  name: "recallAtPrecision",
  title: "recall at precision",
  aliases: ["recall_at_fixed_precision"],
  summary:
    "Best recall of a class over all thresholds at which its precision is at least the one after @; 0 where it never is.",
  families: ["single-label", "binary", "multi-label"],
  shown: "when asked",
  needs: "scores",
  averaging: "classes",
  better: "higher",
  range: [0, 1],
  parameter: { title: "precision", default: 0.9, range: [0, 1] },
  samples: [
    { family: "multi-label", targets: [[0], [0], [1], [1]], outputs: [[0.1], [0.4], [0.35], [0.8]], value: 0.5 },
    {
      family: "multi-label",
      targets: [[0], [0], [1], [1]],
      outputs: [[0.1], [0.4], [0.35], [0.8]],
      parameter: 0.6,
      value: 1,
    },
    { family: "multi-label", targets: [[0], [1]], outputs: [[1], [0]], value: 0 },
  ],
  source:
    "max of sklearn.metrics.precision_recall_curve where precision >= the one asked for; keras.metrics.RecallAtPrecision over all thresholds",
  ofClass: (ranking, least) => {
    if (ranking.positives === 0) return undefined;
    const { precision, recall } = precisionAndRecall(ranking);
    return recall.reduce((best, r, k) => (precision[k] >= least ? Math.max(best, r) : best), 0);
  },
});
