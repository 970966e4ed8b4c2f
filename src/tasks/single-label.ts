/** Exactly one of C classes for every text: a softmax over C logits. */
import { assertTrainable } from "../data/dataset/assert-trainable.js";
import { checkNames, readClassIds } from "./class-labels.js";
import { mostProbable } from "./prediction.js";
import { defineTask } from "./task.js";

export const singleLabelClassification = defineTask({
  name: "single_label_classification",
  problemType: "single_label_classification",
  summary: "one of several classes for every text",
  family: "single-label",
  labelKind: "class",
  targets: "class",
  loss: "cross_entropy",
  outputs: (labels) => labels,
  checkLabels: (labels) => checkNames(labels, 2),
  checkTrainable: assertTrainable,
  readTargets: readClassIds,
  predict: mostProbable,
  metricForBestModel: "macroF1",
  shownMetrics: ["accuracy", "macroF1"],
});
