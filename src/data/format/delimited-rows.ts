import { fail } from "../../base/errors.js";
import type { RowPlace } from "../table/cell.js";
import type { TableHead } from "../table/choose-columns.js";
import { listed } from "../table/labels.js";
import { type RowStream, SAMPLE_ROWS, type SourceRow } from "../table/row-stream.js";
import type { FormatOptions } from "./data-format.js";
import type { DecodedText } from "./decode-text.js";
import {
  createDelimitedParser,
  type DelimitedRecord,
  delimiterName,
  guessDialect,
  parseDelimited,
} from "./delimited.js";
import { guessHeader } from "./guess-header.js";
import { TOO_LONG } from "./open-line.js";

/** Characters of a file that are looked at. */
const SAMPLE_CHARACTERS = 2 ** 18;

/** Rows of a delimiter-separated text. */
export function delimitedRows(
  text: DecodedText,
  source: string,
  prefer: "," | "\t",
  options: FormatOptions,
): RowStream {
  for (const [name, value] of [
    ["delimiter", options.delimiter],
    ["quote", options.quote],
  ] as const) {
    if (typeof value === "string" && value.length !== 1 && !(name === "quote" && value === "")) {
      fail("E_CONFIG", {
        option: name,
        expected: "one character",
        got: `"${value}"`,
        ...(name === "quote"
          ? { fix: "where quotes are part of the text, say so", set: { quote: false } }
          : { fix: "for example", set: { delimiter: ";" } }),
      });
    }
  }
  const known = {
    ...(options.delimiter === undefined ? {} : { delimiter: options.delimiter }),
    ...(options.quote === undefined ? {} : { quote: options.quote }),
  };
  const dialect = guessDialect(text.sample, known, prefer);
  const parser = createDelimitedParser(dialect, dialect.newline);
  const start = text.sample.slice(0, SAMPLE_CHARACTERS);
  const records = parseDelimited(start, dialect, dialect.newline);
  // Where the sample breaks off, its last record may have lost its end.
  if (start.length === SAMPLE_CHARACTERS && records.length > 1) records.pop();
  const sample = records.filter((record) => record.problem === undefined);
  const first = sample[0];
  if (first === undefined)
    fail("E_DATA", { where: source, expected: "rows", got: "an empty file", fix: "check the file" });
  const guess = guessHeader(
    first.fields,
    sample.slice(1, SAMPLE_ROWS).map((record) => record.fields),
    options.askedNames ?? [],
  );
  const header = options.header ?? guess.header;
  const said = options.header !== undefined || guess.sure ? [] : [headerNotice(guess.header, first.fields)];
  const names = header ? uniqueNames(first.fields) : undefined;
  const width = first.fields.length;
  const head: TableHead = {
    source,
    names,
    width,
    sample: sample.slice(header ? 1 : 0, SAMPLE_ROWS).map((record) => record.fields),
  };

  const toRow = ({ line, fields, problem }: DelimitedRecord): SourceRow => {
    const place: RowPlace = { unit: "line", at: line };
    if (problem !== undefined)
      return {
        place,
        cells: [],
        problem,
        ...(problem === TOO_LONG
          ? {}
          : { cure: { fix: "correct it, or, if quotes are part of the text, say so", set: { quote: false } } }),
      };
    if (fields.length !== width)
      return {
        place,
        cells: [],
        problem: `expected ${width} ${width === 1 ? "field" : "fields"} separated by ${delimiterName(dialect.delimiter)}, got ${fields.length}`,
      };
    // Text of tabs rarely has quotes that quote, so those of a later row may not pass unseen.
    if (options.quote === undefined && dialect.quote === undefined && !dialect.literal && fields.some(isQuoted))
      return {
        place,
        cells: [],
        problem: "a quoted field, though the start of the file has none",
        cure: { fix: "say whether quotes quote or are part of the text, for example", set: { quote: '"' } },
      };
    return { place, cells: fields };
  };
  async function* rows(): AsyncGenerator<readonly SourceRow[]> {
    let skip = header ? 1 : 0;
    const batch = (records: DelimitedRecord[]): SourceRow[] =>
      records.flatMap((record) => {
        // The header is the first record that can be read: a damaged one before it is a damaged row.
        if (skip === 0 || record.problem !== undefined) return [toRow(record)];
        skip--;
        return [];
      });
    for await (const piece of text.pieces) yield batch(parser.push(piece));
    yield batch(parser.end());
  }
  return { head, rows, notices: [...text.notices, ...dialect.notices, ...said], untyped: true };
}

/** Whether a field is quoted and doubles the quotes in it, as no text does. */
function isQuoted(field: string): boolean {
  return field.length > 3 && field.startsWith('"') && field.endsWith('"') && field.slice(1, -1).includes('""');
}

function headerNotice(header: boolean, first: readonly string[]): string {
  return header
    ? `the first row is taken for the header: ${listed(first)}`
    : `the file is taken to have no header: its first row is ${listed(first)}`;
}

function uniqueNames(fields: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return fields.map((field, i) => {
    const name = field.trim() === "" ? `column ${i + 1}` : field.trim();
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}
