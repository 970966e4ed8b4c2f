import { defineMetric } from "../define-metric.js";

/** Agreement of true and predicted classes beyond that of chance. */
export const cohenKappa = defineMetric({
  name: "cohenKappa",
  title: "Cohen's kappa",
  aliases: ["kappa", "cohen_kappa_score"],
  summary: "Agreement of predicted and true classes beyond chance: 1 for perfect, 0 for that of chance.",
  families: ["single-label", "binary"],
  shown: "when asked",
  needs: "counts",
  averaging: "none",
  better: "higher",
  range: [-1, 1],
  samples: [
    { family: "binary", targets: [0, 0, 1, 1], outputs: [[-1], [1], [1], [1]], value: 0.5 },
    { family: "binary", targets: [1, 1], outputs: [[1], [1]], value: 0 },
  ],
  source: "sklearn.metrics.cohen_kappa_score, which is NaN where all classes are one: 0 here",
  value: ({ classes, correctRows, rows }) => {
    const chance = classes.reduce((sum, { predicted, support }) => sum + predicted * support, 0) / rows;
    return chance === rows ? 0 : (correctRows - chance) / (rows - chance);
  },
});
