import { CompressionType, getCompressionCodec, setCompressionCodec, tableFromIPC } from "@uwdata/flechette";
import { Decompress } from "fzstd";
import { fail, TextuneError } from "../../../base/errors.js";
import type { RawCell } from "../../table/cell.js";
import type { RowStream, SourceRow } from "../../table/row-stream.js";
import { ZSTD_PIECE } from "./decompress.js";

/** Bytes of an Arrow file that are held in memory at most, packed and again unpacked. */
const MOST_BYTES = 2 ** 30;

/**
 * The rows of an Arrow or Feather (version 2) file or stream, read whole. Its buffers may be packed with
 * Zstandard.
 *
 * @param most bytes of data, packed as unpacked, beyond which it is refused
 * @throws E_DATA for damaged data, buffers packed with LZ4, or more than `most` bytes
 */
export async function arrowRows(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
  most = MOST_BYTES,
): Promise<RowStream> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size > most) tooLarge(source, most);
  }
  const table = unpacked(source, most, () => tableFromIPC(Buffer.concat(parts)));
  const names = table.names.map(String);
  const columns = names.map((_, i) => table.getChildAt(i));
  const cells = (row: number): RawCell[] => columns.map((column) => arrowCell(column.at(row)));
  const { numRows } = table;
  async function* rows(): AsyncGenerator<readonly SourceRow[]> {
    for (let from = 0; from < numRows; from += 4096) {
      yield Array.from(
        { length: Math.min(4096, numRows - from) },
        (_, i): SourceRow => ({ place: { unit: "row", at: from + i + 1 }, cells: cells(from + i) }),
      );
    }
  }
  const sample = Array.from({ length: Math.min(200, numRows) }, (_, row) =>
    cells(row).map((cell) => (cell === undefined || cell === null ? undefined : String(cell))),
  );
  return { head: { source, names, width: names.length, sample }, rows, notices: [], untyped: false };
}

/** Does `read`, which unpacks as it goes, and explains what goes wrong. */
function unpacked<T>(source: string, most: number, read: () => T): T {
  let size = 0;
  const before = [CompressionType.ZSTD, CompressionType.LZ4_FRAME].map(
    (kind) => [kind, getCompressionCodec(kind)] as const,
  );
  const unused = (): never => {
    throw new Error("nothing is written here");
  };
  const zstd = (packed: Uint8Array): Uint8Array => {
    const { bytes, length } = unzstd(packed, most - size);
    size += length;
    return size > most ? tooLarge(source, most) : bytes;
  };
  const lz4 = (): never =>
    fail("E_DATA", {
      where: source,
      expected: "Arrow data that is packed with Zstandard, or not at all",
      got: "LZ4",
      fix: 'write it with compression="zstd" (pandas: to_feather(path, compression="zstd")), or as Parquet',
    });
  // The reader knows codecs for the whole process; they are ours for as long as this takes, without a pause.
  setCompressionCodec(CompressionType.ZSTD, { decode: zstd, encode: unused });
  setCompressionCodec(CompressionType.LZ4_FRAME, { decode: lz4, encode: unused });
  try {
    return read();
  } catch (error) {
    if (error instanceof TextuneError) throw error;
    return fail(
      "E_DATA",
      {
        where: source,
        expected: "a whole Arrow file",
        got: error instanceof Error ? error.message : String(error),
        fix: "copy it again, or write it as Parquet",
      },
      error,
    );
  } finally {
    for (const [kind, codec] of before) if (codec !== null) setCompressionCodec(kind, codec);
  }
}

/** The contents of one Zstandard buffer; nothing where they exceed `most` bytes. */
function unzstd(packed: Uint8Array, most: number): { readonly bytes: Uint8Array; readonly length: number } {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  const stream = new Decompress((piece, last) => {
    length += piece.length;
    if (length <= most) pieces.push(piece.slice());
    ended = last === true;
  });
  for (let from = 0; from < packed.length && length <= most; from += ZSTD_PIECE)
    stream.push(packed.subarray(from, from + ZSTD_PIECE), from + ZSTD_PIECE >= packed.length);
  if (length > most) return { bytes: new Uint8Array(0), length };
  if (!ended) throw new Error("the end of a packed buffer is missing");
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return { bytes, length };
}

function tooLarge(source: string, most: number): never {
  return fail("E_DATA", {
    where: source,
    expected: `at most ${most >= 2 ** 20 ? `${most / 2 ** 20} MiB` : `${most} bytes`} of Arrow data`,
    got: "more",
    fix: "write it as Parquet, which is read piece by piece",
  });
}

function arrowCell(value: unknown): RawCell {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return value;
  // A list of a column of lists, such as the classes of a row.
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return JSON.stringify(
      Array.from(value as ArrayLike<unknown>, (item) => arrowCell(item) ?? null),
      bigints,
    );
  return String(value);
}

function bigints(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
