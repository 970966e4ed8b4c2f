/** A number for every text. */
import { fail } from "../base/errors.js";
import { checkLabelKind, checkNames } from "./class-labels.js";
import { numbersOf } from "./prediction.js";
import { defineTask } from "./task.js";

export const regression = defineTask({
  name: "regression",
  problemType: "regression",
  summary: "a number for every text",
  family: "regression",
  labelKind: "number",
  targets: "numbers",
  loss: "mse",
  outputs: (labels) => labels,
  checkLabels: (labels) => checkNames(labels, 1),
  checkTrainable(dataset) {
    checkLabelKind(dataset, "number", "a number in each row");
    if (dataset.length === 0) fail("E_DATA", { where: dataset.source, expected: "rows", got: "none" });
  },
  readTargets(dataset) {
    const data = Float32Array.from({ length: dataset.length }, (_, row) => {
      const number = dataset.target(row);
      return Number.isFinite(number)
        ? number
        : fail("E_DATA", {
            where: `${dataset.source}, row ${row + 1}`,
            expected: "a number",
            got: String(number),
            fix: "leave the row out",
          });
    });
    return { data, width: 1 };
  },
  predict: numbersOf,
  metricForBestModel: "loss",
  shownMetrics: ["mae", "pearson"],
});
