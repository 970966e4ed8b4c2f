/** Any number of C labels for every text, each told by a sigmoid of its own. */
import { fail } from "../base/errors.js";
import { checkLabelKind, checkNames, failForLabel } from "./class-labels.js";
import { likelyLabels } from "./prediction.js";
import { defineTask } from "./task.js";

export const multiLabelClassification = defineTask({
  name: "multi_label_classification",
  problemType: "multi_label_classification",
  summary: "any number of labels for every text",
  family: "multi-label",
  labelKind: "labels",
  targets: "labels",
  loss: "binary_cross_entropy",
  outputs: (labels) => labels,
  checkLabels: (labels) => checkNames(labels, 1),
  checkTrainable(dataset) {
    checkLabelKind(dataset, "labels", "any number of labels in each row");
    const { names, counts } = dataset.labels;
    const never = names.filter((_, id) => counts[id] === 0);
    if (never.length === names.length)
      fail("E_DATA", { where: dataset.source, expected: "rows with labels", got: `none in ${dataset.length} rows` });
  },
  readTargets(dataset, labels) {
    const idOf = new Map(labels.map((label, id) => [label, id]));
    const { names } = dataset.labels;
    const data = new Float32Array(dataset.length * labels.length);
    for (let row = 0; row < dataset.length; row++) {
      for (const own of dataset.labelIdsOf(row)) {
        const label = names[own];
        const id = idOf.get(label) ?? failForLabel(dataset, row, label, labels);
        data[row * labels.length + id] = 1;
      }
    }
    return { data, width: labels.length };
  },
  predict: likelyLabels,
  // F1 at a half says nothing of a model that is not yet sure of any label.
  metricForBestModel: "loss",
  shownMetrics: ["accuracy", "macroF1"],
});
