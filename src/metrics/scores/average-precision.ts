import { defineMetric } from "../define-metric.js";
import { precisionAndRecall } from "../ranking.js";

/** The area under the precision-recall curve, as a sum of steps. */
export const averagePrecision = defineMetric({
  name: "averagePrecision",
  title: "average precision",
  aliases: ["ap", "pr_auc", "auprc"],
  summary: "Area under the precision-recall curve of a class: mean precision at the score of each of its rows.",
  families: ["single-label", "binary", "multi-label"],
  shown: "when asked",
  needs: "scores",
  averaging: "classes",
  better: "higher",
  range: [0, 1],
  samples: [
    { family: "multi-label", targets: [[0], [0], [1], [1]], outputs: [[0.1], [0.4], [0.35], [0.8]], value: 5 / 6 },
    { family: "multi-label", targets: [[0], [1]], outputs: [[0], [0]], value: 0.5 },
  ],
  source: "sklearn.metrics.average_precision_score; 0 for a class without rows",
  ofClass: (ranking) => {
    const { precision, recall } = precisionAndRecall(ranking);
    return precision.reduce((sum, p, k) => sum + p * (recall[k] - (k === 0 ? 0 : recall[k - 1])), 0);
  },
});
