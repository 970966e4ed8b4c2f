import { defineMetric } from "../define-metric.js";

/** Share of rows whose class is among the k most probable. */
export const topKAccuracy = defineMetric({
  name: "topKAccuracy",
  title: "accuracy in top",
  aliases: ["top_k", "top_k_categorical_accuracy", "sparse_top_k_categorical_accuracy"],
  summary: "Share of rows whose true class is among the k most probable; @ gives k.",
  families: ["single-label"],
  shown: "when asked",
  needs: "scores",
  averaging: "none",
  better: "higher",
  range: [0, 1],
  parameter: { title: "k", default: 5, range: [1, 1e6] },
  samples: [
    {
      family: "single-label",
      targets: [0, 1, 2],
      outputs: [
        [1, 2, 3],
        [1, 2, 3],
        [1, 2, 3],
      ],
      parameter: 2,
      value: 2 / 3,
    },
    {
      family: "single-label",
      targets: [0, 1, 2],
      outputs: [
        [1, 1, 1],
        [1, 1, 1],
        [1, 1, 1],
      ],
      parameter: 1,
      value: 1 / 3,
    },
  ],
  source:
    "sklearn.metrics.top_k_accuracy_score; of equal scores the first classes count, so that top 1 is the accuracy",
  value: ({ rows, classes, logProbabilities, isTrue }, k) => {
    let found = 0;
    for (let row = 0; row < rows; row++) {
      const own = isTrue.indexOf(1, row * classes);
      let before = 0;
      for (let at = row * classes; at < (row + 1) * classes; at++) {
        const isBefore =
          at < own ? logProbabilities[at] >= logProbabilities[own] : logProbabilities[at] > logProbabilities[own];
        if (isBefore) before++;
      }
      if (before < k) found++;
    }
    return found / rows;
  },
});
