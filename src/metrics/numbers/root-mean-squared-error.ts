import { defineMetric } from "../define-metric.js";
import { mse } from "./mean-squared-error.js";

/** Root of the mean squared error, in the unit of the numbers. */
export const rmse = defineMetric({
  name: "rmse",
  title: "root mean squared error",
  aliases: ["root_mean_squared_error"],
  summary: "Root of the mean squared error, in the unit of the numbers.",
  families: ["regression"],
  shown: "always",
  needs: "numbers",
  averaging: "none",
  better: "lower",
  range: [0, Infinity],
  samples: [{ family: "regression", targets: [[1], [2], [4]], outputs: [[1], [4], [3]], value: Math.sqrt(5 / 3) }],
  source: "sklearn.metrics.root_mean_squared_error, of several numbers a row the mean of their roots",
  value: (numbers) => Math.sqrt(mse.value(numbers)),
});
