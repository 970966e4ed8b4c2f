import { defineMetric } from "../define-metric.js";
import { reliability } from "../reliability.js";

/** How far probabilities are from the share of answers that are right. */
export const expectedCalibrationError = defineMetric({
  name: "expectedCalibrationError",
  title: "calibration error, bins:",
  aliases: ["ece", "calibration_error"],
  summary:
    "Mean distance, over bins of equal width, of the probability of the answers from the share that is right; @ gives the bins.",
  families: ["single-label", "binary", "multi-label"],
  shown: "when asked",
  needs: "scores",
  averaging: "none",
  better: "lower",
  range: [0, 1],
  parameter: { title: "bins", default: 15, range: [1, 1000] },
  samples: [
    // Two answers at 0.75, one of them right; one at 0.5, right.
    {
      family: "single-label",
      targets: [0, 1, 0],
      outputs: [
        [Math.log(3), 0],
        [Math.log(3), 0],
        [0, 0],
      ],
      value: (2 * 0.25 + 0.5) / 3,
    },
    { family: "multi-label", targets: [[1, 0]], outputs: [[Math.log(3), Math.log(3)]], parameter: 1, value: 0.25 },
  ],
  source:
    "arXiv:1706.04599: bins (from, to], the most probable class of a row; torchmetrics MulticlassCalibrationError, norm l1; of labels as BinaryCalibrationError",
  value: (scores, bins) => {
    const found = reliability(scores, bins);
    const answers = found.reduce((sum, { count }) => sum + count, 0);
    return found.reduce(
      (sum, { count, confidence, accuracy }) => sum + (count / answers) * Math.abs(confidence - accuracy),
      0,
    );
  },
});
