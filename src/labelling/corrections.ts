/** Corrected labels of a data set, which itself stays as it is. */
import { fail } from "../base/errors.js";
import { createDataset, tableOf } from "../data/dataset/create-dataset.js";
import type { Dataset } from "../data/dataset/dataset.js";
import { type RowTarget, withRows } from "../data/dataset/target.js";
import { type DecisionEntry, rowHash, standingDecisions } from "./decisions.js";
import { labelOfRow, readLabel, writeLabel } from "./row-label.js";

/** The right labels of texts, as {@link labelOfRow} writes them, by {@link rowHash}: rows of the same text have the same. */
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
 * @throws E_DATA for a class that the data set has not, what is no label of its kind, or a data set without labels
 */
export function correctLabels(dataset: Dataset, corrections: Corrections): Corrected {
  if (corrections.size === 0) return { dataset, rows: 0 };
  const { table, rows: chosen } = tableOf(dataset);
  const { target } = table;
  if (target === undefined)
    return fail("E_DATA", { where: `corrections of ${dataset.source}`, expected: "rows with labels", got: "none" });
  const changed = new Map<number, RowTarget>();
  let rows = 0;
  for (let row = 0; row < dataset.length; row++) {
    const said = corrections.get(rowHash(dataset, row));
    if (said === undefined) continue;
    const label = readLabel(dataset, said);
    if (writeLabel(dataset, label) === labelOfRow(dataset, row)) continue;
    changed.set(chosen?.[row] ?? row, label);
    rows++;
  }
  if (rows === 0) return { dataset, rows };
  const { source, notices, badRows } = dataset;
  const corrected = { ...table, target: withRows(target, changed) };
  return { dataset: createDataset(corrected, chosen, { source, notices, badRows }), rows };
}
