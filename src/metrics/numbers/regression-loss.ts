import { defineMetric } from "../define-metric.js";
import { mse } from "./mean-squared-error.js";

/** What is least where a regression is right: the mean squared error. */
export const regressionLoss = defineMetric({
  name: "loss",
  title: "loss",
  aliases: [],
  summary: "Mean of the squared differences of prediction and truth.",
  families: ["regression"],
  shown: "always",
  needs: "numbers",
  averaging: "none",
  better: "lower",
  range: [0, Infinity],
  samples: [{ family: "regression", targets: [[1], [2], [4]], outputs: [[1], [4], [3]], value: 5 / 3 }],
  source: "torch.nn.functional.mse_loss, reduction=mean, over the whole set",
  value: mse.value,
});
