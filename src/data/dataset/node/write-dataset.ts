import { createWriteStream, existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { fail, TextuneError } from "../../../base/errors.js";
import type { DataFormat, WritableTable } from "../../format/data-format.js";
import { gatherLines } from "../../format/gather-lines.js";
import { FORMATS, formatNamed, formatOfName } from "../../format/node/registry.js";
import { tableOf } from "../create-dataset.js";
import type { Dataset } from "../dataset.js";
import type { SplitOptions } from "../split.js";

/** The names of the formats that data sets are written in. */
export const WRITE_FORMATS = FORMATS.filter(isWritable).map(({ name }) => name);

/** How to write a data set. */
export interface WriteOptions {
  /** csv, tsv, jsonl, json or parquet; by default from the name, which may end in `.gz` where the format is text. */
  readonly format?: string | undefined;
  /** Replace a file that is there; false by default. */
  readonly overwrite?: boolean;
  /** Stops the writing; nothing is left of it then. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a data set with a header to one file: under a temporary name first, so that nothing half-written
 * is ever found there. What `readDataset` reads from it has the same fingerprint.
 *
 * @example
 * await writeDataset(reviews.filter(({ text }) => text.length > 20), "long-reviews.parquet");
 *
 * @throws E_STORE where a file is there already or cannot be written, E_CONFIG for an unknown format
 */
export async function writeDataset(dataset: Dataset, path: string, options: WriteOptions = {}): Promise<void> {
  await writeAll([{ table: () => writable(dataset), path }], options);
}

/** Writes a table to one file, as {@link writeDataset} does. @throws E_STORE, E_CONFIG */
export async function writeTable(table: WritableTable, path: string, options: WriteOptions = {}): Promise<void> {
  await writeAll([{ table: () => table, path }], options);
}

/**
 * Splits a data set and writes each part to `folder` as `train.csv`, `test.csv`, …; all or none.
 *
 * @example
 * const parts = await writeSplit(reviews, "reviews", { validation: 0.1, test: 0.2, seed: 42 }, { format: "jsonl" });
 *
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
    path: join(folder, `${part}${formatNamed(options.format ?? "csv")?.endings[0] ?? ""}`),
  }));
  await writeAll(
    parts.map(({ dataset: rows, path }) => ({ table: () => writable(rows), path })),
    options,
  );
  return parts.map(({ part, path, dataset: rows }) => ({ part, path, rows: rows.length }));
}

async function writeAll(
  files: readonly { readonly table: () => WritableTable; readonly path: string }[],
  options: WriteOptions,
): Promise<void> {
  const plans = files.map(({ table, path }) => ({
    table,
    path,
    format: formatOf(path, options.format),
    temporary: `${path}.${process.pid}.part`,
  }));
  for (const { path } of plans) assertNew(path, options);
  const made: (string | undefined)[] = [];
  try {
    for (const { table: tableNow, path, format, temporary } of plans) {
      made.push(await mkdir(dirname(path), { recursive: true }));
      await removeLeftovers(path);
      const table = tableNow();
      if (format.lines === undefined) await format.writeFile?.(table, temporary, options.signal);
      else await writeText(format.lines(table), temporary, /\.gz$/i.test(path), options.signal);
      options.signal?.throwIfAborted();
    }
    for (const { path, temporary } of plans) await rename(temporary, path);
  } catch (error) {
    await Promise.all(plans.map(({ temporary }) => rm(temporary, { force: true }).catch(() => {})));
    // Folders that were made for nothing go too; one that holds anything stays.
    for (const { path } of plans) await removeEmpty(dirname(path), made);
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

/**
 * What can be said before there is anything to write.
 *
 * @throws E_STORE where a file is there already, E_CONFIG for an unknown format
 */
export function checkWriting(path: string, options: WriteOptions = {}): void {
  formatOf(path, options.format);
  assertNew(path, options);
}

function assertNew(path: string, options: WriteOptions): void {
  if (existsSync(path) && options.overwrite !== true)
    fail("E_STORE", {
      where: path,
      expected: "no such file yet",
      got: "one",
      fix: "choose another name, or replace it",
      set: { overwrite: true },
    });
}

/** Removes the unfinished files that processes which are gone left of `path`. */
async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path);
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = name.startsWith(`${basename(path)}.`)
      ? /^\.(\d+)\.part(\.jsonl)?$/.exec(name.slice(basename(path).length))
      : null;
    if (pid !== null && !isRunning(Number(pid[1]))) await rm(join(folder, name), { force: true }).catch(() => {});
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Removes `folder` and those above it up to the first that was made, as long as they are empty. */
async function removeEmpty(folder: string, made: readonly (string | undefined)[]): Promise<void> {
  const first = made.find((one) => one !== undefined && (folder === one || folder.startsWith(join(one, "/"))));
  if (first === undefined) return;
  const gone = await rmdir(folder).then(
    () => true,
    () => false,
  );
  if (gone && folder !== first) await removeEmpty(dirname(folder), made);
}

function isWritable(format: DataFormat): boolean {
  return format.lines !== undefined || format.writeFile !== undefined;
}

function formatOf(path: string, name: string | undefined): DataFormat {
  const format = name === undefined ? formatOfName(path) : formatNamed(name);
  const packed = /\.gz$/i.test(path);
  if (format === undefined || !isWritable(format) || (packed && format.lines === undefined)) {
    const endings = FORMATS.filter(isWritable).map(({ endings: [ending] }) => ending);
    fail("E_CONFIG", {
      where: path,
      option: "format",
      expected: name === undefined ? `a name that ends in ${endings.join(", ")}` : `one of ${WRITE_FORMATS.join(", ")}`,
      got: name === undefined ? `"${extname(path)}"` : packed ? `${name}, which is not packed again` : `"${name}"`,
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

/** A data set as formats write it. */
function writable(dataset: Dataset): WritableTable {
  const { table, rows } = tableOf(dataset);
  const further = new Map(table.columns.map((column) => [column.name, column.values]));
  // Found once for each column, and not again for each cell.
  const cells = dataset.columns.map(({ name, role }): ((row: number) => string | undefined) => {
    const values = further.get(name);
    if (role === "other") return (row) => values?.get(rows === undefined ? row : (rows[row] as number));
    if (role === "text") return (row) => dataset.text(row);
    return (row) => {
      const value = dataset.value(row, name);
      return value === undefined || Number.isNaN(value) ? undefined : String(value);
    };
  });
  return {
    names: headerOf(dataset),
    kinds: dataset.columns.map(({ kind }) => kind),
    *rows() {
      for (let row = 0; row < dataset.length; row++) yield cells.map((cellOf) => cellOf(row));
    },
  };
}

async function writeText(
  lines: Iterable<string>,
  path: string,
  gzip: boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const steps: Transform[] = gzip ? [createGzip()] : [];
  await pipeline(
    [Readable.from(gatherLines(lines)), ...steps, createWriteStream(path)],
    signal === undefined ? {} : { signal },
  );
}
