import { fail } from "../../../base/errors.js";
import { NotUtf8 } from "../../format/decode-text.js";
import { cellText } from "../../table/cell.js";
import type { ColumnWishes } from "../../table/choose-columns.js";
import type { OpenTable } from "../../table/row-stream.js";
import { columnsLike, firstColumns, textIn, wishesOf } from "../../table/table-columns.js";
import type { ReadOptions } from "./read-options.js";

/** The text of one row as it stands there: empty where it has none, or could not be read. */
export interface RowText {
  /** Where it stands, as in "line 3". */
  readonly place: string;
  readonly text: string;
  /** The second text, where the options name its column. */
  readonly textPair?: string;
}

/**
 * The texts of tables, one for each row and in their order, empty ones too; no more is held than a
 * batch of rows.
 *
 * @param note told what a user should know of the reading
 * @throws E_DATA for a row that is not as it should be, unless `badRows` says to go on: then its text is empty
 */
export async function* streamTexts(
  tables: AsyncIterable<OpenTable>,
  options: ReadOptions,
  note: (line: string) => void,
): AsyncGenerator<RowText> {
  const strict = options.badRows === undefined || options.badRows === "error";
  const asked: ColumnWishes = { label: false, text: options.text, textPair: options.textPair };
  let first: { readonly table: OpenTable; readonly wishes: ColumnWishes } | undefined;
  try {
    for await (const table of tables) {
      const chosen = first === undefined ? firstColumns(table, asked) : columnsLike(first.table, first.wishes, table);
      first ??= { table, wishes: wishesOf(table, chosen) };
      for (const notice of [...table.notices, ...chosen.notices]) note(`${table.source}: ${notice}`);
      for await (const batch of table.rows([...chosen.text, ...chosen.textPair])) {
        for (const { place: at, cells, problem, cure } of batch) {
          const place = `${at.unit} ${at.at}`;
          if (problem === undefined) {
            const textOf = (columns: readonly number[]): string => cellText(textIn(cells, columns)) ?? "";
            const text = textOf(chosen.text);
            yield chosen.textPair.length === 0 ? { place, text } : { place, text, textPair: textOf(chosen.textPair) };
            continue;
          }
          if (strict)
            fail("E_DATA", {
              where: `${table.source}, ${place}`,
              got: problem,
              ...(cure ?? { fix: "correct it, or give such rows no label", set: { badRows: "skip" } }),
            });
          if (options.badRows === "report") note(`${table.source}, ${place}: ${problem}`);
          yield { place, text: "" };
        }
      }
    }
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    // What came before has been handed out already, so there is no starting again.
    fail(
      "E_DATA",
      {
        where: first?.table.source ?? "the texts",
        option: "encoding",
        expected: "text in utf-8, as its first megabyte is",
        got: "other bytes further on",
        fix: "say what it is, for example",
        set: { encoding: "latin1" },
      },
      error,
    );
  }
}
