import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fail } from "../../../base/errors.js";
import { didYouMean } from "../../../base/nearest.js";
import { type DecodeOptions, decodeText } from "../../format/decode-text.js";
import { type DelimitedOptions, delimitedRows } from "../../format/delimited-rows.js";
import { jsonRows } from "../../format/json-rows.js";
import { decompress, packingOf, peek } from "../../format/node/decompress.js";
import { patternRows } from "../../format/pattern-rows.js";
import type { OpenTable, RowStream, SourceRow } from "../../table/row-stream.js";
import { buildTextColumn, type TextColumn } from "../../table/text-column.js";
import { type Member, tarMembers, zipMembers } from "./archives.js";

/** The formats of files and folders that can be read. */
export const DATA_FORMATS = ["csv", "tsv", "json", "jsonl", "lines", "parquet", "arrow", "sqlite", "folder"] as const;
export type DataFormat = (typeof DATA_FORMATS)[number];

/** How to open a file. */
export interface OpenOptions extends DelimitedOptions {
  readonly pattern?: RegExp | string;
  readonly format?: DataFormat;
  readonly encoding?: string;
  readonly lenient?: boolean;
  /** The file, or the folder of class folders, that is meant inside an archive. */
  readonly member?: string;
  /** For a database. */
  readonly query?: string;
  /** Class folders to read; by default all. */
  readonly classNames?: readonly string[];
  /** Class folders to leave out. */
  readonly exclude?: readonly string[];
}

/** What tables of class folders call their columns. */
export const CLASS_FOLDER_COLUMNS = { text: "text", label: "label" };

/** Bytes with the name of the file that they come from, and its path where it lies on disk as it is. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly path?: string;
  /** What to call it, where that is not its name: that of the packed file it came in. */
  readonly shown?: string;
}

/**
 * The tables in a file: itself, what it unpacks to, or the one data file in an archive.
 * Each has to be read before the next is asked for.
 */
export async function* openTables(file: NamedBytes, options: OpenOptions): AsyncGenerator<OpenTable> {
  const { start, all } = await peek(file.bytes, 512);
  const source = file.shown ?? file.name;
  const packing = packingOf(start, source);
  if (packing === "gzip" || packing === "zstd") {
    const name = file.name.replace(/\.(gz|gzip|zst|zstd)$/i, "").replace(/\.tgz$/i, ".tar");
    yield* openTables({ name, shown: source, bytes: decompress(all, packing, source) }, options);
  } else if (packing === "tar") {
    yield* openArchive(tarMembers(all, source), source, options);
  } else if (packing === "zip" || packing === "parquet" || packing === "sqlite") {
    // These are read from their end, so they have to lie on disk. What reads them is loaded only when it is
    // needed: together these libraries take a second to start.
    const onDisk = file.path === undefined ? await spool(all, file.name) : { path: file.path, remove: async () => {} };
    await all.return(undefined);
    try {
      if (packing === "zip") yield* openArchive(zipMembers(onDisk.path, source), source, options);
      else if (packing === "parquet")
        yield { ...(await (await import("../../format/node/parquet.js")).parquetRows(onDisk.path, source)), source };
      else
        yield {
          ...(await (await import("../../format/node/sql.js")).sqliteRows(onDisk.path, options.query, source)),
          source,
        };
    } finally {
      await onDisk.remove();
    }
  } else if (packing === "arrow" || options.format === "arrow" || /\.(arrow|feather|ipc)$/i.test(file.name)) {
    yield { ...(await (await import("../../format/node/arrow.js")).arrowRows(all, source)), source };
  } else {
    yield await openText(file.name, source, all, options);
  }
}

async function openText(
  name: string,
  source: string,
  bytes: AsyncIterable<Uint8Array>,
  options: OpenOptions,
): Promise<OpenTable> {
  const decoding: DecodeOptions = {
    source,
    lenient: options.lenient === true,
    ...(options.encoding === undefined ? {} : { encoding: options.encoding }),
  };
  const text = await decodeText(bytes, decoding);
  const format = options.format ?? guessFormat(name, text.sample, options);
  if (format === "json" || format === "jsonl") return { ...(await jsonRows(text, source, format)), source };
  if (format === "lines") return { ...patternRows(text, source, options.pattern), source };
  if (format === "csv" || format === "tsv")
    return { ...delimitedRows(text, source, format === "tsv" ? "\t" : ",", options), source };
  return fail("E_DATA", {
    where: source,
    option: "format",
    expected: `a file of the format ${format}`,
    got: "another",
    fix: "leave the format out to have it guessed",
  });
}

function guessFormat(name: string, sample: string, options: OpenOptions): DataFormat {
  if (options.pattern !== undefined) return "lines";
  const extension = extname(name).toLowerCase();
  if (extension === ".csv") return "csv";
  if (extension === ".tsv" || extension === ".tab") return "tsv";
  if (extension === ".jsonl" || extension === ".ndjson") return "jsonl";
  const begin = sample.trimStart()[0];
  if (extension === ".json" || begin === "{" || begin === "[") return "json";
  const firstLines = sample.split("\n", 20).filter((line) => line !== "");
  if (firstLines.every((line) => line.includes("\t"))) return "tsv";
  return extension === ".txt" ? "lines" : "csv";
}

const DATA_FILE = /\.(csv|tsv|tab|json|jsonl|ndjson|parquet|arrow|feather)(\.(gz|zst))?$/i;

/** The one data file in an archive, or else its texts in class folders. */
async function* openArchive(
  members: AsyncIterable<Member>,
  source: string,
  options: OpenOptions,
): AsyncGenerator<OpenTable> {
  const texts = buildTextColumn();
  const paths: string[] = [];
  const others: string[] = [];
  let table: string | undefined;
  let damagedEncoding: string | undefined;
  const wanted = options.member?.replace(/\/+$/, "");
  for await (const { path, bytes } of members) {
    const named = wanted !== undefined && (path === wanted || path.endsWith(`/${wanted}`));
    const inside = wanted === undefined || path.startsWith(`${wanted}/`) || path.includes(`/${wanted}/`);
    if (named || (inside && DATA_FILE.test(path))) {
      if (table !== undefined) {
        fail("E_DATA", {
          where: source,
          option: "member",
          expected: "one data file in the archive",
          got: `"${table}" and "${path}"`,
          fix: "say which",
          set: { member: path },
        });
      }
      table = path;
      for await (const opened of openTables({ name: basename(path), bytes }, {
        ...options,
        member: undefined,
      } as OpenOptions)) {
        yield { ...opened, source: `${source}/${path}` };
      }
    } else if (inside && table === undefined && path.endsWith(".txt") && path.includes("/")) {
      const decoded = await decodeText(bytes, {
        source: `${source}/${path}`,
        lenient: options.lenient === true,
        ...(options.encoding === undefined ? {} : { encoding: options.encoding }),
      });
      damagedEncoding ??= decoded.notices.length > 0 ? decoded.encoding : undefined;
      let text = "";
      for await (const piece of decoded.pieces) text += piece;
      texts.push(text);
      paths.push(path);
    } else others.push(path);
  }
  if (table !== undefined) return;
  if (paths.length === 0) {
    fail("E_DATA", {
      where: source,
      expected:
        wanted === undefined ? "a data file or folders of .txt files in the archive" : `"${wanted}" in the archive`,
      got:
        others.length === 0
          ? "none"
          : others
              .slice(0, 5)
              .map((path) => `"${path}"`)
              .join(", "),
      fix: wanted === undefined ? "unpack it and name the file" : didYouMean(wanted, others),
    });
  }
  const notices =
    damagedEncoding === undefined ? [] : [`some texts are not in UTF-8 and were read as ${damagedEncoding}`];
  yield {
    ...classFolderRows(texts.finish(), paths, wanted, source, options, notices),
    source,
    usual: CLASS_FOLDER_COLUMNS,
  };
}

/** Rows of an archive's texts: the class is the first folder below the one that holds them all. */
function classFolderRows(
  texts: TextColumn,
  paths: readonly string[],
  wanted: string | undefined,
  source: string,
  options: OpenOptions,
  notices: readonly string[],
): RowStream {
  const folders = paths.map((path) => path.split("/").slice(0, -1));
  let depth = 0;
  const first = folders[0] as string[];
  while (
    depth < first.length - 1 &&
    folders.every((folder) => folder[depth] === first[depth] && folder.length > depth + 1)
  )
    depth++;
  const labels = folders.map((folder) => folder[depth] as string);
  const names = new Set(labels);
  const parts = ["train", "test"].filter((part) => names.has(part));
  if (
    wanted === undefined &&
    parts.length > 0 &&
    folders.every((folder) => !parts.includes(folder[depth] as string) || folder.length > depth + 1)
  ) {
    fail("E_DATA", {
      where: source,
      option: "member",
      expected: "class folders",
      got: `parts of a data set (${[...names].join(", ")})`,
      fix: "say which",
      set: { member: [...first.slice(0, depth), parts[0]].join("/") },
    });
  }
  const order = Array.from(paths.keys())
    .filter(
      (i) =>
        options.exclude?.includes(labels[i] as string) !== true &&
        options.classNames?.includes(labels[i] as string) !== false,
    )
    .sort((a, b) => ((paths[a] as string) < (paths[b] as string) ? -1 : 1));
  async function* rows(): AsyncGenerator<readonly SourceRow[]> {
    for (let from = 0; from < order.length; from += 4096) {
      yield order.slice(from, from + 4096).map(
        (i): SourceRow => ({
          place: { unit: "file", at: paths[i] as string },
          cells: [texts.get(i), labels[i], paths[i]],
        }),
      );
    }
  }
  const sample = order.slice(0, 100).map((i) => [texts.get(i), labels[i], paths[i]]);
  return { head: { source, names: ["text", "label", "file"], width: 3, sample }, rows, notices, untyped: false };
}

/** Writes bytes to a temporary file. */
async function spool(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "textune-"));
  const path = join(folder, basename(name) || "data");
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await pipeline(Readable.from(bytes), createWriteStream(path));
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, remove };
}
