import { defineMetric } from "../define-metric.js";

/** Of the rows of a class, the share predicted as it. */
export const recall = defineMetric({
  name: "recall",
  title: "recall",
  aliases: ["sensitivity"],
  summary: "Of the rows of a class, the share predicted as it; 0 for a class without a row.",
  families: ["single-label", "binary", "multi-label"],
  shown: "always",
  needs: "counts",
  averaging: "classes",
  better: "higher",
  range: [0, 1],
  samples: [
    { family: "binary", targets: [0, 0, 0, 1], outputs: [[-1], [-1], [1], [1]], value: (2 / 3 + 1) / 2 },
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
      value: (1 / 2 + 0) / 2,
    },
  ],
  source:
    "sklearn.metrics.precision_recall_fscore_support with labels = all classes; zero_division has scikit-learn's default effect, 0",
  ratio: ({ truePositives, support }) => [truePositives, support],
});
