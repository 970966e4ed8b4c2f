import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { glob } from "tinyglobby";
import { fail } from "../../../base/errors.js";
import { formatOfName } from "../../format/node/registry.js";
import { listed } from "../../table/labels.js";
import type { OpenTable, SourceRow } from "../../table/row-stream.js";
import { openAddress, shownAddress } from "./address.js";
import { CLASS_FOLDER_COLUMNS, encodingNotice, fileRow, wholeText } from "./class-folder-rows.js";
import { listClassFolders, readFiles, strayNotice } from "./class-folders.js";
import { fileFacts, readBytes } from "./files.js";
import { type HubFilesOptions, openHubFiles } from "./hub-files.js";
import { type OpenOptions, openTables } from "./open-tables.js";

/** How to open whatever an address may name. */
export type SourceOptions = OpenOptions & HubFilesOptions;

/** The tables behind addresses, one after the other; each has to be read before the next is asked for. */
export async function* openSources(addresses: readonly string[], options: SourceOptions): AsyncGenerator<OpenTable> {
  if (addresses.length === 0)
    fail("E_USAGE", { where: "readDataset", expected: "a file", got: "an empty list", fix: "name at least one" });
  for (const address of addresses) yield* openSource(address, options);
}

async function* openSource(address: string, options: SourceOptions): AsyncGenerator<OpenTable> {
  if (/^https?:\/\//i.test(address)) {
    yield* openTables(await openAddress(address, options.signal), options);
  } else if (/^hf:\/\//i.test(address)) {
    for await (const file of openHubFiles(address.slice(5).replace(/^datasets\//, ""), options))
      yield* openTables(file, options);
  } else if (/^postgres(ql)?:\/\//i.test(address)) {
    const { postgresRows } = await import("../../format/node/sql.js");
    const source = shownAddress(address);
    yield { ...(await postgresRows(address, options.query, source)), source };
  } else {
    const path = /^file:\/\//i.test(address) ? filePath(address) : address;
    for (const file of await expand(path)) yield* openPath(file, options);
  }
}

function filePath(address: string): string {
  try {
    return fileURLToPath(address);
  } catch {
    // A "%" that encodes nothing: the name was not meant to be decoded.
    return address.slice("file://".length);
  }
}

/** The files that a pattern means, in code-unit order; a path that exists means itself. */
async function expand(path: string): Promise<string[]> {
  if (existsSync(path) || !/[*?{[]/.test(path)) return [path];
  const found = await glob(path.replaceAll("\\", "/"), { onlyFiles: true, dot: false, expandDirectories: false });
  if (found.length === 0)
    fail("E_DATA", { where: path, expected: "files that fit the pattern", got: "none", fix: "check the pattern" });
  return found.sort((a, b) => (a < b ? -1 : 1));
}

async function* openPath(path: string, options: SourceOptions): AsyncGenerator<OpenTable> {
  const facts = await fileFacts(path);
  if (!facts.folder) {
    if (options.format === "folder")
      fail("E_DATA", {
        where: path,
        option: "format",
        expected: "a folder",
        got: "a file",
        fix: "leave the format out, or name the folder",
      });
    yield* openTables({ name: basename(path), path, bytes: readBytes(path) }, options);
    return;
  }
  if (options.format !== undefined && options.format !== "folder")
    fail("E_DATA", {
      where: path,
      option: "format",
      expected: "a file",
      got: "a folder",
      fix: "name a file, or leave the format out",
    });
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile() && formatOfName(entry.name.replace(/\.zip$/i, "")) !== undefined)
    .map((entry) => entry.name)
    .sort();
  if (files.length > 0 && !entries.some((entry) => entry.isDirectory() && !entry.name.startsWith("."))) {
    if (files.length > 1)
      fail("E_DATA", {
        where: path,
        expected: "one data file",
        got: listed(files),
        fix: `name one, or a pattern such as "${join(path, "*")}" to read all as one`,
      });
    yield* openPath(join(path, files[0] as string), options);
    return;
  }
  yield await classFolderTable(path, options);
}

/** The texts of a folder of class folders as a table of text, label and file. */
async function classFolderTable(root: string, options: OpenOptions): Promise<OpenTable> {
  const { files, stray } = await listClassFolders(root, options);
  const source = basename(root) || root;
  // Grows while files are read.
  const notices = [...strayNotice(stray)];
  async function* rows(): AsyncGenerator<readonly SourceRow[]> {
    for await (const { path, label, bytes } of readFiles(files)) {
      const { text, encoding } = await wholeText(one(bytes), {
        source: path,
        lenient: options.lenient === true,
        ...(options.encoding === undefined ? {} : { encoding: options.encoding }),
      });
      if (encoding !== undefined && !notices.includes(encodingNotice(encoding))) notices.push(encodingNotice(encoding));
      yield [fileRow(path, text, label)];
    }
  }
  const sample = files.slice(0, 20).map((file) => ["text", file.label, file.path]);
  return {
    head: { source, names: ["text", "label", "file"], width: 3, sample },
    rows,
    notices,
    untyped: false,
    source,
    usual: CLASS_FOLDER_COLUMNS,
  };
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
