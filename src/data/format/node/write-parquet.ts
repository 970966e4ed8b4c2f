import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { WritableTable } from "../data-format.js";
import { gatherLines } from "../gather-lines.js";
import { jsonLines } from "../json-format.js";
import { withDuckDB } from "./parquet.js";
import { sqlName, sqlText } from "./sql-text.js";

const KINDS = { string: "VARCHAR", number: "DOUBLE", boolean: "BOOLEAN" } as const;

/** Writes a table as Parquet through DuckDB, which reads the rows as JSON Lines from a file beside it. */
export async function writeParquet(table: WritableTable, path: string, signal: AbortSignal | undefined): Promise<void> {
  // DuckDB would take brackets in a path that it reads for a pattern.
  const place = /[*?[\]]/.test(path) ? await mkdtemp(join(tmpdir(), "textune-")) : undefined;
  const lines = place === undefined ? `${path}.jsonl` : join(place, "rows.jsonl");
  try {
    // DuckDB reserves a few times this for each thread, so it is kept as small as the rows allow.
    let longest = 2 ** 24;
    function* measured(): Generator<string> {
      for (const line of jsonLines(table)) {
        longest = Math.max(longest, 3 * line.length);
        yield line;
      }
    }
    await pipeline(
      Readable.from(gatherLines(measured())),
      createWriteStream(lines),
      signal === undefined ? {} : { signal },
    );
    signal?.throwIfAborted();
    const columns = table.names.map((name, i) => `${sqlText(name)}: '${KINDS[table.kinds[i] ?? "string"]}'`);
    await withDuckDB(async (connection) => {
      const select = `select ${table.names.map(sqlName).join(", ")} from read_json(${sqlText(lines)}, format = 'newline_delimited', columns = {${columns.join(", ")}}, maximum_object_size = ${longest})`;
      await connection.run(`copy (${select}) to ${sqlText(path)} (format parquet, compression zstd)`);
    });
  } finally {
    await rm(lines, { force: true });
    if (place !== undefined) await rm(place, { recursive: true, force: true });
  }
}
