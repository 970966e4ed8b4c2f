import { fail } from "../../base/errors.js";
import type { Dataset } from "./dataset.js";

/**
 * Checks that a classifier can be trained on `dataset`: labels, at least two classes that occur, and at
 * least a row for each class.
 *
 * @throws E_DATA otherwise
 */
export function assertTrainable(dataset: Dataset): void {
  const { names, counts } = dataset.labels;
  const where = dataset.source;
  if (dataset.targetKind === undefined)
    fail("E_DATA", {
      where,
      option: "label",
      expected: "labels",
      got: "none",
      fix: "name their column",
      set: { label: "…" },
    });
  if (dataset.targetKind !== "class")
    fail("E_DATA", {
      where,
      option: "target",
      expected: "one class for each row",
      got: dataset.targetKind === "number" ? "numbers" : "several classes in a row",
      ...(dataset.targetKind === "number" ? { fix: "read them as classes", set: { target: "class" } } : {}),
    });
  const present = names.filter((_, id) => (counts[id] as number) > 0);
  if (dataset.length < names.length) {
    fail("E_DATA", {
      where,
      expected: `at least one row for each of the ${names.length} classes`,
      got: `${dataset.length} ${dataset.length === 1 ? "row" : "rows"}`,
      fix: "bring more rows, or check that the label column is the right one",
    });
  }
  if (present.length < 2) {
    fail("E_DATA", {
      where,
      expected: "at least two classes",
      got: `one ("${present[0]}") in ${dataset.length === 1 ? "the only row" : `all ${dataset.length} rows`}`,
      fix: "check the label column and the file",
    });
  }
}
