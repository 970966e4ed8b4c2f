/** Tables and texts for a terminal. */
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";

/** `text` on one line, without what a terminal would take for a command, at most `most` characters wide. */
export function printable(text: string, most = Number.POSITIVE_INFINITY): string {
  const plain = stripVTControlCharacters(text).replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ");
  if (stringWidth(plain) <= most) return plain;
  let width = 0;
  let kept = "";
  for (const character of plain) {
    width += stringWidth(character);
    if (width > most - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Rows under a heading, columns as wide as they must be; numbers to the right. Cells are made printable. */
export function textTable(heading: readonly string[], rows: readonly (readonly string[])[], widest = 40): string {
  const cells = [heading, ...rows].map((row) => row.map((cell) => printable(cell, widest)));
  const widths = heading.map((_, column) => Math.max(...cells.map((row) => stringWidth(row[column] ?? ""))));
  const isNumber = heading.map((_, column) =>
    rows.every(
      (row) => row[column] === "" || /^(?:[-+]?[\d.,]+(?:e[-+]?\d+)?|NaN|-?Infinity)$/.test(row[column] ?? ""),
    ),
  );
  const lines = cells.map((row) =>
    row
      .map((cell, column) => {
        const space = " ".repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell)));
        return isNumber[column] === true ? space + cell : cell + space;
      })
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
