import { type Kysely, sql } from "kysely";
import { fail } from "../../base/errors.js";
import type { Engine } from "./migrations/migration.js";
import { migrations } from "./migrations/registry.js";
import type { Schema } from "./schema.js";

/** Any number: those who migrate a PostgreSQL store wait for each other on it. */
const LOCK = 0x7465_7874;

/**
 * Brings the tables of a store to the newest version. Several processes may do so at once: one works, the others wait.
 *
 * @param name what errors call the store
 * @throws E_STORE for a store that a newer Textune has written
 */
export async function migrate(db: Kysely<Schema>, engine: Engine, name: string): Promise<void> {
  const newest = migrations.length;
  // A look without a lock first: nearly always there is nothing to do.
  if ((await versionOf(db, engine)) === newest) return;
  await db.transaction().execute(async (transaction) => {
    if (engine === "postgres") await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(transaction);
    await transaction.schema
      .createTable("schema_versions")
      .ifNotExists()
      .addColumn("version", "integer", (column) => column.primaryKey())
      .addColumn("applied_at", "double precision", (column) => column.notNull())
      .execute();
    const version = await versionOf(transaction, engine);
    if (version > newest)
      fail("E_STORE", {
        where: name,
        expected: `a store of version ${newest} at most, as this Textune writes`,
        got: `version ${version}`,
        fix: "update Textune, or name another folder in TEXTUNE_STORE",
      });
    for (const migration of migrations.slice(version)) {
      await migration.up(transaction.schema, engine, (statement) => sql.raw(statement).execute(transaction));
      await transaction
        .insertInto("schema_versions")
        .values({ version: migration.version, applied_at: Date.now() })
        .execute();
    }
  });
}

/** The version of the tables; 0 where there are none. */
async function versionOf(db: Kysely<Schema>, engine: Engine): Promise<number> {
  const tables =
    engine === "sqlite"
      ? await sql`select 1 from sqlite_master where type = 'table' and name = 'schema_versions'`.execute(db)
      : await sql`select 1 where to_regclass('schema_versions') is not null`.execute(db);
  if (tables.rows.length === 0) return 0;
  const newest = await db
    .selectFrom("schema_versions")
    .select(({ fn }) => fn.max("version").as("version"))
    .executeTakeFirst();
  return newest?.version ?? 0;
}
