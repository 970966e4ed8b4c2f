import { defineMetric } from "../define-metric.js";

/** Share of the answers yes and no that are right. */
export const binaryAccuracy = defineMetric({
  name: "binaryAccuracy",
  title: "binary accuracy",
  aliases: ["binary_accuracy"],
  summary: "Share of the answers yes and no that are right, over all rows and labels.",
  families: ["binary", "multi-label"],
  shown: "when asked",
  needs: "counts",
  averaging: "none",
  better: "higher",
  range: [0, 1],
  samples: [
    {
      family: "multi-label",
      targets: [
        [1, 0],
        [1, 1],
      ],
      outputs: [
        [1, -1],
        [1, -1],
      ],
      value: 0.75,
    },
  ],
  source: "keras.metrics.BinaryAccuracy; a probability of exactly the threshold is a yes here",
  value: ({ classes, rows }) =>
    classes.reduce((sum, { truePositives, trueNegatives }) => sum + truePositives + trueNegatives, 0) /
    (rows * classes.length),
});
