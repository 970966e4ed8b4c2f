/** An evaluation report as numbers with a curve each, and tables. */
import { Table } from "./table.js";

/** Whatever a task reports: its numbers are found by what they are, not by their names. */
type Report = object;

/** All single numbers: those of the whole set, and those of averages, as in `macroF1`. */
export function reportValues(report: Report): Record<string, number> {
  const values: Record<string, number> = {};
  for (const [name, value] of Object.entries(report) as [string, unknown][]) {
    if (typeof value === "number") values[name] = value;
    else if (isRecord(value)) {
      for (const [inner, number] of Object.entries(value))
        if (typeof number === "number") values[name + inner.charAt(0).toUpperCase() + inner.slice(1)] = number;
    }
  }
  return values;
}

/** The values of each class, and the confusion matrix, where the report has them. */
export function reportTables(report: Report): Record<string, Table> {
  const { perClass, confusion } = report as { readonly perClass?: unknown; readonly confusion?: unknown };
  if (!Array.isArray(perClass) || perClass.length === 0 || !perClass.every(isRecord)) return {};
  const columns = Object.keys(perClass[0]);
  const tables: Record<string, Table> = {
    perClass: new Table({ kind: "per-class", columns, data: perClass.map((row) => columns.map((name) => row[name])) }),
  };
  const labels = perClass.map(({ label }) => String(label));
  if (Array.isArray(confusion) && confusion.length === labels.length)
    tables.confusion = new Table({
      kind: "confusion-matrix",
      columns: ["true class", ...labels],
      data: (confusion as unknown[][]).map((row, i) => [labels[i], ...row]),
    });
  return tables;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
