import { defineMetric } from "../define-metric.js";
import { areaUnderRoc, rank } from "../ranking.js";
import type { Scores } from "../scores.js";

/** Mean over all pairs of classes of how well each is told from the other. */
export const rocAucOvo = defineMetric({
  name: "rocAucOvo",
  title: "ROC AUC one-vs-one",
  aliases: ["auc_ovo"],
  summary:
    "Mean ROC AUC over all pairs of classes, each pair on its own rows; it does not depend on how many rows each has.",
  families: ["single-label", "binary"],
  shown: "when asked",
  needs: "scores",
  averaging: "none",
  better: "higher",
  range: [0, 1],
  samples: [
    {
      family: "single-label",
      targets: [0, 1, 1],
      outputs: [
        [1, 0, 0],
        [0, 1, 0],
        [2, 1, 0],
      ],
      value: 0.75,
    },
  ],
  source: "sklearn.metrics.roc_auc_score, multi_class=ovo, average=macro; pairs with a class without rows are left out",
  value: (scores) => {
    const areas: number[] = [];
    for (let a = 0; a < scores.classes; a++) {
      for (let b = a + 1; b < scores.classes; b++) {
        const both = [areaOfPair(scores, a, b), areaOfPair(scores, b, a)];
        for (const area of both) if (area !== undefined) areas.push(area);
      }
    }
    return areas.length === 0 ? 0 : areas.reduce((sum, area) => sum + area, 0) / areas.length;
  },
});

/** The area of `own` on the rows of the two classes. */
function areaOfPair(
  { rows, classes, logProbabilities, isTrue }: Scores,
  own: number,
  other: number,
): number | undefined {
  const chosen = Array.from({ length: rows }, (_, row) => row * classes).filter(
    (start) => isTrue[start + own] + isTrue[start + other] > 0,
  );
  return areaUnderRoc(
    rank(
      Float32Array.from(chosen, (start) => logProbabilities[start + own]),
      Uint8Array.from(chosen, (start) => isTrue[start + own]),
    ),
  );
}
