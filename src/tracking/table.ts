import { fail } from "../base/errors.js";
import type { Json } from "./json.js";
import { toJson } from "./logged-values.js";
import { storable } from "./storable.js";

/** What a table shows: rows to look at, or numbers that are drawn. */
export type TableKind = "table" | "confusion-matrix" | "curve" | "per-class";

/** What a table holds. */
export interface TableOptions {
  /** The names of its columns. */
  readonly columns: readonly string[];
  /** Rows, each with a cell for each column; none by default. */
  readonly data?: readonly (readonly unknown[])[];
  /** What it shows; "table" by default. */
  readonly kind?: TableKind;
}

/**
 * Rows and columns to log: `run.log({ predictions: new Table({ columns: ["text", "label"], data }) })`.
 *
 * @throws E_CONFIG where a row has more or fewer cells than there are columns
 * @example
 * const predictions = new Table({ columns: ["text", "label"], data: [["win a prize", "spam"]] });
 * run.log({ predictions });
 */
export class Table {
  readonly columns: readonly string[];
  readonly kind: TableKind;
  readonly rows: (readonly Json[])[] = [];

  constructor({ columns, data = [], kind = "table" }: TableOptions) {
    this.columns = columns.map(storable);
    this.kind = kind;
    for (const row of data) this.addData(...row);
  }

  /** Adds a row. */
  addData(...cells: readonly unknown[]): void {
    if (cells.length !== this.columns.length)
      fail("E_CONFIG", {
        where: `table, row ${this.rows.length + 1}`,
        expected: `${this.columns.length} cells, one for each column`,
        got: String(cells.length),
      });
    this.rows.push(cells.map((cell) => toJson(cell)));
  }
}
