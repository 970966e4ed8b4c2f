import { defineMetric } from "../define-metric.js";

/** The accuracy of always answering the most frequent class: what any classifier has to beat. */
export const majorityAccuracy = defineMetric({
  name: "majorityAccuracy",
  title: "majority-class accuracy",
  aliases: [],
  summary: "Accuracy of always answering the most frequent class of the set: the baseline to beat.",
  families: ["single-label", "binary"],
  shown: "always",
  needs: "counts",
  averaging: "none",
  better: "higher",
  range: [0, 1],
  samples: [
    {
      family: "single-label",
      targets: [0, 1, 1],
      outputs: [
        [1, 0],
        [1, 0],
        [1, 0],
      ],
      value: 2 / 3,
    },
  ],
  source: "sklearn.dummy.DummyClassifier, strategy=most_frequent, fitted to and scored on the evaluated set",
  value: ({ classes, rows }) => classes.reduce((most, { support }) => Math.max(most, support), 0) / rows,
  remark: (labels, supports) => `always answering "${labels[supports.indexOf(Math.max(...supports))]}"`,
});
