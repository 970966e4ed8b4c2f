/**
 * Tokenized texts in a file. Little can be wrong without being noticed: the header has a checksum of its own and one of what
 * follows, and the size of the file is given by its counts.
 *
 * Layout: a header of 88 bytes (the magic, the key as 32 bytes, as float64 the number of texts, of tokens, of truncated texts and
 * of second segments, which is 0 or that of the texts, two CRC-32), then int32: the length of each text, where each second
 * segment starts, and all ids. Numbers are in the byte order of the machine, which the key has to name.
 */
import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { fail } from "../../base/errors.js";
import type { TokenizedTexts } from "../tokenized-texts.js";

const MAGIC = "textune tokens 2";
const HEADER_BYTES = 88;
const COUNTS_AT = 48;
const BODY_CHECKSUM_AT = 80;
const HEADER_CHECKSUM_AT = 84;
/** Bytes that are read, written or summed up at a time. */
const PIECE = 2 ** 24;

/** The size of the file for `texts`, in bytes. */
export function tokenFileBytes(texts: TokenizedTexts): number {
  return HEADER_BYTES + 4 * (texts.length + (texts.secondStarts?.length ?? 0) + texts.ids.length);
}

/**
 * Writes `texts` to the new file `path`.
 *
 * @param key 64 hexadecimal digits, which reading asks for
 */
export async function writeTokenFile(path: string, key: string, texts: TokenizedTexts): Promise<void> {
  const lengths = new Int32Array(texts.length);
  for (let row = 0; row < texts.length; row++) lengths[row] = texts.offsets[row + 1] - texts.offsets[row];
  const secondStarts = texts.secondStarts ?? new Int32Array(0);
  const body = [lengths, secondStarts, texts.ids].map(bytesOf);
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, "latin1");
  header.write(key, MAGIC.length, "hex");
  header.set(bytesOf(Float64Array.of(texts.length, texts.ids.length, texts.truncated, secondStarts.length)), COUNTS_AT);
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
 * @throws E_STORE for a file that is cut off, damaged, or was written under another key
 */
export async function readTokenFile(path: string, key: string): Promise<TokenizedTexts | undefined> {
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
    const [length, tokens, truncated, seconds] = new Float64Array(header.buffer, COUNTS_AT, 4);
    if (
      !view.subarray(0, COUNTS_AT).equals(start) ||
      view.readUInt32LE(HEADER_CHECKSUM_AT) !== crc32(view.subarray(0, HEADER_CHECKSUM_AT)) ||
      size !== HEADER_BYTES + 4 * (length + seconds + tokens)
    )
      return damaged(path);
    const lengths = new Int32Array(length);
    const secondStarts = new Int32Array(seconds);
    const ids = new Int32Array(tokens);
    const body = [lengths, secondStarts, ids].map(bytesOf);
    for (const part of body) await readAll(file, part, path);
    if (view.readUInt32LE(BODY_CHECKSUM_AT) !== checksum(body)) return damaged(path);
    const offsets = new Float64Array(length + 1);
    for (let row = 0; row < length; row++) offsets[row + 1] = offsets[row] + lengths[row];
    return { length, ids, offsets, truncated, ...(seconds > 0 ? { secondStarts } : {}) };
  } finally {
    await file.close();
  }
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
