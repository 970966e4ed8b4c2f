/**
 * Tokenized texts in a file. Little can be wrong without being noticed: the header has a checksum of its own and one of what
 * follows, and the size of the file is given by its counts.
 *
 * Layout: a header of 96 bytes (the magic, the key as 32 bytes, as float64 the number of texts, or of windows where they are
 * read in such, of tokens, of truncated texts, of second segments, which is 0 or that of the texts, and of texts in windows,
 * which is 0 where there are none, two CRC-32), then int32: the length of each text, where each second segment starts, how
 * many windows each text has, and all ids. Numbers are in the byte order of the machine, which the key has to name.
 */
import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { fail } from "../../base/errors.js";
import type { WindowScores } from "../../tokenizers/long-texts.js";
import { rowsOf, type TokenizedTexts } from "../tokenized-texts.js";

const MAGIC = "textune tokens 3";
const HEADER_BYTES = 96;
const COUNTS_AT = 48;
const BODY_CHECKSUM_AT = 88;
const HEADER_CHECKSUM_AT = 92;
/** Bytes that are read, written or summed up at a time. */
const PIECE = 2 ** 24;

/** The size of the file for `texts`, in bytes. */
export function tokenFileBytes(texts: TokenizedTexts): number {
  const windowed = texts.windows === undefined ? 0 : rowsOf(texts);
  return HEADER_BYTES + 4 * (texts.length + (texts.secondStarts?.length ?? 0) + windowed + texts.ids.length);
}

/**
 * Writes `texts` to the new file `path`.
 *
 * @param key 64 hexadecimal digits, which reading asks for
 */
export async function writeTokenFile(path: string, key: string, texts: TokenizedTexts): Promise<void> {
  const lengths = differences(texts.offsets);
  const secondStarts = texts.secondStarts ?? new Int32Array(0);
  const windows = texts.windows === undefined ? new Int32Array(0) : differences(texts.windows.starts);
  const body = [lengths, secondStarts, windows, texts.ids].map(bytesOf);
  const counts = Float64Array.of(texts.length, texts.ids.length, texts.truncated, secondStarts.length, windows.length);
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, "latin1");
  header.write(key, MAGIC.length, "hex");
  header.set(bytesOf(counts), COUNTS_AT);
  header.writeUInt32LE(checksum(body), BODY_CHECKSUM_AT);
  header.writeUInt32LE(crc32(header.subarray(0, HEADER_CHECKSUM_AT)), HEADER_CHECKSUM_AT);
  const file = await open(path, "wx");
  try {
    for (const part of [header, ...body])
      for (const piece of pieces(part)) {
        for (let done = 0; done < piece.length; ) done += (await file.write(piece, done)).bytesWritten;
      }
  } finally {
    await file.close();
  }
}

/**
 * The texts in the file `path`; undefined where there is none.
 *
 * @param scores how those of windows are combined: the file does not say
 * @throws E_STORE for a file that is cut off, damaged, or was written under another key
 */
export async function readTokenFile(
  path: string,
  key: string,
  scores: WindowScores = "mean",
): Promise<TokenizedTexts | undefined> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (file === undefined) return undefined;
  try {
    const header = new Uint8Array(HEADER_BYTES);
    const { size } = await file.stat();
    if (size < HEADER_BYTES) return damaged(path);
    await readAll(file, header, path);
    const view = Buffer.from(header.buffer);
    const start = Buffer.from(`${Buffer.from(MAGIC).toString("hex")}${key}`, "hex");
    const [length, tokens, truncated, seconds, windowed] = new Float64Array(header.buffer, COUNTS_AT, 5);
    if (
      !view.subarray(0, COUNTS_AT).equals(start) ||
      view.readUInt32LE(HEADER_CHECKSUM_AT) !== crc32(view.subarray(0, HEADER_CHECKSUM_AT)) ||
      size !== HEADER_BYTES + 4 * (length + seconds + windowed + tokens)
    )
      return damaged(path);
    const lengths = new Int32Array(length);
    const secondStarts = new Int32Array(seconds);
    const windows = new Int32Array(windowed);
    const ids = new Int32Array(tokens);
    const body = [lengths, secondStarts, windows, ids].map(bytesOf);
    for (const part of body) await readAll(file, part, path);
    if (view.readUInt32LE(BODY_CHECKSUM_AT) !== checksum(body)) return damaged(path);
    return {
      ...{ length, ids, offsets: sums(lengths), truncated },
      ...(seconds > 0 ? { secondStarts } : {}),
      ...(windowed > 0 ? { windows: { starts: sums(windows), scores } } : {}),
    };
  } finally {
    await file.close();
  }
}

/** From [N + 1] places where things begin to their [N] sizes, and back. */
function differences(starts: Float64Array): Int32Array {
  return Int32Array.from({ length: starts.length - 1 }, (_, i) => starts[i + 1] - starts[i]);
}
function sums(sizes: Int32Array): Float64Array {
  const starts = new Float64Array(sizes.length + 1);
  for (let i = 0; i < sizes.length; i++) starts[i + 1] = starts[i] + sizes[i];
  return starts;
}

/** Fills `target` from where the last reading ended. */
async function readAll(file: FileHandle, target: Uint8Array, path: string): Promise<void> {
  for (const piece of pieces(target))
    for (let done = 0; done < piece.length; ) {
      const { bytesRead } = await file.read(piece, done);
      if (bytesRead === 0) damaged(path);
      done += bytesRead;
    }
}

function damaged(path: string): never {
  return fail("E_STORE", { where: path, expected: "a whole file of tokens", got: "one that is cut off or damaged" });
}

function checksum(parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) for (const piece of pieces(part)) sum = crc32(piece, sum);
  return sum;
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += PIECE) yield bytes.subarray(start, start + PIECE);
}

function bytesOf(values: Int32Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
