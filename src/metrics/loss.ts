import { defineMetric } from "./define-metric.js";

/** Cross-entropy: the mean negative log-likelihood over all rows, in nats. */
export const loss = defineMetric({
  name: "loss",
  title: "loss",
  aliases: ["log_loss", "crossEntropy"],
  summary: "Mean over all rows of the negative log-probability given to the true class (cross-entropy).",
  unit: "nats",
  better: "lower",
  range: [0, Infinity],
  averaging: "none",
  emptyValue: 0,
  source:
    "torch.nn.functional.cross_entropy, reduction=mean, over the whole set; sklearn.metrics.log_loss with labels given",
  value: (sums) => sums.negativeLogLikelihood / sums.examples,
});
