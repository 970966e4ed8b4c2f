import { defineMetric } from "../define-metric.js";

/** Share of rows that are answered rightly. */
export const accuracy = defineMetric({
  name: "accuracy",
  title: "accuracy",
  aliases: ["acc", "subset_accuracy", "exact_match"],
  summary: "Share of rows whose predicted class is the true one; with several labels a row, all of them have to be.",
  families: ["single-label", "binary", "multi-label"],
  shown: "always",
  needs: "counts",
  averaging: "none",
  better: "higher",
  range: [0, 1],
  samples: [
    {
      family: "single-label",
      targets: [0, 1, 1],
      outputs: [
        [1, 0],
        [1, 0],
        [0, 1],
      ],
      value: 2 / 3,
    },
    {
      family: "multi-label",
      targets: [
        [1, 0],
        [1, 1],
      ],
      outputs: [
        [1, -1],
        [1, -1],
      ],
      value: 0.5,
    },
  ],
  source: "sklearn.metrics.accuracy_score",
  value: ({ correctRows, rows }) => correctRows / rows,
});
