/** One of two classes for every text, told by one output: its sigmoid is the probability of the second. */
import { fail } from "../base/errors.js";
import { assertTrainable } from "../data/dataset/assert-trainable.js";
import { checkNames, readClassIds } from "./class-labels.js";
import { moreProbable } from "./prediction.js";
import { defineTask } from "./task.js";

export const binaryClassification = defineTask({
  name: "binary_classification",
  // transformers has no name for it; one label by itself has the same loss.
  problemType: "multi_label_classification",
  summary: "one of two classes for every text, told by a single output",
  family: "binary",
  labelKind: "class",
  targets: "labels",
  loss: "binary_cross_entropy",
  outputs: (labels) => labels.slice(1),
  checkLabels(labels) {
    checkNames(labels, 2);
    if (labels.length > 2)
      fail("E_CONFIG", {
        option: "problemType",
        expected: "two classes for binary_classification",
        got: `${labels.length} (${labels.slice(0, 5).join(", ")}${labels.length > 5 ? ", …" : ""})`,
        fix: "leave the option out, or take single_label_classification",
      });
  },
  checkTrainable: assertTrainable,
  readTargets(dataset, labels) {
    const { data } = readClassIds(dataset, labels);
    return { data: Float32Array.from(data), width: 1 };
  },
  predict: moreProbable,
  metricForBestModel: "macroF1",
  shownMetrics: ["accuracy", "macroF1"],
});
