import { defineMetric } from "../define-metric.js";
import { meanOf } from "../numbers.js";

/** Share of the variance of the numbers that is explained. */
export const r2 = defineMetric({
  name: "r2",
  title: "R²",
  aliases: ["r2_score", "r_squared"],
  summary: "Share of the variance that the predictions explain: 1 for perfect, 0 for always answering the mean.",
  families: ["regression"],
  shown: "always",
  needs: "numbers",
  averaging: "none",
  better: "higher",
  range: [-Infinity, 1],
  samples: [
    { family: "regression", targets: [[1], [2], [4]], outputs: [[1], [4], [3]], value: 1 - 5 / (14 / 3) },
    { family: "regression", targets: [[2], [2]], outputs: [[2], [2]], value: 1 },
    { family: "regression", targets: [[2], [2]], outputs: [[2], [1]], value: 0 },
  ],
  source: "sklearn.metrics.r2_score, force_finite: where all true numbers are one, 1 if they are met and else 0",
  value: (numbers) => {
    const mean = meanOf(numbers, (target) => target);
    const spread = meanOf(numbers, (target) => (target - mean) ** 2);
    const rest = meanOf(numbers, (target, prediction) => (prediction - target) ** 2);
    if (spread === 0) return rest === 0 ? 1 : 0;
    return 1 - rest / spread;
  },
});
