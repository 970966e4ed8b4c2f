import { classCounts, correctRows } from "./classification-sums.js";
import { defineMetric } from "./define-metric.js";

/** Matthews correlation between true and predicted classes. */
export const matthews = defineMetric({
  name: "matthews",
  title: "Matthews correlation",
  aliases: ["mcc", "matthews_corrcoef", "matthews_correlation"],
  summary: "Correlation of predicted and true classes; 0 for a constant or random answer, whatever the class sizes.",
  unit: "correlation",
  better: "higher",
  range: [-1, 1],
  averaging: "none",
  emptyValue: 0,
  source:
    "sklearn.metrics.matthews_corrcoef; for more than two classes the R_K of Gorodkin (2004); 0 when all true or all predicted classes are one",
  value: (sums) => {
    const n = sums.examples;
    const counts = classCounts(sums);
    const sumOf = (term: (c: (typeof counts)[number]) => number): number => counts.reduce((sum, c) => sum + term(c), 0);
    const covariance = correctRows(sums) * n - sumOf(({ predicted, support }) => predicted * support);
    const spread =
      (n * n - sumOf(({ predicted }) => predicted * predicted)) * (n * n - sumOf(({ support }) => support * support));
    return spread === 0 ? 0 : covariance / Math.sqrt(spread);
  },
});
