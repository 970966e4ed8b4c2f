import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Decompress } from "fzstd";
import { fail } from "../../../base/errors.js";

/** How a file is packed, by its first bytes. */
export type Packing = "gzip" | "zstd" | "zip" | "tar" | undefined;

const MAGIC: readonly (readonly [
  Exclude<Packing, "tar" | undefined> | "bzip2" | "xz" | "7z" | "rar" | "xlsx",
  readonly number[],
])[] = [
  ["gzip", [0x1f, 0x8b]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["zip", [0x50, 0x4b, 0x03, 0x04]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ["7z", [0x37, 0x7a, 0xbc, 0xaf]],
  ["rar", [0x52, 0x61, 0x72, 0x21]],
];

/**
 * What the bytes at the start of a file say about it.
 * @throws E_DATA for a packing that cannot be read here
 */
export function packingOf(start: Uint8Array, source: string): Packing {
  const found = MAGIC.find(([, bytes]) => bytes.every((byte, i) => start[i] === byte))?.[0];
  if (found === "bzip2" || found === "xz" || found === "7z" || found === "rar" || found === "xlsx") {
    fail("E_DATA", {
      where: source,
      expected: "text, gzip, zstd, zip, tar or Parquet",
      got: found,
      fix: "unpack it first",
    });
  }
  if (found !== undefined) return found;
  return new TextDecoder("latin1").decode(start.subarray(257, 262)) === "ustar" ? "tar" : undefined;
}

/** Bytes after which unpacking stops: more than any text collection, less than what fills a disk. */
export const MOST_UNPACKED_BYTES = 64 * 2 ** 30;
/** Bytes of Zstandard that are unpacked at a time: they become at worst 32,768 times as many before anyone can say stop. */
export const ZSTD_PIECE = 4096;
/** No text packs so well: what still does after so many bytes was made to fill memory. */
const MOST_RATIO = 200;
const UNSUSPICIOUS_BYTES = 256 * 2 ** 20;

/**
 * The contents of gzip or zstd data.
 *
 * @param unsuspicious bytes up to which it does not matter how well they are packed
 * @throws E_DATA where it is damaged, cut off, larger than `most` bytes, or packed as no text is
 */
export async function* decompress(
  chunks: AsyncIterable<Uint8Array>,
  packing: "gzip" | "zstd",
  source: string,
  most = MOST_UNPACKED_BYTES,
  unsuspicious = UNSUSPICIOUS_BYTES,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  let packed = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      packed += chunk.length;
      yield chunk;
    }
  }
  const unpacked = packing === "gzip" ? gunzip(counted()) : unzstd(counted());
  try {
    for await (const piece of unpacked) {
      size += piece.length;
      if (size > most || (size > unsuspicious && size > packed * MOST_RATIO)) tooLarge(source, size, packed, most);
      yield piece;
    }
  } catch (error) {
    // Errors that already are sentences pass through; the unpackers throw plain ones.
    if (error instanceof Error && error.name === "TextuneError") throw error;
    fail(
      "E_DATA",
      {
        where: source,
        expected: `whole ${packing} data`,
        got: error instanceof Error ? error.message : String(error),
        fix: "copy or download the file again",
      },
      error,
    );
  }
}

/** Refuses `size` bytes out of `packed` where that is more than `most`, or more than text could be. */
function tooLarge(source: string, size: number, packed: number, most: number): never {
  return fail("E_DATA", {
    where: source,
    expected: size > most ? `at most ${most} bytes unpacked` : "text, which packs to a tenth or so",
    got: size > most ? "more" : `${megabytes(size)} MB and more out of ${megabytes(packed)} MB`,
    fix: "do not trust this file, or unpack it yourself",
  });
}

/** The same for a file in a zip archive, which says its sizes. */
export function assertUnpackable(source: string, size: number, packed: number): void {
  if (size > UNSUSPICIOUS_BYTES && size > packed * MOST_RATIO) tooLarge(source, size, packed, MOST_UNPACKED_BYTES);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}

async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = Readable.from(chunks);
  const gunzipped = createGunzip({ chunkSize: 2 ** 18 });
  input.on("error", (error) => gunzipped.destroy(error));
  try {
    for await (const piece of input.pipe(gunzipped)) yield piece as Uint8Array;
  } finally {
    input.destroy();
    gunzipped.destroy();
  }
}

async function* unzstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let ended = false;
  const stream = new Decompress((piece, last) => {
    waiting.push(piece.slice());
    ended = last === true;
  });
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += ZSTD_PIECE) {
      stream.push(chunk.subarray(from, from + ZSTD_PIECE));
      yield* waiting;
      waiting = [];
    }
  }
  stream.push(new Uint8Array(0), true);
  yield* waiting;
  if (!ended) throw new Error("the end is missing");
}

/** Reads the first `count` bytes of `chunks` without losing them. */
export async function peek(
  chunks: AsyncIterable<Uint8Array>,
  count: number,
): Promise<{ readonly start: Uint8Array; readonly all: AsyncGenerator<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let size = 0;
  while (size < count) {
    const next = await iterator.next();
    if (next.done === true) break;
    held.push(next.value);
    size += next.value.length;
  }
  async function* rest(): AsyncGenerator<Uint8Array> {
    yield* held;
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return;
      yield next.value;
    }
  }
  const generator = rest();
  const close = generator.return.bind(generator);
  // A generator that was never begun has nothing to end, but here a file or a connection is open.
  generator.return = async (value) => {
    await iterator.return?.();
    return close(value);
  };
  const start = new Uint8Array(size);
  held.reduce((at, part) => {
    start.set(part, at);
    return at + part.length;
  }, 0);
  return { start, all: generator };
}
