import type { Migration } from "./migration.js";

/** Sweeps and their trials. */
export const sweeps: Migration = {
  version: 2,
  async up(schema) {
    await schema
      .createTable("sweeps")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("project", "text", (column) => column.notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("created_at", "double precision", (column) => column.notNull())
      .addColumn("config_json", "text", (column) => column.notNull())
      .addColumn("recipe_json", "text", (column) => column.notNull())
      .execute();
    await schema
      .createTable("trials")
      .addColumn("sweep_id", "text", (column) => column.notNull().references("sweeps.id").onDelete("cascade"))
      .addColumn("number", "integer", (column) => column.notNull())
      .addColumn("state", "text", (column) => column.notNull())
      .addColumn("setting_json", "text", (column) => column.notNull())
      .addColumn("attempt", "integer", (column) => column.notNull())
      .addColumn("run_id", "text", (column) => column.notNull())
      .addColumn("host", "text", (column) => column.notNull())
      .addColumn("pid", "integer", (column) => column.notNull())
      .addColumn("started_at", "double precision", (column) => column.notNull())
      .addColumn("heartbeat_at", "double precision", (column) => column.notNull())
      .addColumn("ended_at", "double precision")
      .addColumn("value", "double precision")
      .addColumn("violation", "double precision", (column) => column.notNull())
      .addColumn("error", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("trials_key", ["sweep_id", "number"])
      .execute();
    await schema.createIndex("trials_by_run").on("trials").column("run_id").execute();
  },
};
