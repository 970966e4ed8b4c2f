import { defineMetric } from "../define-metric.js";
import { meanOf } from "../numbers.js";

/** Mean of the squared differences. */
export const mse = defineMetric({
  name: "mse",
  title: "mean squared error",
  aliases: ["mean_squared_error"],
  summary: "Mean of the squared differences of prediction and truth.",
  families: ["regression"],
  shown: "always",
  needs: "numbers",
  averaging: "none",
  better: "lower",
  range: [0, Infinity],
  samples: [
    { family: "regression", targets: [[1], [2], [4]], outputs: [[1], [4], [3]], value: 5 / 3 },
    {
      family: "regression",
      targets: [
        [1, 0],
        [1, 0],
      ],
      outputs: [
        [1, 2],
        [3, 0],
      ],
      value: 2,
    },
  ],
  source: "sklearn.metrics.mean_squared_error, of several numbers a row the mean over them",
  value: (numbers) => meanOf(numbers, (target, prediction) => (prediction - target) ** 2),
});
