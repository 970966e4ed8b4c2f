import { defineMetric } from "./define-metric.js";

/** Of the rows predicted as a class, the share that belongs to it. */
export const precision = defineMetric({
  name: "precision",
  title: "precision",
  aliases: [],
  summary: "Of the rows predicted as a class, the share that belongs to it; 0 for a class never predicted.",
  unit: "share",
  better: "higher",
  range: [0, 1],
  averaging: "macro, micro, weighted",
  emptyValue: 0,
  source:
    "sklearn.metrics.precision_recall_fscore_support with labels = all classes; zero_division has scikit-learn's default effect, 0",
  ratio: ({ truePositives, predicted }) => [truePositives, predicted],
});
