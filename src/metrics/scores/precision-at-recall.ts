import { defineMetric } from "../define-metric.js";
import { precisionAndRecall } from "../ranking.js";

/** The best precision at which a class still has the recall asked for. */
export const precisionAtRecall = defineMetric({
  name: "precisionAtRecall",
  title: "precision at recall",
  aliases: ["precision_at_fixed_recall"],
  summary: "Best precision of a class over all thresholds at which its recall is at least the one after @.",
  families: ["single-label", "binary", "multi-label"],
  shown: "when asked",
  needs: "scores",
  averaging: "classes",
  better: "higher",
  range: [0, 1],
  parameter: { title: "recall", default: 0.5, range: [0, 1] },
  samples: [
    { family: "multi-label", targets: [[0], [0], [1], [1]], outputs: [[0.1], [0.4], [0.35], [0.8]], value: 1 },
    {
      family: "multi-label",
      targets: [[0], [0], [1], [1]],
      outputs: [[0.1], [0.4], [0.35], [0.8]],
      parameter: 0.6,
      value: 2 / 3,
    },
  ],
  source:
    "max of sklearn.metrics.precision_recall_curve where recall >= the one asked for; keras.metrics.PrecisionAtRecall over all thresholds",
  ofClass: (ranking, least) => {
    const { precision, recall } = precisionAndRecall(ranking);
    return precision.reduce((best, p, k) => (recall[k] >= least ? Math.max(best, p) : best), least === 0 ? 1 : 0);
  },
});
