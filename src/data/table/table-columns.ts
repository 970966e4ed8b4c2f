/** Which columns of the tables behind one source are read: the first table decides, the others must have the same. */
import { fail } from "../../base/errors.js";
import { cellText, type RawCell } from "./cell.js";
import {
  type ChosenColumns,
  type ColumnChoice,
  type ColumnWishes,
  chooseColumns,
  describeColumns,
} from "./choose-columns.js";
import type { OpenTable } from "./row-stream.js";

/** The columns of the first table: as asked for, as its kind has them, or as they can be guessed. */
export function firstColumns(table: OpenTable, asked: ColumnWishes): ChosenColumns {
  const { textPair, columns } = asked;
  const text = asked.text ?? table.usual?.text;
  return chooseColumns(table.head, { text, textPair, label: asked.label ?? table.usual?.label, columns });
}

/** What to ask of further tables, so that they give the columns `chosen` in `first`. */
export function wishesOf(first: OpenTable, chosen: ChosenColumns): ColumnWishes {
  const wish = (index: number): ColumnChoice => first.head.names?.[index] ?? index + 1;
  return {
    text: chosen.text.map(wish),
    textPair: chosen.textPair.length === 0 ? undefined : chosen.textPair.map(wish),
    label: chosen.labels.length === 0 ? false : chosen.labels.map(wish),
    columns: chosen.further.map(wish),
  };
}

/** The columns of a further table, which must be called as in the first. @throws E_DATA where they are not */
export function columnsLike(first: OpenTable, wishes: ColumnWishes, table: OpenTable): ChosenColumns {
  if (first.head.names === undefined && table.head.width !== first.head.width) {
    fail("E_DATA", {
      where: table.source,
      expected: `${first.head.width} columns as in ${first.source}`,
      got: `columns ${describeColumns(table.head)}`,
      fix: "read files of one layout at a time",
    });
  }
  return chooseColumns(table.head, wishes);
}

/** The text in the columns `indices` of a row: as it stands in one, and that of several joined. */
export function textIn(cells: readonly RawCell[], indices: readonly number[]): RawCell {
  const [first] = indices;
  return indices.length === 1 ? cells[first as number] : joinedCells(indices.map((index) => cells[index]));
}

/** The cells of several text columns as one text, without the empty ones. */
function joinedCells(cells: readonly RawCell[]): string {
  return cells
    .map((cell) => cellText(cell)?.trim() ?? "")
    .filter((cell) => cell !== "")
    .join(" ");
}

/** The column names that were asked for, by which a first row is seen to be a header. */
export function askedNames(asked: ColumnWishes): string[] {
  return [asked.text, asked.textPair, asked.label]
    .flat()
    .filter((choice): choice is string => typeof choice === "string" && !/^\d+$/.test(choice));
}
