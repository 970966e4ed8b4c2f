/**
 * A sorted table of keys and values, as LevelDB has it: blocks of entries whose keys share their beginnings, an index of
 * the blocks, and a footer that says where the index stands.
 *
 * @source github.com/google/leveldb doc/table_format.md; tensorflow/core/lib/io/format.cc
 */
import { damaged } from "../weight-reader.js";
import { maskedCrc32c } from "./crc32c.js";

const FOOTER_BYTES = 48;
/** After each block: its compression and its checksum. */
const TRAILER_BYTES = 5;
const MAGIC = 0xdb4775248b80fb57n;
/** Names of weights are some hundred characters long. Without a limit, short entries could repeat a long beginning. */
const MAX_KEY_BYTES = 4096;

export interface TableEntry {
  readonly key: string;
  readonly value: Uint8Array;
}

/** The entries of the table in `bytes`, a whole file. @throws E_WEIGHTS for a table that is cut off or damaged */
export function readTable(bytes: Uint8Array, path: string): TableEntry[] {
  const start = bytes.length - FOOTER_BYTES;
  if (start < 0) damaged(path, `a footer of ${FOOTER_BYTES} bytes`, `a file of ${bytes.length}`);
  const footer = new Cursor(bytes, start, bytes.length, path);
  const magic = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(bytes.length - 8, true);
  if (magic !== MAGIC) damaged(path, "a table of TensorFlow (the last eight bytes tell)", "another file");
  footer.handle(); // of the block about the blocks, which holds nothing
  const index = readBlock(bytes, footer.handle(), path);
  return index.flatMap(({ value }) => readBlock(bytes, new Cursor(value, 0, value.length, path).handle(), path));
}

interface Handle {
  readonly offset: number;
  readonly size: number;
}

function readBlock(bytes: Uint8Array, { offset, size }: Handle, path: string): TableEntry[] {
  const where = `${path}, byte ${offset}`;
  if (offset + size + TRAILER_BYTES > bytes.length)
    damaged(where, `a block of ${size} bytes`, `${bytes.length - offset} to the end`);
  const compression = bytes[offset + size];
  if (compression !== 0)
    damaged(where, "a block without compression, as TensorFlow writes it", `compression ${compression}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, size + TRAILER_BYTES);
  const checksum = view.getUint32(size + 1, true);
  const actual = maskedCrc32c(bytes.subarray(offset, offset + size + 1));
  if (checksum !== actual) damaged(where, `the checksum ${checksum}`, String(actual));
  const restarts = size < 4 ? -1 : view.getUint32(size - 4, true);
  const end = size - 4 - 4 * restarts;
  if (restarts < 0 || end < 0) damaged(where, "a list of restarts within the block", `${restarts} restarts`);
  return [...readEntries(new Cursor(bytes, offset, offset + end, path))];
}

function* readEntries(cursor: Cursor): Generator<TableEntry> {
  const text = new TextDecoder();
  let key = new Uint8Array();
  while (!cursor.done) {
    const shared = cursor.varint();
    const own = cursor.varint();
    const length = cursor.varint();
    if (shared > key.length || shared + own > MAX_KEY_BYTES)
      cursor.broken(`a key of at most ${MAX_KEY_BYTES} bytes`, `${shared} shared of ${key.length}, and ${own}`);
    const next = new Uint8Array(shared + own);
    next.set(key.subarray(0, shared));
    next.set(cursor.take(own), shared);
    key = next;
    yield { key: text.decode(key), value: cursor.take(length) };
  }
}

/** Reads on from a place in `bytes`, up to `end`. */
class Cursor {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #path: string;
  #at: number;

  constructor(bytes: Uint8Array, at: number, end: number, path: string) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
    this.#path = path;
  }

  get done(): boolean {
    return this.#at >= this.#end;
  }

  broken(expected: string, got: string): never {
    return damaged(`${this.#path}, byte ${this.#at}`, expected, got);
  }

  take(length: number): Uint8Array {
    if (length > this.#end - this.#at)
      this.broken(`${length} bytes`, `${this.#end - this.#at} to the end of the block`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Seven bits a byte, the lowest first. */
  varint(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
      const [byte] = this.take(1);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    return this.broken("a number below 2^53", "a larger one");
  }

  handle(): Handle {
    return { offset: this.varint(), size: this.varint() };
  }
}
