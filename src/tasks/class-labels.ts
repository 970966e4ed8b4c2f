/** What tasks whose rows have classes share: the check of their names, and the class of each row. */
import { fail } from "../base/errors.js";
import { didYouMean } from "../base/nearest.js";
import type { Dataset } from "../data/dataset/dataset.js";
import type { Targets } from "./task.js";

/** @throws E_CONFIG for names that are not different, or fewer than `least` */
export function checkNames(labels: readonly string[], least: number): void {
  if (new Set(labels).size !== labels.length)
    fail("E_CONFIG", { option: "labels", expected: "different names", got: labels.join(", ") });
  if (labels.length < least)
    fail("E_CONFIG", {
      option: "labels",
      expected: least === 1 ? "at least one label" : "at least two classes",
      got: labels.length === 0 ? "none" : `"${labels[0]}" alone`,
    });
}

/** The class id of each row, [N] in [0, C). @throws E_DATA for the first row without one of `labels` */
export function readClassIds(dataset: Dataset, labels: readonly string[]): Targets {
  const idOf = new Map(labels.map((label, id) => [label, id]));
  const data = Int32Array.from({ length: dataset.length }, (_, row) => {
    const label = dataset.label(row);
    const id = label === undefined ? undefined : idOf.get(label);
    return id ?? failForLabel(dataset, row, label, labels);
  });
  return { data, width: 1 };
}

/** Says that `label` of a row is none of the classifier's. @throws E_DATA always */
export function failForLabel(
  dataset: Dataset,
  row: number,
  label: string | undefined,
  labels: readonly string[],
): never {
  return fail("E_DATA", {
    where: `${dataset.source}, row ${row + 1}`,
    expected: `a label of the classifier (${labels.slice(0, 8).join(", ")}${labels.length > 8 ? ", …" : ""})`,
    got: label === undefined ? "none" : `"${label}"`,
    fix:
      label === undefined
        ? "leave the row out"
        : `${didYouMean(label, labels)} A classifier with other labels has to be trained anew`,
  });
}

/** @throws E_DATA where the rows of `dataset` have no labels of this kind */
export function checkLabelKind(dataset: Dataset, kind: NonNullable<Dataset["targetKind"]>, expected: string): void {
  const got = dataset.targetKind;
  if (got === kind) return;
  const words = { class: "one class in each row", labels: "several classes in a row", number: "numbers" } as const;
  fail("E_DATA", {
    where: dataset.source,
    option: got === undefined ? "label" : "target",
    expected,
    got: got === undefined ? "no labels" : words[got],
    ...(got === undefined
      ? { fix: "name their column", set: { label: "…" } }
      : { fix: "read them so, if they are", set: { target: kind } }),
  });
}
