import { defineMetric } from "../define-metric.js";

/** Of the rows that are not of a class, the share not predicted as it. */
export const specificity = defineMetric({
  name: "specificity",
  title: "specificity",
  aliases: ["true_negative_rate", "tnr"],
  summary: "Of the rows that are not of a class, the share not predicted as it.",
  families: ["single-label", "binary", "multi-label"],
  shown: "when asked",
  needs: "counts",
  averaging: "classes",
  better: "higher",
  range: [0, 1],
  samples: [
    { family: "binary", targets: [0, 0, 0, 1], outputs: [[-1], [-1], [1], [1]], value: (1 + 2 / 3) / 2 },
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
      value: (0 + 1) / 2,
    },
  ],
  source: "recall of the rest: sklearn.metrics.multilabel_confusion_matrix, tn / (tn + fp)",
  ratio: ({ trueNegatives, falsePositives }) => [trueNegatives, trueNegatives + falsePositives],
});
