import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBType, DuckDBValue } from "@duckdb/node-api";
import type { WritableTable } from "../data-format.js";
import { withDuckDB } from "./parquet.js";
import { sqlName, sqlText } from "./sql-text.js";

/** How each kind of column is kept: its name in SQL, and a cell as DuckDB takes it. */
const KINDS = {
  string: { sql: "VARCHAR", of: (cell: string) => cell },
  number: { sql: "DOUBLE", of: Number },
  boolean: { sql: "BOOLEAN", of: (cell: string) => cell === "true" },
} as const;
/** Rows that DuckDB takes at once, at most. */
const ROWS_AT_ONCE = 2048;

/** Writes a table as Parquet through DuckDB, which is handed the values column by column. */
export async function writeParquet(table: WritableTable, path: string, signal: AbortSignal | undefined): Promise<void> {
  const kinds = table.names.map((_, i) => KINDS[table.kinds[i] ?? "string"]);
  // Where a table that is larger than the memory DuckDB may have is put meanwhile.
  const place = await mkdtemp(join(tmpdir(), "textune-parquet-"));
  try {
    await withDuckDB(async (connection) => {
      const { BOOLEAN, DOUBLE, DuckDBDataChunk, VARCHAR } = await import("@duckdb/node-api");
      const types: readonly DuckDBType[] = kinds.map(({ sql }) => ({ VARCHAR, DOUBLE, BOOLEAN })[sql]);
      await connection.run(`set temp_directory = ${sqlText(place)}`);
      const columns = table.names.map((name, i) => `${sqlName(name)} ${kinds[i]?.sql}`);
      await connection.run(`create table written (${columns.join(", ")})`);
      const appender = await connection.createAppender("written");
      try {
        for await (const rows of batches(table.rows(), signal)) {
          const chunk = DuckDBDataChunk.create(types, rows.length);
          kinds.forEach(({ of }, i) => {
            chunk.setColumnValues(
              i,
              rows.map((row): DuckDBValue => (row[i] === undefined ? null : of(row[i]))),
            );
          });
          appender.appendDataChunk(chunk);
        }
      } finally {
        appender.closeSync();
      }
      await connection.run(`copy written to ${sqlText(path)} (format parquet, compression zstd)`);
    });
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** Rows some at a time, with a pause between in which a program can do something else, or stop. */
async function* batches<T>(rows: Iterable<T>, signal: AbortSignal | undefined): AsyncGenerator<readonly T[]> {
  let batch: T[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length < ROWS_AT_ONCE) continue;
    yield batch;
    batch = [];
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }
  if (batch.length > 0) yield batch;
}
