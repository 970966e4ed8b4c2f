import { defineMetric } from "../define-metric.js";
import { areaUnderRoc } from "../ranking.js";

/** The probability that a row of a class gets a higher score for it than another row. */
export const rocAuc = defineMetric({
  name: "rocAuc",
  title: "ROC AUC",
  aliases: ["auc", "auroc", "roc_auc_ovr"],
  summary:
    "Probability that a row of a class is given a higher score for it than another row (each class against the rest).",
  families: ["single-label", "binary", "multi-label"],
  shown: "when asked",
  needs: "scores",
  averaging: "classes",
  better: "higher",
  range: [0, 1],
  samples: [
    { family: "binary", targets: [0, 1, 0, 1], outputs: [[0.1], [0.3], [0.4], [0.8]], value: 0.75 },
    { family: "binary", targets: [0, 1, 0, 1], outputs: [[0], [0], [0], [0]], value: 0.5 },
    // The second label has no yes: it has no curve and is left out.
    {
      family: "multi-label",
      targets: [
        [1, 0],
        [0, 0],
      ],
      outputs: [
        [1, 1],
        [0, 0],
      ],
      value: 1,
    },
  ],
  source:
    "sklearn.metrics.roc_auc_score, multi_class=ovr; a class without rows, or of all rows, has none and is left out of averages",
  ofClass: areaUnderRoc,
});
