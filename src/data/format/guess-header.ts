/**
 * Whether the first row of a table names its columns.
 *
 * As DuckDB and csvkit decide it, by whether the first row differs from the rows below: a word over numbers is a name, a
 * number over numbers is not, and a value that stands further down is one value among others. Where nothing tells, a
 * file of several columns has a header, as with DuckDB, and one of a single column has none.
 *
 * @source duckdb.org/docs/stable/data/csv/auto_detection, "Header Detection"; Python's csv.Sniffer.has_header
 */
import { isNumeral } from "../table/cell.js";
import { isTellingName } from "../table/choose-columns.js";

/** What was decided, and whether a user has to be told, because it was a guess. */
export interface HeaderGuess {
  readonly header: boolean;
  readonly sure: boolean;
}

/** Values below which nothing can be said of what a column holds. */
const FEW = 5;
/** Characters beyond which a cell is a text and no name. */
const LONG = 120;

/**
 * @param first the cells of the first row
 * @param rows those of the rows below, some hundreds of them
 * @param asked the names of columns that were asked for
 */
export function guessHeader(
  first: readonly string[],
  rows: readonly (readonly string[])[],
  asked: readonly string[],
): HeaderGuess {
  const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();
  if (asked.some((name) => first.some((cell) => same(cell, name)))) return { header: true, sure: true };
  // Pandas writes the numbers of columns that have no names.
  const numbered = first.length > 1 && first.every((cell, i) => cell.trim() === String(i));
  const columns = first.map((cell, i) =>
    factsOf(
      cell,
      rows.map((row) => row[i] ?? ""),
    ),
  );
  const telling = first.some(isTellingName);
  const say = (header: boolean, sure = false): HeaderGuess => ({ header, sure });
  if (columns.some(({ numbers, isNumber }) => numbers && isNumber))
    return say(numbered && !columns.every((c) => c.numbers));
  if (columns.some(({ numbers, isNumber, isEmpty }) => numbers && !isNumber && !isEmpty)) return say(true, telling);
  // A label such as "title" may stand in a file without header: then it also stands further down.
  if (columns.some(({ repeated }) => repeated) || first.some((cell) => cell.length > LONG || /[\r\n]/.test(cell)))
    return say(false);
  if (telling) return say(true, true);
  if (numbered || columns.some(({ strange }) => strange)) return say(true);
  if (columns.some(({ isNumber }) => isNumber)) return say(false);
  const named = first.filter((cell) => cell.trim() !== "");
  return say(first.length > 1 && new Set(named).size === named.length);
}

function factsOf(cell: string, below: readonly string[]) {
  const value = cell.trim();
  const values = below.map((other) => other.trim()).filter((other) => other !== "");
  const counts = new Map<string, number>();
  for (const other of values) counts.set(other, (counts.get(other) ?? 0) + 1);
  // Values seen once say how likely a row brings a new one (Good and Turing): where that is rare, a new one is a name.
  const once = [...counts.values()].filter((count) => count === 1).length;
  const classes = values.length >= 20 && counts.size <= values.length / 4 && once <= values.length / 20;
  return {
    isEmpty: value === "",
    isNumber: value !== "" && isNumeral(value),
    /** Numbers and nothing else, enough of them to say so. */
    numbers: values.length >= Math.min(FEW, Math.max(1, below.length)) && values.every(isNumeral),
    repeated: value !== "" && counts.has(value),
    /** No value of a column of few values. */
    strange: value !== "" && classes && !counts.has(value),
  };
}
