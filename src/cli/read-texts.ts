/** The texts to classify, one after the other: nothing is read before it is needed, nothing kept after. */
import { open, stat } from "node:fs/promises";
import { fail } from "../base/errors.js";
import { openingOptions, type ReadOptions } from "../data/dataset/node/read-options.js";
import { type RowText, streamTexts } from "../data/dataset/node/stream-texts.js";
import { looksDelimited } from "../data/format/delimited.js";
import { formatOfName, unpackedName } from "../data/format/node/registry.js";
import { LONGEST_RECORD, TOO_LONG } from "../data/format/open-line.js";
import { readBytes } from "../data/source/node/files.js";
import { openTables } from "../data/source/node/open-tables.js";
import { openSources } from "../data/source/node/sources.js";

/** Texts given as arguments. */
export async function* argumentTexts(texts: readonly string[]): AsyncGenerator<RowText> {
  for (const [index, text] of texts.entries()) yield { place: `text ${index + 1}`, text };
}

/** The lines of a stream of UTF-8, as soon as each is complete; a missing last line end makes no difference. */
export async function* lineTexts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<RowText> {
  const decoder = new TextDecoder();
  let line = 0;
  // Pieces of a line that is not over yet: joined once, so that one very long line costs no more than its length.
  let pieces: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const [first, ...others] = decoder.decode(chunk, { stream: true }).split("\n");
    pieces.push(first);
    length = others.length > 0 ? (others.at(-1) as string).length : length + first.length;
    if (length > LONGEST_RECORD)
      fail("E_DATA", {
        where: `line ${line + others.length + 1}`,
        got: TOO_LONG,
        fix: "are these texts, one a line? Name the format, or another file",
      });
    for (const next of others) {
      yield { place: `line ${++line}`, text: withoutReturn(pieces.join("")) };
      pieces = [next];
    }
  }
  const last = pieces.join("") + decoder.decode();
  if (last !== "") yield { place: `line ${++line}`, text: withoutReturn(last) };
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

/**
 * The texts of files, folders, addresses, databases: all that `readDataset` reads, each in turn.
 * A file holds a text in every line, unless its name, an option or what stands in it says that it is a table.
 *
 * @throws E_DATA when something cannot be read or lacks the column
 */
export async function* sourceTexts(
  addresses: readonly string[],
  options: ReadOptions,
  note: (line: string) => void,
): AsyncGenerator<RowText> {
  const [only] = addresses;
  const plain = addresses.every(isLinesFile) && !hasTableOption(options) && !(await someTable(addresses));
  if (plain && addresses.length === 1 && only !== undefined && isPlainLines(only, options)) {
    // Empty lines count here, so that line n of the results belongs to line n of the file.
    yield* lineTexts(readBytes(only));
    return;
  }
  const lines = options.format === undefined && plain;
  yield* streamTexts(
    openSources(addresses, openingOptions(lines ? { ...options, format: "lines" } : options)),
    options,
    note,
  );
}

function hasTableOption({ header, delimiter, quote, text, textPair }: ReadOptions): boolean {
  return [header, delimiter, quote, text, textPair].some((option) => option !== undefined);
}

/** Whether one of the paths is a folder, or a file that looks like a table. */
async function someTable(paths: readonly string[]): Promise<boolean> {
  for (const path of paths) {
    const facts = await stat(path).catch(() => undefined);
    if (facts?.isDirectory() === true) return true;
    // A pipe can be read only once.
    if (facts?.isFile() !== true || PACKED.test(path)) continue;
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(2 ** 16), 0, 2 ** 16, 0);
      if (looksDelimited(buffer.toString("utf8", 0, bytesRead), bytesRead === facts.size)) return true;
    } finally {
      await file.close();
    }
  }
  return false;
}

/** The texts in a table on standard input. */
export function tableTexts(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadOptions,
  note: (line: string) => void,
): AsyncGenerator<RowText> {
  return streamTexts(openTables({ name: "standard input", bytes: chunks }, openingOptions(options)), options, note);
}

function isPlainLines(path: string, { format, pattern, encoding }: ReadOptions): boolean {
  const asked = format === undefined || format === "lines";
  return asked && pattern === undefined && encoding === undefined && !PACKED.test(path);
}

const PACKED = /\.(gz|gzip|zst|zstd|tgz|tar|zip)$/i;

/** Whether a path's name says nothing but that it is text. */
export function isLinesFile(path: string): boolean {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path) || /[*?{[]/.test(path) || /\.(tgz|tar|zip)$/i.test(path)) return false;
  const name = unpackedName(path);
  return formatOfName(name) === undefined && !/\.tar$/i.test(name);
}
