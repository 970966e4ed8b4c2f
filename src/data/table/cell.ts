/** Cells: as a file format gives them, where they stand, and as a data set holds them. */

/** What a cell can hold; `undefined` where the value is missing. */
export type Cell = string | number | boolean | undefined;

/** The kind of a column's values. */
export type ColumnKind = "string" | "number" | "boolean";

/** A cell as a file format gives it. */
export type RawCell = string | number | bigint | boolean | null | undefined;

/** A row's place: the line of a text file or the number of the row, counted from 1. */
export interface RowPlace {
  readonly unit: "line" | "row" | "file";
  readonly at: number | string;
}

/** The text of a cell; undefined where it is missing. Whole numbers lose a trailing ".0" that a float column brings. */
export function cellText(cell: RawCell): string | undefined {
  if (cell === null || cell === undefined) return undefined;
  return typeof cell === "string" ? cell : String(cell);
}

/** Whether a text is a number as JSON has it, and no number loses digits of it: "+49171" and "007" are no numbers. */
export function isPlainNumber(text: string): boolean {
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d{1,3})?$/.test(text) && text.replace(/\D/g, "").length <= 17;
}

/** Whether a text is a decimal number; "007" is an identifier and not one. */
export function isNumeral(text: string): boolean {
  return /^\s*[+-]?(0|[1-9]\d{0,14})?(\.\d+)?([eE][+-]?\d{1,3})?\s*$/.test(text) && /\d/.test(text);
}
