import { fail } from "../base/errors.js";
import type { TableHead } from "./choose-columns.js";
import { isTellingName } from "./choose-columns.js";
import type { RawCell, RowPlace } from "./dataset-builder.js";
import type { DecodedText } from "./decode-text.js";
import {
  createDelimitedParser,
  type DelimitedRecord,
  delimiterName,
  guessDialect,
  parseDelimited,
} from "./delimited.js";
import {
  createJsonLinesParser,
  createJsonListParser,
  isPlainObject,
  type JsonParser,
  type JsonRow,
  rowsOfObject,
} from "./json-rows.js";
import { TOO_LONG } from "./open-line.js";

/** A row as a format gives it, or what is wrong with it. */
export interface SourceRow {
  readonly place: RowPlace;
  readonly cells: readonly RawCell[];
  readonly problem?: string;
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

/** What the caller says of a text file. */
export interface FormatOptions {
  readonly header?: boolean;
  readonly delimiter?: string;
  readonly quote?: string | false;
  readonly pattern?: RegExp | string;
  /** Column names that were asked for; finding one in the first row makes it a header. */
  readonly askedNames?: readonly string[];
}

const SAMPLE_ROWS = 1000;

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
        where: name,
        expected: "one character",
        got: `"${value}"`,
        fix: name === "quote" ? "pass false for literal quotes" : 'for example "," or "\\t"',
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
        problem: problem === TOO_LONG ? problem : `${problem}; if quotes are part of the text, pass quote: false`,
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

/** Rows of JSON Lines, of a JSON list of objects, or of an object that holds one. */
export async function jsonRows(text: DecodedText, source: string, kind: "json" | "jsonl"): Promise<RowStream> {
  const begin = text.sample.trimStart()[0];
  if (begin === undefined)
    fail("E_DATA", { where: source, expected: "rows", got: "an empty file", fix: "check the file" });
  // A ".json" file often is JSON Lines, and the other way round.
  if (
    begin === "[" &&
    (kind === "json" ||
      !text.sample
        .slice(0, 2 ** 16)
        .trimStart()
        .split("\n", 1)[0]
        ?.trimEnd()
        .endsWith("]"))
  )
    return objectRows(text, source, createJsonListParser(), createJsonListParser());
  const firstLine = text.sample.trimStart().split("\n", 1)[0] as string;
  if (kind === "jsonl" || (isJson(firstLine) && text.sample.trim().includes("\n")))
    return objectRows(text, source, createJsonLinesParser(), createJsonLinesParser());
  let whole = "";
  for await (const piece of text.pieces) {
    whole += piece;
    if (whole.length > 2 ** 28)
      fail("E_DATA", {
        where: source,
        expected: "a list of objects, or an object per line",
        got: "one object of more than 256 MB",
        fix: "write it as JSON Lines",
      });
  }
  let document: unknown;
  try {
    document = JSON.parse(whole);
  } catch (error) {
    fail(
      "E_DATA",
      {
        where: source,
        expected: "JSON",
        got: error instanceof Error ? error.message : "something else",
        fix: "check the file",
      },
      error,
    );
  }
  const list = isPlainObject(document) ? rowsOfObject(document) : undefined;
  if (list === undefined)
    fail("E_DATA", {
      where: source,
      expected: "a list of objects, an object per line, or an object with one list of rows",
      got: isPlainObject(document) ? "another object" : typeof document,
      fix: 'write [{ "text": …, "label": … }, …]',
    });
  const all = list.map((value, i): JsonRow => ({ line: i + 1, value }));
  async function* batches(): AsyncGenerator<readonly JsonRow[]> {
    yield all;
  }
  return tableOfObjects(all.slice(0, SAMPLE_ROWS), batches(), source, text.notices, "row");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function objectRows(text: DecodedText, source: string, parser: JsonParser, sampler: JsonParser): RowStream {
  const sample = sampler.push(text.sample);
  if (sample.length === 0) sample.push(...sampler.end());
  async function* batches(): AsyncGenerator<readonly JsonRow[]> {
    for await (const piece of text.pieces) yield parser.push(piece);
    yield parser.end();
  }
  return tableOfObjects(sample.slice(0, SAMPLE_ROWS), batches(), source, text.notices, "line");
}

function tableOfObjects(
  sample: readonly JsonRow[],
  batches: AsyncIterable<readonly JsonRow[]>,
  source: string,
  notices: readonly string[],
  unit: "line" | "row",
): RowStream {
  const objects = sample.map((row) => row.value).filter(isPlainObject);
  const names = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  if (names.length === 0) {
    const bad = sample.find((row) => row.problem !== undefined);
    fail("E_DATA", {
      where: bad === undefined ? source : `${source}, line ${bad.line}`,
      expected: 'objects such as { "text": …, "label": … }',
      got: bad?.problem ?? (sample.length === 0 ? "an empty list" : "other values"),
      fix: "check the file",
    });
  }
  const cells = (object: Readonly<Record<string, unknown>>): RawCell[] => names.map((name) => jsonCell(object[name]));
  const head: TableHead = {
    source,
    names,
    width: names.length,
    sample: objects.map((object) =>
      cells(object).map((cell) => (cell === null || cell === undefined ? undefined : String(cell))),
    ),
  };
  const toRow = ({ line, value, problem }: JsonRow): SourceRow => {
    const place: RowPlace = { unit, at: line };
    if (problem !== undefined) return { place, cells: [], problem };
    if (!isPlainObject(value))
      return {
        place,
        cells: [],
        problem: `expected an object, got ${value === null ? "null" : Array.isArray(value) ? "a list" : typeof value}`,
      };
    return { place, cells: cells(value) };
  };
  async function* rows(): AsyncGenerator<readonly SourceRow[]> {
    for await (const batch of batches) yield batch.map(toRow);
  }
  return { head, rows, notices, untyped: false };
}

function jsonCell(value: unknown): RawCell {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return JSON.stringify(value);
}

/**
 * Rows of a text with one example a line. With a pattern, its named groups are the columns:
 * `/^(?<label>\w+):\w+ (?<text>.*)$/`. Without, each line is a text.
 */
export function patternRows(text: DecodedText, source: string, pattern: RegExp | string | undefined): RowStream {
  const expression = pattern === undefined ? /^(?<text>.*)$/ : compiled(pattern);
  const names = [
    ...new Set([...expression.source.matchAll(/\(\?<([A-Za-z_$][\w$]*)>/g)].map((match) => match[1] as string)),
  ];
  if (names.length === 0)
    fail("E_CONFIG", {
      where: "pattern",
      expected: "named groups, as in (?<label>\\w+) (?<text>.*)",
      got: expression.source,
      fix: "name the groups",
    });
  const read = (line: string, at: number): SourceRow => {
    const groups = expression.exec(line)?.groups;
    const place: RowPlace = { unit: "line", at };
    return groups === undefined
      ? { place, cells: [], problem: "the line does not fit the pattern" }
      : { place, cells: names.map((name) => groups[name]) };
  };
  const sample = text.sample
    .split(/\r?\n/, SAMPLE_ROWS)
    .filter((line) => line !== "")
    .map((line) => read(line, 0))
    .filter((row) => row.problem === undefined);
  const head: TableHead = {
    source,
    names,
    width: names.length,
    sample: sample.map((row) => row.cells as readonly string[]),
  };
  async function* rows(): AsyncGenerator<readonly SourceRow[]> {
    let rest = "";
    let at = 0;
    const batch = (lines: readonly string[]): SourceRow[] =>
      lines.flatMap((line) => {
        at++;
        const content = line.endsWith("\r") ? line.slice(0, -1) : line;
        return content === "" ? [] : [read(content, at)];
      });
    for await (const piece of text.pieces) {
      const lines = (rest + piece).split("\n");
      rest = lines.pop() as string;
      yield batch(lines);
    }
    yield batch(rest === "" ? [] : [rest]);
  }
  return { head, rows, notices: text.notices, untyped: true };
}

function compiled(pattern: RegExp | string): RegExp {
  try {
    return typeof pattern === "string"
      ? new RegExp(pattern, "u")
      : new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
  } catch (error) {
    return fail(
      "E_CONFIG",
      {
        where: "pattern",
        expected: "a regular expression",
        got: error instanceof Error ? error.message : String(pattern),
        fix: "correct it",
      },
      error,
    );
  }
}
