import { defineMetric } from "../define-metric.js";

/** Squared distance of the probabilities from the truth. */
export const brier = defineMetric({
  name: "brier",
  title: "Brier score",
  aliases: ["brier_score", "brier_score_loss"],
  summary:
    "Mean squared distance of the probabilities from the truth: of two classes or of labels in [0, 1], else in [0, 2].",
  families: ["single-label", "binary", "multi-label"],
  shown: "when asked",
  needs: "scores",
  averaging: "none",
  better: "lower",
  range: [0, 2],
  samples: [
    { family: "binary", targets: [1, 0], outputs: [[Math.log(3)], [0]], value: (1 / 16 + 1 / 4) / 2 },
    { family: "single-label", targets: [2], outputs: [[0, 0, Math.log(2)]], value: 1 / 4 + 1 / 16 + 1 / 16 },
    { family: "multi-label", targets: [[1, 0]], outputs: [[Math.log(3), 0]], value: (1 / 16 + 1 / 4) / 2 },
  ],
  source: "sklearn.metrics.brier_score_loss with its default scale_by_half; of labels the mean over them",
  value: ({ family, rows, classes, logProbabilities, isTrue }) => {
    const sum = logProbabilities.reduce((total, log, i) => total + (Math.exp(log) - isTrue[i]) ** 2, 0);
    if (family === "multi-label") return sum / (rows * classes);
    return sum / (classes === 2 ? 2 * rows : rows);
  },
});
