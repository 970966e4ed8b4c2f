import { createWriteStream, existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { fail, TextuneError } from "../../../base/errors.js";
import { withDuckDB } from "../../format/node/parquet.js";
import { sqlName, sqlText } from "../../format/node/sql-text.js";
import type { Cell, Dataset } from "../dataset.js";
import type { SplitOptions } from "../split.js";

/** The formats that data sets are written in. */
export const WRITE_FORMATS = ["csv", "tsv", "jsonl", "json", "parquet"] as const;
export type WriteFormat = (typeof WRITE_FORMATS)[number];

/** How to write a data set. */
export interface WriteOptions {
  /** By default from the name: `.csv`, `.tsv`, `.jsonl`, `.json`, `.parquet`, the first four also with `.gz`. */
  readonly format?: WriteFormat;
  /** Replace a file that is there. */
  readonly overwrite?: boolean;
  /** Stops the writing; nothing is left of it then. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a data set with a header to one file: under a temporary name first, so that nothing half-written
 * is ever found there. What `readDataset` reads from it has the same fingerprint.
 *
 * @throws E_STORE where a file is there already or cannot be written, E_CONFIG for an unknown format
 */
export async function writeDataset(dataset: Dataset, path: string, options: WriteOptions = {}): Promise<void> {
  await writeAll([{ dataset, path }], options);
}

/**
 * Splits a data set and writes each part to `folder` as `train.csv`, `test.csv`, …; all or none.
 * @returns the path and the number of rows of each part
 */
export async function writeSplit(
  dataset: Dataset,
  folder: string,
  split: SplitOptions,
  options: WriteOptions = {},
): Promise<readonly { readonly part: string; readonly path: string; readonly rows: number }[]> {
  const parts = Object.entries(dataset.split(split)).map(([part, rows]) => ({
    part,
    dataset: rows as Dataset,
    path: join(folder, `${part}.${options.format ?? "csv"}`),
  }));
  await writeAll(parts, options);
  return parts.map(({ part, path, dataset: rows }) => ({ part, path, rows: rows.length }));
}

async function writeAll(
  files: readonly { readonly dataset: Dataset; readonly path: string }[],
  options: WriteOptions,
): Promise<void> {
  const plans = files.map(({ dataset, path }) => ({
    dataset,
    path,
    format: options.format ?? formatOf(path),
    temporary: `${path}.${process.pid}.part`,
  }));
  for (const { path } of plans) {
    if (existsSync(path) && options.overwrite !== true)
      fail("E_STORE", {
        where: path,
        expected: "no such file yet",
        got: "one",
        fix: "choose another name, or replace it",
        set: { overwrite: true },
      });
  }
  try {
    for (const { dataset, path, format, temporary } of plans) {
      await mkdir(dirname(path), { recursive: true });
      if (format === "parquet") await writeParquet(dataset, temporary, options.signal);
      else await writeText(dataset, temporary, format, path.endsWith(".gz"), options.signal);
      options.signal?.throwIfAborted();
    }
    for (const { path, temporary } of plans) await rename(temporary, path);
  } catch (error) {
    await Promise.all(plans.map(({ temporary }) => rm(temporary, { force: true }).catch(() => {})));
    if (options.signal?.aborted === true)
      fail("E_ABORTED", { where: plans[0]?.path ?? "", got: "stopped while writing; nothing was written" }, error);
    if (error instanceof TextuneError) throw error;
    fail(
      "E_STORE",
      {
        where: plans[0]?.path ?? "",
        expected: "a place that can be written",
        got: (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "",
        fix: "check the folder and the free space",
      },
      error,
    );
  }
}

function formatOf(path: string): WriteFormat {
  const extension = extname(path.replace(/\.gz$/i, "")).slice(1).toLowerCase();
  const format = WRITE_FORMATS.find((name) => name === (extension === "ndjson" ? "jsonl" : extension));
  if (format === undefined || (format === "parquet" && path.endsWith(".gz"))) {
    fail("E_CONFIG", {
      where: path,
      expected: `a name that ends in ${WRITE_FORMATS.map((name) => `.${name}`).join(", ")}`,
      got: `".${extension}"`,
      fix: "name the format",
    });
  }
  return format;
}

/** Names for the file: those of the data, or plain ones where it had no header. */
function headerOf(dataset: Dataset): string[] {
  return dataset.columns.map(({ name, role }) =>
    /^column \d+( \+ column \d+)*$/.test(name) && role !== "other" ? role : name,
  );
}

function* rowsOf(dataset: Dataset): Generator<Cell[]> {
  for (let row = 0; row < dataset.length; row++) {
    yield dataset.columns.map(({ name, role }) =>
      role === "text" ? dataset.text(row) : role === "label" ? dataset.label(row) : dataset.value(row, name),
    );
  }
}

async function writeText(
  dataset: Dataset,
  path: string,
  format: Exclude<WriteFormat, "parquet">,
  gzip: boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const pieces = Readable.from(
    gathered(
      format === "csv" || format === "tsv" ? delimited(dataset, format === "csv" ? "," : "\t") : json(dataset, format),
    ),
  );
  const steps: Transform[] = gzip ? [createGzip()] : [];
  await pipeline([pieces, ...steps, createWriteStream(path)], signal === undefined ? {} : { signal });
}

/** Joins lines to larger pieces: a write for each line would take most of the time. */
function* gathered(lines: Iterable<string>): Generator<string> {
  let piece = "";
  for (const line of lines) {
    piece += line;
    if (piece.length > 2 ** 18) {
      yield piece;
      piece = "";
    }
  }
  if (piece !== "") yield piece;
}

function* delimited(dataset: Dataset, delimiter: string): Generator<string> {
  // A field in quotes is read as it is; leading spaces need none, but a lone quote or line end does.
  const field = (cell: Cell): string => {
    const text = cell === undefined ? "" : String(cell);
    return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const header = headerOf(dataset);
  yield `${header.map(field).join(delimiter)}\n`;
  for (const cells of rowsOf(dataset)) {
    const line = cells.map(field).join(delimiter);
    // A blank line would be skipped when it is read.
    yield `${line === "" ? '""' : line}\n`;
  }
}

function* json(dataset: Dataset, format: "json" | "jsonl"): Generator<string> {
  const header = headerOf(dataset);
  let first = true;
  if (format === "json") yield "[\n";
  for (const cells of rowsOf(dataset)) {
    const object = JSON.stringify(Object.fromEntries(header.map((name, i) => [name, cells[i] ?? null])));
    yield format === "jsonl" ? `${object}\n` : `${first ? "" : ",\n"}${object}`;
    first = false;
  }
  if (format === "json") yield "\n]\n";
}

/** Parquet through DuckDB, which reads the rows as JSON Lines from a file beside it. */
async function writeParquet(dataset: Dataset, path: string, signal: AbortSignal | undefined): Promise<void> {
  const lines = `${path}.jsonl`;
  try {
    await writeText(dataset, lines, "jsonl", false, signal);
    signal?.throwIfAborted();
    // DuckDB reserves a few times this for each thread, so it is kept as small as the rows allow.
    let longest = 0;
    for (const cells of rowsOf(dataset))
      longest = Math.max(longest, 6 * cells.reduce<number>((sum, cell) => sum + String(cell ?? "").length + 40, 0));
    const kinds = { string: "VARCHAR", number: "DOUBLE", boolean: "BOOLEAN" };
    const columns = headerOf(dataset).map(
      (name, i) => `${sqlText(name)}: '${kinds[dataset.columns[i]?.kind ?? "string"]}'`,
    );
    await withDuckDB(async (connection) => {
      const select = `select ${headerOf(dataset).map(sqlName).join(", ")} from read_json(${sqlText(lines)}, format = 'newline_delimited', columns = {${columns.join(", ")}}, maximum_object_size = ${Math.max(2 ** 24, longest)})`;
      await connection.run(`copy (${select}) to ${sqlText(path)} (format parquet, compression zstd)`);
    });
  } finally {
    await rm(lines, { force: true });
  }
}
