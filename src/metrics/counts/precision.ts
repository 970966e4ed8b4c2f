import { defineMetric } from "../define-metric.js";

/** Of the rows predicted as a class, the share that belongs to it. */
export const precision = defineMetric({
  name: "precision",
  title: "precision",
  aliases: [],
  summary: "Of the rows predicted as a class, the share that belongs to it; 0 for a class never predicted.",
  families: ["single-label", "binary", "multi-label"],
  shown: "always",
  needs: "counts",
  averaging: "classes",
  better: "higher",
  range: [0, 1],
  samples: [
    { family: "binary", targets: [0, 0, 0, 1], outputs: [[-1], [-1], [1], [1]], value: (1 + 1 / 2) / 2 },
    {
      family: "multi-label",
      targets: [
        [1, 0],
        [1, 0],
      ],
      outputs: [
        [1, -1],
        [-1, -1],
      ],
      value: (1 + 0) / 2,
    },
  ],
  source:
    "sklearn.metrics.precision_recall_fscore_support with labels = all classes; zero_division has scikit-learn's default effect, 0",
  ratio: ({ truePositives, predicted }) => [truePositives, predicted],
});
