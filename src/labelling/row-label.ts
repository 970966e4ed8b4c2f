/** Labels of rows as a cell of a file has them: a class, a list of classes in JSON, or a number. */
import { fail } from "../base/errors.js";
import type { Dataset } from "../data/dataset/dataset.js";
import type { RowTarget } from "../data/dataset/target.js";

/** The label of a row: `ham`, `["billing","refund"]` in the order of the classes, or `3.5`; empty where it has none. */
export function labelOfRow(dataset: Dataset, row: number): string {
  return writeLabel(dataset, { ids: dataset.labelIdsOf(row), value: dataset.target(row) });
}

/** As {@link labelOfRow} has it, so that two are the same label if they are the same text. */
export function writeLabel({ targetKind, labels: { names } }: Dataset, { ids, value }: RowTarget): string {
  if (targetKind === "number") return String(value);
  const classes = ids.map((id) => names[id]);
  return targetKind === "labels" ? JSON.stringify(classes) : (classes[0] ?? "");
}

/** What `text` says. @throws E_DATA for a class that the data set has not, or what is no label of its kind */
export function readLabel({ targetKind, labels: { names }, source }: Dataset, text: string): RowTarget {
  const refuse = (expected: string, got: string): never =>
    fail("E_DATA", { where: `corrections of ${source}`, expected, got: JSON.stringify(got) });
  if (targetKind === "number") {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    return Number.isFinite(value) ? { ids: [], value } : refuse("a number", text);
  }
  const classes = targetKind === "labels" ? (listIn(text) ?? refuse('a list of classes, as ["a","b"]', text)) : [text];
  const ids = classes.map((name) => {
    const id = names.indexOf(name);
    return id < 0 ? refuse(`one of the classes ${names.map((one) => JSON.stringify(one)).join(", ")}`, name) : id;
  });
  return { ids: [...new Set(ids)].sort((a, b) => a - b), value: Number.NaN };
}

function listIn(text: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((one) => typeof one === "string") ? value : undefined;
  } catch {
    return undefined;
  }
}
