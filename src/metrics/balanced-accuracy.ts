import { classCounts } from "./classification-sums.js";
import { defineMetric } from "./define-metric.js";

/** Mean recall over the classes that occur in the set. */
export const balancedAccuracy = defineMetric({
  name: "balancedAccuracy",
  title: "balanced accuracy",
  aliases: [],
  summary: "Mean recall over the classes that occur in the set, each class counting the same.",
  unit: "share",
  better: "higher",
  range: [0, 1],
  averaging: "none",
  emptyValue: 0,
  source:
    "sklearn.metrics.balanced_accuracy_score, adjusted=False; unlike macro recall it leaves out classes without a row",
  value: (sums) => {
    const present = classCounts(sums).filter(({ support }) => support > 0);
    return present.reduce((sum, { truePositives, support }) => sum + truePositives / support, 0) / present.length;
  },
});
