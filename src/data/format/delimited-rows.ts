import { fail } from "../../base/errors.js";
import type { RowPlace } from "../table/cell.js";
import { isTellingName, type TableHead } from "../table/choose-columns.js";
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
import { TOO_LONG } from "./open-line.js";

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
  const sample = parseDelimited(text.sample.slice(0, 2 ** 18), dialect, dialect.newline).filter(
    (record) => record.problem === undefined,
  );
  const first = sample[0];
  if (first === undefined)
    fail("E_DATA", { where: source, expected: "rows", got: "an empty file", fix: "check the file" });
  const header = options.header ?? looksLikeHeader(first.fields, sample.slice(1), options.askedNames ?? []);
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
    return { place, cells: fields };
  };
  async function* rows(): AsyncGenerator<readonly SourceRow[]> {
    let skip = header ? 1 : 0;
    const batch = (records: DelimitedRecord[]): SourceRow[] => {
      const from = Math.min(skip, records.length);
      skip -= from;
      return records.slice(from).map(toRow);
    };
    for await (const piece of text.pieces) yield batch(parser.push(piece));
    yield batch(parser.end());
  }
  return { head, rows, notices: [...text.notices, ...dialect.notices], untyped: true };
}

function looksLikeHeader(
  first: readonly string[],
  others: readonly DelimitedRecord[],
  asked: readonly string[],
): boolean {
  const cells = first.map((cell) => cell.trim().toLowerCase());
  if (asked.some((name) => cells.includes(name.trim().toLowerCase()))) return true;
  if (first.length > 1 && first.some(isTellingName)) {
    // A label such as "title" may stand in a file without header: then it also stands further down.
    return !cells.some(
      (cell, i) =>
        isTellingName(cell) && others.slice(0, 200).some((record) => record.fields[i]?.trim().toLowerCase() === cell),
    );
  }
  return first.length === 1 && isTellingName(first[0] as string);
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
