import { defineMetric } from "../define-metric.js";
import { meanOf } from "../numbers.js";

/** Mean of the absolute differences, in the unit of the numbers. */
export const mae = defineMetric({
  name: "mae",
  title: "mean absolute error",
  aliases: ["mean_absolute_error"],
  summary: "Mean of the absolute differences of prediction and truth, in the unit of the numbers.",
  families: ["regression"],
  shown: "always",
  needs: "numbers",
  averaging: "none",
  better: "lower",
  range: [0, Infinity],
  samples: [{ family: "regression", targets: [[1], [2], [4]], outputs: [[1], [4], [3]], value: 1 }],
  source: "sklearn.metrics.mean_absolute_error",
  value: (numbers) => meanOf(numbers, (target, prediction) => Math.abs(prediction - target)),
});
