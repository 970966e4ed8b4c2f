import { defineMetric } from "../define-metric.js";

/** Matthews correlation between true and predicted classes. */
export const matthews = defineMetric({
  name: "matthews",
  title: "Matthews correlation",
  aliases: ["mcc", "matthews_corrcoef", "matthews_correlation"],
  summary: "Correlation of predicted and true classes; 0 for a constant or random answer, whatever the class sizes.",
  families: ["single-label", "binary"],
  shown: "always",
  needs: "counts",
  averaging: "none",
  better: "higher",
  range: [-1, 1],
  samples: [
    { family: "binary", targets: [0, 0, 1, 1], outputs: [[-1], [1], [1], [1]], value: 1 / Math.sqrt(3) },
    { family: "binary", targets: [0, 1], outputs: [[1], [1]], value: 0 },
  ],
  source:
    "sklearn.metrics.matthews_corrcoef; for more than two classes the R_K of Gorodkin (2004); 0 when all true or all predicted classes are one",
  value: ({ classes, correctRows, rows }) => {
    const sumOf = (term: (c: (typeof classes)[number]) => number): number =>
      classes.reduce((sum, c) => sum + term(c), 0);
    const covariance = correctRows * rows - sumOf(({ predicted, support }) => predicted * support);
    const spread =
      (rows * rows - sumOf(({ predicted }) => predicted * predicted)) *
      (rows * rows - sumOf(({ support }) => support * support));
    return spread === 0 ? 0 : covariance / Math.sqrt(spread);
  },
});
