/** Exactly one of C classes for every text: a softmax over C logits. */

import { fail } from "../base/errors.js";
import { didYouMean } from "../base/nearest.js";
import { assertTrainable } from "../data/dataset/assert-trainable.js";
import type { Dataset } from "../data/dataset/dataset.js";
import { chooseMetric } from "../metrics/choose-metric.js";
import { createMetrics } from "../metrics/create-metrics.js";
import { formatReport } from "../metrics/format-report.js";
import { crossEntropy } from "../ops/softmax.js";
import { mostProbable } from "./prediction.js";
import { defineTask, type Targets, type Task } from "./task.js";

export const singleLabelClassification: Task = defineTask({
  problemType: "single_label_classification",
  summary: "one of several classes for every text",
  family: "single-label",
  outputs: (labels) => labels.length,
  checkLabels(labels) {
    if (new Set(labels).size !== labels.length)
      fail("E_CONFIG", { option: "labels", expected: "different names", got: labels.join(", ") });
    if (labels.length < 2)
      fail("E_CONFIG", {
        option: "labels",
        expected: "at least two classes",
        got: labels.length === 0 ? "none" : `"${labels[0]}" alone`,
      });
  },
  checkTrainable: assertTrainable,
  readTargets,
  target: { dtype: "int64", perOutput: false },
  loss: crossEntropy,
  predict: mostProbable,
  createMetrics: (labels, options) => createMetrics("single-label", labels, options),
  chooseMetric: (name, labels) => chooseMetric(name, "single-label", labels),
  metricForBestModel: "macroF1",
  shownMetrics: ["accuracy", "macroF1"],
  formatReport,
});

/** The class id of each row, [N] in [0, C). */
function readTargets(dataset: Dataset, labels: readonly string[]): Targets {
  const idOf = new Map(labels.map((label, id) => [label, id]));
  const data = Int32Array.from({ length: dataset.length }, (_, row) => {
    const label = dataset.label(row);
    const id = label === undefined ? undefined : idOf.get(label);
    if (id !== undefined) return id;
    return fail("E_DATA", {
      where: `${dataset.source}, row ${row + 1}`,
      expected: `a label of the classifier (${labels.slice(0, 8).join(", ")}${labels.length > 8 ? ", …" : ""})`,
      got: label === undefined ? "none" : `"${label}"`,
      fix:
        label === undefined
          ? "leave the row out"
          : `${didYouMean(label, labels)} A classifier with other labels has to be trained anew`,
    });
  });
  return { data, width: 1 };
}
