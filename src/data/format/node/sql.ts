import type Database from "libsql";
import type { Client } from "pg";
import { fail } from "../../../base/errors.js";
import { loadOptional } from "../../../base/node/optional-package.js";
import type { RawCell } from "../../table/cell.js";
import type { RowStream, SourceRow } from "../../table/row-stream.js";
import { sqlName } from "./sql-text.js";

const SAMPLE_ROWS = 200;
const BATCH_ROWS = 2000;

/**
 * The rows of a SQLite database: those of `query`, or of its only table. The database is opened for
 * reading alone.
 *
 * @throws E_DATA where the query fails, or there are several tables and none is named
 */
export async function sqliteRows(path: string, query: string | undefined, source: string): Promise<RowStream> {
  const { default: SQLite } = await loadOptional("SQLite databases", ["libsql"], () => import("libsql"));
  const open = (): InstanceType<typeof Database> => new SQLite(path, { readonly: true });
  const broken = (error: unknown): never => {
    if (error instanceof Error && error.name === "TextuneError") throw error;
    return fail(
      "E_DATA",
      { where: source, expected: "a query that SQLite can answer", got: oneLine(error), fix: "check the query" },
      error,
    );
  };
  const database = open();
  let statement: string;
  let names: string[];
  let sample: RawCell[][];
  try {
    const tables = (
      database
        .prepare(
          "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%' order by name",
        )
        .all() as { name: string }[]
    ).map((row) => row.name);
    statement =
      query === undefined
        ? onlyTable(tables, source)
        : tables.includes(query)
          ? `select * from ${sqlName(query)}`
          : query;
    const prepared = database.prepare(statement);
    names = prepared.columns().map((column) => String(column.name));
    sample = [];
    for (const row of prepared.raw().iterate()) {
      sample.push((row as unknown[]).map(sqlCell));
      if (sample.length >= SAMPLE_ROWS) break;
    }
  } catch (error) {
    broken(error);
    throw error;
  } finally {
    database.close();
  }
  async function* rows(): AsyncGenerator<readonly SourceRow[]> {
    const reading = open();
    try {
      let batch: SourceRow[] = [];
      let at = 0;
      for (const row of reading.prepare(statement).raw().iterate()) {
        batch.push({ place: { unit: "row", at: ++at }, cells: (row as unknown[]).map(sqlCell) });
        if (batch.length === BATCH_ROWS) {
          yield batch;
          batch = [];
        }
      }
      yield batch;
    } catch (error) {
      broken(error);
    } finally {
      reading.close();
    }
  }
  return { head: headOf(source, names, sample), rows, notices: [], untyped: false };
}

function onlyTable(tables: readonly string[], source: string): string {
  if (tables.length === 1) return `select * from ${sqlName(tables[0] as string)}`;
  return fail("E_DATA", {
    where: source,
    option: "query",
    expected: "a query, because the database has no single table",
    got: tables.length === 0 ? "no table" : `tables ${tables.map((name) => `"${name}"`).join(", ")}`,
    fix: "say what to read, for example",
    set: { query: "select * from name" },
  });
}

/**
 * The rows of a query on a PostgreSQL server, fetched through a cursor inside a read-only transaction.
 *
 * @param address a connection string, `postgres://user:password@host:port/database`
 * @param source the address without its password, for messages
 * @throws E_DATA where the server cannot be reached or refuses the query; the password is never shown
 */
export async function postgresRows(address: string, query: string | undefined, source: string): Promise<RowStream> {
  if (query === undefined)
    fail("E_DATA", {
      where: source,
      option: "query",
      expected: "a query",
      got: "none",
      fix: "say what to read, for example",
      set: { query: "select * from name" },
    });
  const failed = (error: unknown): never => {
    if (error instanceof Error && error.name === "TextuneError") throw error;
    return fail(
      "E_DATA",
      {
        where: source,
        expected: "an answer from PostgreSQL",
        got: oneLine(error),
        fix: "check address, rights and query",
      },
      error,
    );
  };
  const pg = await loadOptional("PostgreSQL", ["pg"], () => import("pg"));
  const connect = async (): Promise<Client> => {
    const client = new pg.Client({
      connectionString: address,
      connectionTimeoutMillis: 15_000,
      application_name: "textune",
    });
    // Without a listener a lost connection would end the process.
    client.on("error", () => {});
    await client.connect();
    await client.query("begin transaction read only");
    return client;
  };
  const statement = query.trim().replace(/;\s*$/, "");
  const text = /^[A-Za-z_][\w.]*$/.test(statement) ? `select * from ${statement}` : statement;
  const head = await connect()
    .then(async (client) => {
      try {
        await client.query(alone(`declare look no scroll cursor for ${text}`));
        const result = await client.query<unknown[]>({ text: `fetch ${SAMPLE_ROWS} from look`, rowMode: "array" });
        return headOf(
          source,
          result.fields.map((field) => field.name),
          result.rows.map((row) => row.map(sqlCell)),
        );
      } finally {
        await client.end();
      }
    })
    .catch(failed);
  async function* rows(): AsyncGenerator<readonly SourceRow[]> {
    const client = await connect().catch(failed);
    try {
      await client.query(alone(`declare reading no scroll cursor for ${text}`));
      let at = 0;
      for (;;) {
        const result = await client.query<unknown[]>({ text: `fetch ${BATCH_ROWS} from reading`, rowMode: "array" });
        if (result.rows.length === 0) return;
        yield result.rows.map((row): SourceRow => ({ place: { unit: "row", at: ++at }, cells: row.map(sqlCell) }));
      }
    } catch (error) {
      failed(error);
    } finally {
      await client.end().catch(() => {});
    }
  }
  return { head, rows, notices: [], untyped: false };
}

/**
 * A statement that PostgreSQL runs alone: its extended protocol refuses a second one behind a semicolon, which could
 * end the read-only transaction.
 */
function alone(text: string): { readonly text: string; readonly queryMode: "extended" } {
  return { text, queryMode: "extended" };
}

function headOf(source: string, names: readonly string[], sample: readonly (readonly RawCell[])[]): RowStream["head"] {
  const wrong = names.find((name, i) => names.indexOf(name) !== i);
  if (wrong !== undefined)
    fail("E_DATA", {
      where: source,
      expected: "different column names",
      got: `"${wrong}" twice`,
      fix: 'rename one in the query with "as"',
    });
  return {
    source,
    names,
    width: names.length,
    sample: sample.map((row) => row.map((cell) => (cell === undefined || cell === null ? undefined : String(cell)))),
  };
}

function sqlCell(value: unknown): RawCell {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return JSON.stringify(value);
}

function oneLine(error: unknown): string {
  const message = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  return (message instanceof Error ? message.message : String(message)).split("\n")[0] ?? "";
}
