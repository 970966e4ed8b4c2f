import type { Engine, Migration } from "./migration.js";

/** What a page needs that is kept open: which runs changed since it looked, which went, which are put aside; faster points. */
export const changes: Migration = {
  version: 3,
  async up(schema, engine, execute) {
    await schema.alterTable("runs").addColumn("archived_at", "double precision").execute();
    await schema
      .alterTable("runs")
      .addColumn("revision", "bigint", (column) => column.notNull().defaultTo(0))
      .execute();
    await schema.createIndex("runs_by_revision").on("runs").columns(["revision", "id"]).execute();
    await schema
      .createTable("removed_runs")
      .addColumn("revision", "bigint", (column) => column.notNull())
      .addColumn("id", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("removed_runs_key", ["revision", "id"])
      .execute();
    for (const statement of [...triggers(engine), ...(engine === "postgres" ? UNCHECKED_POINTS : [])])
      await execute(statement);
  },
};

/** Tables whose rows hang on a run, and what of them counts as a change of it. */
const HANGING = [
  ["run_tags", ["insert", "delete"]],
  ["artifact_versions", ["insert"]],
  ["artifact_uses", ["insert"]],
] as const;

/**
 * Every write of a run gives it a revision, whoever writes. SQLite has one writer at a time: the next revision is one more
 * than the greatest. PostgreSQL has many, and their numbers would be seen out of order: there it is the transaction's own.
 */
function triggers(engine: Engine): readonly string[] {
  const hanging = HANGING.flatMap(([table, events]) => events.map((event) => [table, event] as const));
  const changed = (event: string): string => (event === "insert" ? "new" : "old");
  if (engine === "sqlite") {
    const next = `(select 1 + max((select coalesce(max(revision), 0) from runs), (select coalesce(max(revision), 0) from removed_runs)))`;
    const touch = (row: string, id: string): string => `update runs set revision = ${next} where id = ${row}.${id};`;
    return [
      `create trigger runs_insert after insert on runs begin ${touch("new", "id")} end`,
      `create trigger runs_update after update on runs when new.revision = old.revision begin ${touch("new", "id")} end`,
      `create trigger runs_delete after delete on runs begin insert into removed_runs select ${next}, old.id; end`,
      ...hanging.map(
        ([table, event]) =>
          `create trigger ${table}_${event} after ${event} on ${table} begin ${touch(changed(event), "run_id")} end`,
      ),
    ];
  }
  const own = "pg_current_xact_id()::text::bigint";
  const define = (name: string, body: string): string =>
    `create function ${name}() returns trigger language plpgsql as $$ begin ${body} end $$`;
  return [
    define("textune_run_written", `new.revision := ${own}; return new;`),
    define("textune_run_removed", `insert into removed_runs values (${own}, old.id); return null;`),
    "create trigger runs_write before insert or update on runs for each row execute function textune_run_written()",
    "create trigger runs_delete after delete on runs for each row execute function textune_run_removed()",
    ...hanging.flatMap(([table, event]) => [
      define(
        `textune_${table}_${event}`,
        `update runs set revision = ${own} where id = ${changed(event)}.run_id; return null;`,
      ),
      `create trigger ${table}_${event} after ${event} on ${table} for each row execute function textune_${table}_${event}()`,
    ]),
  ];
}

/**
 * PostgreSQL looks up the metric of each point that is written, which takes more time than to write it. Points go with
 * their metric all the same.
 */
const UNCHECKED_POINTS = [
  "alter table points drop constraint points_series_id_fkey",
  "alter table envelopes drop constraint envelopes_series_id_fkey",
  `create function textune_series_removed() returns trigger language plpgsql as $$ begin
    delete from points where series_id = old.id; delete from envelopes where series_id = old.id; return null; end $$`,
  "create trigger series_delete after delete on series for each row execute function textune_series_removed()",
];
