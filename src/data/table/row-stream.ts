import type { Complaint } from "../../base/errors.js";
import type { RawCell, RowPlace } from "./cell.js";
import type { TableHead } from "./choose-columns.js";

/** A row as a format gives it, or what is wrong with it. */
export interface SourceRow {
  readonly place: RowPlace;
  readonly cells: readonly RawCell[];
  readonly problem?: string;
  /** What to do about the problem, where more than leaving the row out. */
  readonly cure?: Pick<Complaint, "fix" | "set">;
}

/** A table that is about to be read: what its columns are, and its rows in batches, to be gone through once. */
export interface RowStream {
  readonly head: TableHead;
  /** The rows; only the cells of the columns `needed` have to be there. */
  rows(needed: readonly number[]): AsyncIterable<readonly SourceRow[]>;
  readonly notices: readonly string[];
  /** Whether every cell is text, numbers included. */
  readonly untyped: boolean;
}

/** How many of the first rows are looked at to tell what columns hold. */
export const SAMPLE_ROWS = 1000;

/** A table, ready to be read, and what to call it. */
export interface OpenTable extends RowStream {
  readonly source: string;
  /** Class names that the file itself gives for a column. */
  readonly classNames?: ReadonlyMap<string, readonly string[]>;
  /** The columns of a kind of table that always has the same. */
  readonly usual?: { readonly text: string; readonly label: string };
}
