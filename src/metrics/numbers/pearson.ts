import { correlation } from "../correlation.js";
import { defineMetric } from "../define-metric.js";

/** Linear correlation of prediction and truth. */
export const pearson = defineMetric({
  name: "pearson",
  title: "Pearson correlation",
  aliases: ["pearsonr", "pearson_correlation"],
  summary: "Linear correlation of prediction and truth; 0 where either is constant.",
  families: ["regression"],
  shown: "always",
  needs: "numbers",
  averaging: "none",
  better: "higher",
  range: [-1, 1],
  samples: [
    { family: "regression", targets: [[1], [2], [3]], outputs: [[1], [3], [2]], value: 0.5 },
    { family: "regression", targets: [[1], [2]], outputs: [[3], [3]], value: 0 },
  ],
  source: "scipy.stats.pearsonr, which is NaN where either is constant: 0 here",
  value: ({ targets, predictions }) => correlation(targets, predictions),
});
