/** Tables and texts for a terminal. */
import { oneLine, padded, widthOf } from "../base/printable.js";

/** Rows under a heading, columns as wide as they must be; numbers to the right. Cells are made printable. */
export function textTable(heading: readonly string[], rows: readonly (readonly string[])[], widest = 40): string {
  const cells = [heading, ...rows].map((row) => row.map((cell) => oneLine(cell, widest)));
  const widths = heading.map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? ""))));
  const isNumber = heading.map((_, column) =>
    rows.every(
      (row) => row[column] === "" || /^(?:[-+]?[\d.,]+(?:e[-+]?\d+)?|NaN|-?Infinity)$/.test(row[column] ?? ""),
    ),
  );
  const lines = cells.map((row) =>
    row
      .map((cell, column) => padded(cell, widths[column] ?? 0, isNumber[column] === true ? "before" : "after"))
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}

/** A number in few characters: 5 digits, or as it is where it is whole. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(5)));
}
