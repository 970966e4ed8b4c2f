import { correlation, ranks } from "../correlation.js";
import { defineMetric } from "../define-metric.js";

/** Correlation of the ranks of prediction and truth. */
export const spearman = defineMetric({
  name: "spearman",
  title: "Spearman correlation",
  aliases: ["spearmanr", "spearman_correlation"],
  summary: "Correlation of the ranks of prediction and truth: 1 where the order is right; 0 where either is constant.",
  families: ["regression"],
  shown: "always",
  needs: "numbers",
  averaging: "none",
  better: "higher",
  range: [-1, 1],
  samples: [
    { family: "regression", targets: [[1], [2], [30]], outputs: [[5], [6], [7]], value: 1 },
    { family: "regression", targets: [[1], [2], [3]], outputs: [[1], [1], [2]], value: Math.sqrt(3) / 2 },
  ],
  source:
    "scipy.stats.spearmanr, which is NaN where either is constant: 0 here; equal numbers share the mean of their ranks",
  value: ({ targets, predictions }) => correlation(ranks(targets), ranks(predictions)),
});
