import { defineMetric } from "../define-metric.js";

/** Mean recall over the classes that occur in the set. */
export const balancedAccuracy = defineMetric({
  name: "balancedAccuracy",
  title: "balanced accuracy",
  aliases: [],
  summary: "Mean recall over the classes that occur in the set, each class counting the same.",
  families: ["single-label", "binary"],
  shown: "always",
  needs: "counts",
  averaging: "none",
  better: "higher",
  range: [0, 1],
  samples: [
    { family: "binary", targets: [0, 0, 1], outputs: [[-1], [1], [1]], value: 0.75 },
    {
      family: "single-label",
      targets: [0, 1],
      outputs: [
        [1, 0, 0],
        [1, 0, 0],
      ],
      value: 0.5,
    },
  ],
  source:
    "sklearn.metrics.balanced_accuracy_score, adjusted=False; unlike macro recall it leaves out classes without a row",
  value: ({ classes }) => {
    const present = classes.filter(({ support }) => support > 0);
    return present.reduce((sum, { truePositives, support }) => sum + truePositives / support, 0) / present.length;
  },
});
