import { tableFromIPC } from "@uwdata/flechette";
import { fail } from "../../base/errors.js";
import type { RawCell } from "../dataset-builder.js";
import type { RowStream, SourceRow } from "../row-stream.js";

/** Bytes of an Arrow file that are held in memory at most. */
const MOST_BYTES = 2 ** 30;

/**
 * The rows of an Arrow or Feather (version 2) file or stream, read whole.
 * @throws E_DATA for damaged data, compressed buffers, or more than 1 GiB
 */
export async function arrowRows(chunks: AsyncIterable<Uint8Array>, source: string): Promise<RowStream> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size > MOST_BYTES)
      fail("E_DATA", {
        where: source,
        expected: "at most 1 GiB of Arrow data",
        got: "more",
        fix: "write it as Parquet",
      });
  }
  const table = ((): ReturnType<typeof tableFromIPC> => {
    try {
      return tableFromIPC(Buffer.concat(parts));
    } catch (error) {
      return fail(
        "E_DATA",
        {
          where: source,
          expected: "a whole, uncompressed Arrow file",
          got: error instanceof Error ? error.message : String(error),
          fix: "write it as Parquet or copy it again",
        },
        error,
      );
    }
  })();
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

function arrowCell(value: unknown): RawCell {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return value;
  return String(value);
}
