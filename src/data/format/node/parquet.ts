import type { DuckDBConnection } from "@duckdb/node-api";
import { fail } from "../../../base/errors.js";
import { loadOptional } from "../../../base/node/optional-package.js";
import type { RawCell } from "../../table/cell.js";
import type { SourceRow } from "../../table/row-stream.js";
import type { FormatRows } from "../data-format.js";
import { sqlName, sqlText } from "./sql-text.js";

/** A private in-memory DuckDB that never asks the network for anything. */
async function openDuckDB(): Promise<{ readonly connection: DuckDBConnection; close(): void }> {
  const { DuckDBInstance } = await loadOptional(
    "Parquet files",
    ["@duckdb/node-api"],
    () => import("@duckdb/node-api"),
  );
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "2",
    memory_limit: "512MB",
    preserve_insertion_order: "true",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  return {
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Runs `task` with a DuckDB of its own. */
export async function withDuckDB<T>(task: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const { connection, close } = await openDuckDB();
  try {
    return await task(connection);
  } finally {
    close();
  }
}

const SAMPLE_ROWS = 200;

/**
 * The rows of a Parquet file. Class names that Hugging Face's `datasets` wrote into it are given by
 * `classNames`, by column.
 */
export async function parquetRows(path: string, source: string): Promise<FormatRows> {
  const from = `read_parquet(${sqlText(path)})`;
  const facts = await withDuckDB(async (connection) => {
    const described = await connection.runAndReadAll(`describe select * from ${from}`);
    const names = described.getRows().map((row) => String(row[0]));
    const sample = await connection.runAndReadAll(`select * from ${from} limit ${SAMPLE_ROWS}`);
    const meta = await connection.runAndReadAll(
      `select decode(value) from parquet_kv_metadata(${sqlText(path)}) where decode(key) = 'huggingface'`,
    );
    return {
      names,
      sample: sample.getRows().map((row) => row.map(duckCell)),
      classNames: classNamesOf(meta.getRows()[0]?.[0]),
    };
  }).catch((error: unknown) => unreadable(source, error));

  async function* rows(needed: readonly number[]): AsyncGenerator<readonly SourceRow[]> {
    const { connection, close } = await openDuckDB();
    try {
      const columns = needed.map((index) => sqlName(facts.names[index] as string)).join(", ");
      const result = await connection.stream(`select ${columns} from ${from}`);
      let at = 0;
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) return;
        const values = needed.map((_, i) => chunk.getColumnValues(i));
        yield Array.from({ length: chunk.rowCount }, (_, row): SourceRow => {
          const cells: RawCell[] = [];
          needed.forEach((index, i) => {
            cells[index] = duckCell(values[i]?.[row]);
          });
          return { place: { unit: "row", at: ++at }, cells };
        });
      }
    } catch (error) {
      unreadable(source, error);
    } finally {
      close();
    }
  }
  return {
    head: {
      source,
      names: facts.names,
      width: facts.names.length,
      sample: facts.sample.map((row) =>
        row.map((cell) => (cell === undefined || cell === null ? undefined : String(cell))),
      ),
    },
    rows,
    notices: [],
    untyped: false,
    classNames: facts.classNames,
  };
}

function unreadable(source: string, error: unknown): never {
  if (error instanceof Error && error.name === "TextuneError") throw error;
  const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  return fail(
    "E_DATA",
    { where: source, expected: "a whole Parquet file", got: message, fix: "copy or download the file again" },
    error,
  );
}

function duckCell(value: unknown): RawCell {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  // A list of a column of lists, such as the classes of a row.
  if (typeof value === "object" && "items" in value && Array.isArray(value.items))
    return JSON.stringify(value.items.map((item) => duckCell(item) ?? null));
  return String(value);
}

/** Class names from the description of features that the `datasets` library stores in its Parquet files. */
function classNamesOf(stored: unknown): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  if (typeof stored !== "string") return found;
  try {
    const features: unknown = (JSON.parse(stored) as { info?: { features?: unknown } }).info?.features;
    for (const [name, feature] of Object.entries(features ?? {})) {
      // Of a column of lists, the names are those of what is in the lists.
      const { feature: inner = feature } = feature as { feature?: unknown };
      const names: unknown = (inner as { names?: unknown }).names;
      if (Array.isArray(names) && names.length > 0 && names.every((entry) => typeof entry === "string"))
        found.set(name, names as string[]);
    }
  } catch {
    // A description that cannot be read only costs the class names.
  }
  return found;
}
