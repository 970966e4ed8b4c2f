import { defineMetric } from "../define-metric.js";

/** Harmonic mean of a class's precision and recall. */
export const f1 = defineMetric({
  name: "f1",
  title: "f1",
  aliases: [],
  summary: "Harmonic mean of precision and recall; 0 for a class that neither occurs nor is predicted.",
  families: ["single-label", "binary", "multi-label"],
  shown: "always",
  needs: "counts",
  averaging: "classes",
  better: "higher",
  range: [0, 1],
  samples: [
    { family: "binary", targets: [0, 0, 0, 1], outputs: [[-1], [-1], [1], [1]], value: (4 / 5 + 2 / 3) / 2 },
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
      value: (2 / 3 + 0) / 2,
    },
  ],
  source:
    "sklearn.metrics.precision_recall_fscore_support with labels = all classes; zero_division has scikit-learn's default effect, 0",
  // 2PR / (P + R) with both written as counts; it needs no case for P + R = 0 where the class occurs.
  ratio: ({ truePositives, predicted, support }) => [2 * truePositives, predicted + support],
});
