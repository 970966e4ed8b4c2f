/** The rows that a scoring has done, a line of JSON each, after a line that says which scoring it is. */
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { open, readdir, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "../../base/errors.js";
import type { ColumnKind } from "../../data/table/cell.js";

/** A cell as the journal keeps it. */
export type StoredCell = string | number | boolean | null;

/** Which scoring it is: rows of another are not gone on with. */
export interface ScoringIdentity {
  /** What the classifier is called. */
  readonly name: string;
  readonly addresses: readonly string[];
  readonly columns: readonly string[];
  readonly limit: number | undefined;
  /** What tells the classifier's files and those of the data from what stood there before. */
  readonly stamps: readonly string[];
}

/** Size and time of what stands at `path`, of a folder of all in it; empty for what is no path. */
export async function stampOf(path: string): Promise<string> {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) return "";
  if (!facts.isDirectory()) return `${facts.size} ${facts.mtimeMs}`;
  const files = await readdir(path, { withFileTypes: true, recursive: true });
  const all = await Promise.all(files.filter((one) => one.isFile()).map((one) => stat(join(one.parentPath, one.name))));
  return `${all.reduce((sum, { size }) => sum + size, 0)} ${Math.max(0, ...all.map(({ mtimeMs }) => mtimeMs))}`;
}

/** Adds rows. */
export async function appendRows(path: string, rows: readonly (readonly StoredCell[])[]): Promise<void> {
  const file = await open(path, "a");
  await file.appendFile(rows.map((row) => `${JSON.stringify(row)}\n`).join("")).finally(() => file.close());
}

/**
 * The number of rows that the journal holds; begun where there is none. A line that was cut off is taken out.
 *
 * @throws E_STORE where it is that of another run
 */
export async function openJournal(path: string, run: ScoringIdentity): Promise<number> {
  const header = `${JSON.stringify(run)}\n`;
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  // The header is no row.
  let rows = -1;
  let begun = "";
  if (size > 0)
    for await (const chunk of createReadStream(path)) {
      const bytes = chunk as Buffer;
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) rows++;
      if (begun.length < header.length) begun += bytes.toString("utf8");
    }
  // Nothing yet, or a run that was killed while it wrote the header.
  if (rows < 0 && header.startsWith(begun)) {
    const file = await open(path, "w");
    await file.writeFile(header).finally(() => file.close());
    return 0;
  }
  if (!begun.startsWith(header))
    fail("E_STORE", {
      where: path,
      expected: "the rows of this run",
      got: "those of another model or command, or of other data",
      fix: "remove the file, or name another output",
    });
  await truncate(path, endOfLastLine(path, size));
  return rows;
}

/** Bytes up to the last line end. */
function endOfLastLine(path: string, size: number): number {
  const file = openSync(path, "r");
  try {
    const window = Buffer.alloc(1 << 16);
    for (let end = size; end > 0; end -= window.length) {
      const from = Math.max(0, end - window.length);
      const length = readSync(file, window, 0, end - from, from);
      const last = window.subarray(0, length).lastIndexOf(10);
      if (last >= 0) return from + last + 1;
    }
    return 0;
  } finally {
    closeSync(file);
  }
}

/** What each column holds, over all rows. */
export function kindsIn(journal: string, width: number): ColumnKind[] {
  const kinds: (ColumnKind | undefined)[] = Array.from({ length: width }, () => undefined);
  for (const row of rowsOf(journal)) {
    for (const [i, cell] of row.entries()) {
      if (cell === null) continue;
      const kind = typeof cell as ColumnKind;
      kinds[i] = kinds[i] === undefined || kinds[i] === kind ? kind : "string";
    }
  }
  return kinds.map((kind) => kind ?? "string");
}

/** The rows as formats write them. */
export function* textsOf(journal: string): Generator<(string | undefined)[]> {
  for (const row of rowsOf(journal)) yield row.map((cell) => (cell === null ? undefined : String(cell)));
}

/** The rows of the journal, read piece by piece as they are asked for. */
function* rowsOf(journal: string): Generator<StoredCell[]> {
  const file = openSync(journal, "r");
  try {
    const bytes = Buffer.alloc(1 << 20);
    let rest = Buffer.alloc(0);
    let header = true;
    for (let length = readSync(file, bytes); length > 0; length = readSync(file, bytes)) {
      const piece = Buffer.concat([rest, bytes.subarray(0, length)]);
      let start = 0;
      for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, start)) {
        if (!header) yield JSON.parse(piece.toString("utf8", start, end)) as StoredCell[];
        header = false;
        start = end + 1;
      }
      rest = piece.subarray(start);
    }
  } finally {
    closeSync(file);
  }
}
