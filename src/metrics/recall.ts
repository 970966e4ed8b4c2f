import { defineMetric } from "./define-metric.js";

/** Of the rows of a class, the share predicted as it. */
export const recall = defineMetric({
  name: "recall",
  title: "recall",
  aliases: [],
  summary: "Of the rows of a class, the share predicted as it; 0 for a class without a row.",
  unit: "share",
  better: "higher",
  range: [0, 1],
  averaging: "macro, micro, weighted",
  emptyValue: 0,
  source:
    "sklearn.metrics.precision_recall_fscore_support with labels = all classes; zero_division has scikit-learn's default effect, 0",
  ratio: ({ truePositives, support }) => [truePositives, support],
});
