/**
 * Rows from JSON: a value per line (JSON Lines), or a list of objects however long, taken apart while it
 * is read so that no more than one row is held.
 */

import { createOpenLine, LONGEST_RECORD, TOO_LONG } from "./open-line.js";

/** One row's object with its line, or what is wrong there. */
export interface JsonRow {
  readonly line: number;
  readonly value?: unknown;
  readonly problem?: string;
}

/** Turns pieces of a text into rows. */
export interface JsonParser {
  push(piece: string): JsonRow[];
  end(): JsonRow[];
}

/** A parser of JSON Lines. Blank lines are skipped. */
export function createJsonLinesParser(): JsonParser {
  const rest = createOpenLine();
  let line = 0;
  const row = (text: string): JsonRow[] => {
    line++;
    return text.trim() === "" ? [] : [parsed(text, line)];
  };
  let skipping = false;
  return {
    push(piece) {
      const end = piece.indexOf("\n");
      if (skipping && end < 0) return [];
      if (end < 0) {
        if (rest.add(piece)) return [];
        skipping = true;
        return [{ line: line + 1, problem: TOO_LONG }];
      }
      const text = skipping ? piece.slice(end) : rest.take() + piece;
      const lines = text.split("\n");
      rest.begin(lines.pop() as string);
      skipping = false;
      return lines.flatMap(row);
    },
    end() {
      const text = rest.take();
      return text === "" ? [] : row(text);
    },
  };
}

/** A parser of one JSON list of values: `[{…}, {…}]`. */
export function createJsonListParser(): JsonParser {
  let text = "";
  let at = 0;
  let line = 1;
  let depth = 0;
  let inString = false;
  let escaped = false;
  // Where the value that is being read starts, and its line; -1 between values.
  let start = -1;
  let startLine = 1;
  let opened = false;
  let closed = false;
  let stray: number | undefined;

  let refused = false;

  const scan = (): JsonRow[] => {
    const rows: JsonRow[] = [];
    const close = (end: number): void => {
      rows.push(parsed(text.slice(start, end), startLine));
      start = -1;
    };
    for (; at < text.length; at++) {
      const ch = text.charCodeAt(at);
      if (ch === 10) line++;
      if (inString) {
        if (escaped) escaped = false;
        else if (ch === 92) escaped = true;
        else if (ch === 34) inString = false;
        continue;
      }
      if (ch <= 32 || ch === 0xfeff) continue;
      if (!opened) {
        if (ch === 91) opened = true;
        else stray ??= line;
        continue;
      }
      if (closed) {
        stray ??= line;
        continue;
      }
      if (depth === 0 && (ch === 44 || ch === 93)) {
        if (start >= 0) close(at);
        if (ch === 93) closed = true;
        continue;
      }
      if (start < 0) {
        start = at;
        startLine = line;
      }
      if (ch === 34) inString = true;
      else if (ch === 123 || ch === 91) depth++;
      else if (ch === 125 || ch === 93) depth--;
    }
    // Keep only the value that has begun.
    const keepFrom = start < 0 ? at : start;
    text = text.slice(keepFrom);
    at -= keepFrom;
    if (start >= 0) start = 0;
    return rows;
  };
  return {
    push(piece) {
      if (refused) return [];
      text += piece;
      const rows = scan();
      if (text.length < LONGEST_RECORD) return rows;
      // Nobody knows where it ends, so nothing after it can be read either.
      refused = true;
      text = "";
      return [...rows, { line: startLine, problem: "a value of more than 64 million characters" }];
    },
    end() {
      if (refused) return [];
      if (stray !== undefined) return [{ line: stray, problem: "text outside of the list" }];
      return closed ? [] : [{ line, problem: "the list is not closed: the file is cut off" }];
    },
  };
}

function parsed(text: string, line: number): JsonRow {
  try {
    return { line, value: JSON.parse(text) };
  } catch (error) {
    return { line, problem: `not valid JSON (${error instanceof Error ? error.message.split("\n")[0] : "error"})` };
  }
}

/** The rows of a small JSON document that is an object: its only list, or its columns `{ text: […], label: […] }`. */
export function rowsOfObject(document: object): readonly Readonly<Record<string, unknown>>[] | undefined {
  const entries = Object.entries(document);
  const lists = entries.filter((entry): entry is [string, readonly unknown[]] => Array.isArray(entry[1]));
  const ofObjects = lists.filter(([, list]) => list.length > 0 && list.every(isPlainObject));
  if (ofObjects.length === 1) return ofObjects[0]?.[1] as readonly Readonly<Record<string, unknown>>[];
  // pandas writes { column: { rowNumber: value } }.
  const columns = entries.map(([name, value]): [string, readonly unknown[] | undefined] => [
    name,
    Array.isArray(value) ? value : isPlainObject(value) ? Object.values(value) : undefined,
  ]);
  const length = columns[0]?.[1]?.length;
  if (length === undefined || length === 0 || columns.some(([, list]) => list?.length !== length)) return undefined;
  return Array.from({ length }, (_, i) =>
    Object.fromEntries(columns.map(([name, list]) => [name, (list as readonly unknown[])[i]])),
  );
}

/** Whether a value is an object with named values. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
