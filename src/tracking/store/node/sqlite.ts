/** SQLite through kysely, by libsql, whose interface is nearly better-sqlite3's. */
import { SqliteDialect } from "kysely";
import type Database from "libsql";
import { loadOptional } from "../../../base/node/optional-package.js";

/** How long a write waits for another process to finish its own, in milliseconds. */
const BUSY_MS = 10_000;
/** Statements that are kept prepared. */
const PREPARED = 200;

type Connection = InstanceType<typeof Database>;
type Statement = ReturnType<Connection["prepare"]>;

/** Opens, or makes, the database file at `path`. */
export function sqliteDialect(path: string): SqliteDialect {
  return new SqliteDialect({ database: async () => adapt(await open(path)) });
}

/** @throws E_PACKAGE where libsql is not installed */
export async function loadSqlite(): Promise<typeof Database> {
  return (await loadOptional("recorded runs", ["libsql"], () => import("libsql"))).default;
}

async function open(path: string): Promise<Connection> {
  const SQLite = await loadSqlite();
  const database = new SQLite(path, { timeout: BUSY_MS });
  // WAL: readers and the writer do not wait for each other. With synchronous = normal what is committed outlives the
  // process, and a power cut costs the last commits but never the file.
  database.prepare("pragma journal_mode = wal").all();
  database.exec("pragma synchronous = normal");
  database.exec("pragma foreign_keys = on");
  return database;
}

function adapt(database: Connection) {
  const prepared = new Map<string, Statement>();
  const prepare = (text: string): Statement => {
    // The write lock is taken at once: a transaction that reads first and then writes would fail where another wrote.
    const statement = prepared.get(text) ?? database.prepare(text === "begin" ? "begin immediate" : text);
    prepared.delete(text);
    prepared.set(text, statement);
    if (prepared.size > PREPARED) prepared.delete(prepared.keys().next().value as string);
    return statement;
  };
  return {
    close: () => void database.close(),
    prepare(text: string) {
      // A full disk has ended the transaction already: to roll it back would hide what went wrong.
      const statement = prepare(text === "rollback" && !database.inTransaction ? "select 1" : text);
      const { reader } = statement as Statement & { readonly reader: boolean };
      return {
        reader,
        all: (values: readonly unknown[]) => statement.all(values.map(bindable)),
        run: (values: readonly unknown[]) => {
          const { changes, lastInsertRowid } = statement.run(values.map(bindable));
          return { changes, lastInsertRowid };
        },
        iterate: (values: readonly unknown[]) => statement.iterate(values.map(bindable)),
      };
    },
  };
}

/** libsql ends the process where it gets a boolean. */
function bindable(value: unknown): unknown {
  return typeof value === "boolean" ? Number(value) : value;
}
