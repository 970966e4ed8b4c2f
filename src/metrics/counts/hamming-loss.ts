import { defineMetric } from "../define-metric.js";

/** Share of the labels that are wrongly given or left out. */
export const hammingLoss = defineMetric({
  name: "hammingLoss",
  title: "Hamming loss",
  aliases: ["hamming"],
  summary: "Share of the labels, over all rows, that are wrongly given or wrongly left out.",
  families: ["multi-label"],
  shown: "always",
  needs: "counts",
  averaging: "none",
  better: "lower",
  range: [0, 1],
  samples: [
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
      value: 0.25,
    },
  ],
  source: "sklearn.metrics.hamming_loss",
  value: ({ classes, rows }) =>
    classes.reduce((sum, { falsePositives, falseNegatives }) => sum + falsePositives + falseNegatives, 0) /
    (rows * classes.length),
});
