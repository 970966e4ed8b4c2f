import { classCounts } from "./classification-sums.js";
import { defineMetric } from "./define-metric.js";

/** The accuracy of always answering the most frequent class: what any classifier has to beat. */
export const majorityAccuracy = defineMetric({
  name: "majorityAccuracy",
  title: "majority-class accuracy",
  aliases: [],
  summary: "Accuracy of always answering the most frequent class of the set: the baseline to beat.",
  unit: "share",
  better: "higher",
  range: [0, 1],
  averaging: "none",
  emptyValue: 0,
  source: "sklearn.dummy.DummyClassifier, strategy=most_frequent, fitted to and scored on the evaluated set",
  value: (sums) => classCounts(sums).reduce((most, { support }) => Math.max(most, support), 0) / sums.examples,
  remark: (labels, supports) => `always answering "${labels[supports.indexOf(Math.max(...supports))]}"`,
});
