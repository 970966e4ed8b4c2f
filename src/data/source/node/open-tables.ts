import { createWriteStream } from "node:fs";
import { copyFile, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fail } from "../../../base/errors.js";
import { didYouMean } from "../../../base/nearest.js";
import type { DataFormat, FormatOptions } from "../../format/data-format.js";
import { type DecodedText, type DecodeOptions, decodeText } from "../../format/decode-text.js";
import { decompress, packingOf, peek } from "../../format/node/decompress.js";
import {
  checkFormatOptions,
  FORMATS,
  formatNamed,
  formatOfName,
  formatOfText,
  unpackedName,
} from "../../format/node/registry.js";
import type { OpenTable } from "../../table/row-stream.js";
import { buildTextColumn } from "../../table/text-column.js";
import { type Member, tarMembers, zipMembers } from "./archives.js";
import { CLASS_FOLDER_COLUMNS, classFolderRows, encodingNotice, wholeText } from "./class-folder-rows.js";
import { hasExtension } from "./class-folders.js";

/** How to open a file. */
export interface OpenOptions extends FormatOptions {
  /** The name of a format, or "folder". */
  readonly format?: string | undefined;
  readonly lenient?: boolean;
  /** How often what is read was unpacked already. */
  readonly unpacked?: number;
  /** Files that were found not to be in UTF-8 further on, by what they are called. */
  readonly notUtf8?: ReadonlySet<string>;
  /** The file, or the folder of class folders, that is meant inside an archive. */
  readonly member?: string | undefined;
  /** Class folders to read; by default all. */
  readonly classNames?: readonly string[] | undefined;
  /** Ends of the names of files in class folders; by default all. */
  readonly extensions?: readonly string[] | undefined;
  /** Class folders to leave out. */
  readonly exclude?: readonly string[] | undefined;
}

/** Data is packed once or, as a .tar.gz of .csv.gz, three times. */
const MOST_PACKINGS = 4;

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
  const unpacked = (options.unpacked ?? 0) + (packing === undefined ? 0 : 1);
  if (unpacked > MOST_PACKINGS)
    fail("E_DATA", {
      where: source,
      expected: `data that is packed at most ${MOST_PACKINGS} times over`,
      got: "more",
      fix: "do not trust this file, or unpack it yourself",
    });
  if (packing === "gzip" || packing === "zstd") {
    const name = unpackedName(file.name).replace(/\.tgz$/i, ".tar");
    yield* openTables({ name, shown: source, bytes: decompress(all, packing, source) }, { ...options, unpacked });
  } else if (packing === "tar") {
    yield* openArchive(tarMembers(all, source), source, { ...options, unpacked });
  } else if (packing === "zip") {
    // It is read from its end, so it has to lie on disk.
    const disk = onDisk(file, all);
    try {
      yield* openArchive(zipMembers(await disk.path(), source), source, { ...options, unpacked });
    } finally {
      await disk.remove();
    }
  } else yield* openFile(file, start, all, options);
}

/** The table in a file that is not packed. */
async function* openFile(
  file: NamedBytes,
  start: Uint8Array,
  all: AsyncGenerator<Uint8Array>,
  options: OpenOptions,
): AsyncGenerator<OpenTable> {
  const source = file.shown ?? file.name;
  const disk = onDisk(file, all);
  let decoded: Promise<DecodedText> | undefined;
  const text = (): Promise<DecodedText> => {
    decoded ??= decodeText(all, decodeOptions(options, source));
    return decoded;
  };
  try {
    const format =
      FORMATS.find(({ hasMagic }) => hasMagic?.(start) === true) ??
      (options.format === undefined ? unreadName(file.name) : formatNamed(options.format)) ??
      formatOfText(file.name, (await text()).sample, options);
    if (options.format !== undefined && format.name !== options.format)
      fail("E_DATA", {
        where: source,
        option: "format",
        expected: `a file of the format ${options.format}`,
        got: format.title,
        fix: "leave the format out to have it guessed",
      });
    checkFormatOptions(format, options, source);
    yield { ...(await format.read({ source, text, bytes: () => all, path: disk.path }, options)), source };
  } finally {
    await all.return(undefined);
    await disk.remove();
  }
}

/** The format of a file that is no text, where its name tells it and its first bytes do not. */
function unreadName(name: string): DataFormat | undefined {
  const told = formatOfName(name);
  return told?.hasMagic === undefined ? undefined : told;
}

function decodeOptions({ encoding, lenient, notUtf8 }: OpenOptions, source: string): DecodeOptions {
  return {
    source,
    lenient: lenient === true,
    notUtf8: notUtf8?.has(source) === true,
    ...(encoding === undefined ? {} : { encoding }),
  };
}

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
  let otherEncoding: string | undefined;
  const wanted = options.member?.replace(/\/+$/, "");
  for await (const { path, bytes } of members) {
    const named = wanted !== undefined && (path === wanted || path.endsWith(`/${wanted}`));
    const inside = wanted === undefined || path.startsWith(`${wanted}/`) || path.includes(`/${wanted}/`);
    if (named || (inside && formatOfName(path) !== undefined)) {
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
      for await (const opened of openTables({ name: basename(path), bytes }, { ...options, member: undefined }))
        yield { ...opened, source: `${source}/${path}` };
    } else if (inside && table === undefined && path.includes("/") && hasExtension(path, options.extensions)) {
      const { text, encoding } = await wholeText(bytes, decodeOptions(options, `${source}/${path}`));
      otherEncoding ??= encoding;
      texts.push(text);
      paths.push(path);
    } else others.push(path);
  }
  if (table !== undefined) return;
  if (paths.length === 0) {
    fail("E_DATA", {
      where: source,
      expected:
        wanted === undefined ? "a data file or folders of text files in the archive" : `"${wanted}" in the archive`,
      got:
        others.length === 0
          ? "none"
          : others
              .slice(0, 5)
              .map((path) => `"${path}"`)
              .join(", "),
      fix: wanted === undefined ? "unpack it and name the file" : didYouMean(wanted, [...foldersOf(others), ...others]),
    });
  }
  const notices = otherEncoding === undefined ? [] : [encodingNotice(otherEncoding)];
  yield {
    ...classFolderRows(texts.finish(), paths, wanted, source, options, notices),
    source,
    usual: CLASS_FOLDER_COLUMNS,
  };
}

/** All folders on the way to files. */
function foldersOf(paths: readonly string[]): Set<string> {
  return new Set(
    paths.flatMap((path) =>
      path
        .split("/")
        .slice(0, -1)
        .map((_, i, all) => all.slice(0, i + 1).join("/")),
    ),
  );
}

/** A file's place on disk: where it lies, or a temporary file that its bytes are written to once it is asked for. */
function onDisk(
  file: NamedBytes,
  bytes: AsyncGenerator<Uint8Array>,
): { path(): Promise<string>; remove(): Promise<void> } {
  let folder: string | undefined;
  return {
    async path() {
      if (file.path !== undefined) {
        await bytes.return(undefined);
        if (!/[*?[\]]/.test(file.path)) return file.path;
        // DuckDB takes these signs for a pattern, so it gets another name of the file.
        folder = await mkdtemp(join(tmpdir(), "textune-"));
        const link = join(folder, "data");
        await symlink(resolve(file.path), link).catch(() => copyFile(file.path as string, link));
        return link;
      }
      folder = await mkdtemp(join(tmpdir(), "textune-"));
      const path = join(folder, basename(file.name) || "data");
      await pipeline(Readable.from(bytes), createWriteStream(path));
      return path;
    },
    async remove() {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
