import { defineMetric } from "../define-metric.js";

/** Mean of a class's precision and recall in which recall weighs beta times as much. */
export const fBeta = defineMetric({
  name: "fBeta",
  title: "f-beta",
  aliases: ["fbeta"],
  summary: "Weighted harmonic mean of precision and recall; recall counts beta times as much as precision.",
  families: ["single-label", "binary", "multi-label"],
  shown: "when asked",
  needs: "counts",
  averaging: "classes",
  better: "higher",
  range: [0, 1],
  parameter: { title: "beta", default: 2, range: [0, 1000] },
  samples: [
    {
      family: "binary",
      targets: [0, 0, 0, 1],
      outputs: [[-1], [-1], [1], [1]],
      parameter: 2,
      value: (10 / (2 + 4 * 3) + 5 / (2 + 4)) / 2,
    },
    {
      family: "multi-label",
      targets: [
        [1, 0],
        [1, 0],
      ],
      outputs: [
        [1, -1],
        [-1, -1],
      ],
      parameter: 2,
      value: (5 / (1 + 4 * 2) + 0) / 2,
    },
  ],
  source: "sklearn.metrics.fbeta_score with labels = all classes; zero_division has scikit-learn's default effect, 0",
  ratio: ({ truePositives, predicted, support }, beta) => [
    (1 + beta * beta) * truePositives,
    predicted + beta * beta * support,
  ],
});
