/** Corrected labels of a data set, which itself stays as it is. */
import { fail } from "../base/errors.js";
import { createDataset, tableOf } from "../data/dataset/create-dataset.js";
import type { Dataset } from "../data/dataset/dataset.js";
import { type DecisionEntry, rowHash, standingDecisions } from "./decisions.js";

/** The right class of texts, by {@link rowHash}: rows of the same text have the same. */
export type Corrections = ReadonlyMap<string, string>;

/** The corrections that stand when all `entries` are read: the latest of each text. */
export function correctionsOf(entries: Iterable<DecisionEntry>): Corrections {
  const found = new Map<string, string>();
  for (const entry of standingDecisions(entries).standing)
    if (entry.action === "label") found.set(entry.text, entry.label);
  return found;
}

/** A data set with corrected labels, and how many of its rows have another label than before. */
export interface Corrected {
  readonly dataset: Dataset;
  readonly rows: number;
}

/**
 * The same rows in the same order, with the labels of `corrections`.
 *
 * @throws E_DATA for a class that the data set has not, or rows that do not have one class each
 */
export function correctLabels(dataset: Dataset, corrections: Corrections): Corrected {
  if (corrections.size === 0) return { dataset, rows: 0 };
  const { table, rows: chosen } = tableOf(dataset);
  const { target } = table;
  if (target?.kind !== "class")
    return fail("E_DATA", {
      where: `corrections of ${dataset.source}`,
      expected: "rows of one class each",
      got: target === undefined ? "no labels" : target.kind === "number" ? "numbers" : "several labels a row",
    });
  const { names } = dataset.labels;
  const ids = Int32Array.from(target.ids);
  let rows = 0;
  for (let row = 0; row < dataset.length; row++) {
    const label = corrections.get(rowHash(dataset, row));
    if (label === undefined || label === dataset.label(row)) continue;
    const id = names.indexOf(label);
    if (id < 0)
      fail("E_DATA", {
        where: `corrections of ${dataset.source}`,
        expected: `one of the classes ${names.map((name) => JSON.stringify(name)).join(", ")}`,
        got: JSON.stringify(label),
      });
    ids[chosen?.[row] ?? row] = id;
    rows++;
  }
  const { source, notices, badRows } = dataset;
  const corrected = createDataset({ ...table, target: { ...target, ids } }, chosen, { source, notices, badRows });
  return { dataset: rows === 0 ? dataset : corrected, rows };
}
