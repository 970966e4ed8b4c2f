import { correctRows } from "./classification-sums.js";
import { defineMetric } from "./define-metric.js";

/** Share of rows whose predicted class is the true one. */
export const accuracy = defineMetric({
  name: "accuracy",
  title: "accuracy",
  aliases: ["acc"],
  summary: "Share of rows whose predicted class is the true one.",
  unit: "share",
  better: "higher",
  range: [0, 1],
  averaging: "none",
  emptyValue: 0,
  source: "sklearn.metrics.accuracy_score",
  value: (sums) => correctRows(sums) / sums.examples,
});
