import { fail } from "../../base/errors.js";
import type { RawCell, RowPlace } from "../table/cell.js";
import type { TableHead } from "../table/choose-columns.js";
import { type RowStream, SAMPLE_ROWS, type SourceRow } from "../table/row-stream.js";
import type { DecodedText } from "./decode-text.js";
import {
  createJsonLinesParser,
  createJsonListParser,
  isPlainObject,
  type JsonParser,
  type JsonRow,
  rowsOfObject,
} from "./json-parser.js";

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
  const known = new Set(names);
  const cells = (object: Readonly<Record<string, unknown>>): RawCell[] => {
    for (const name of Object.keys(object)) {
      if (known.has(name)) continue;
      known.add(name);
      names.push(name);
    }
    return names.map((name) => jsonCell(object[name]));
  };
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
