import { sql } from "kysely";
import type { Migration } from "./migration.js";

/** Runs with their points, tables, console lines and alerts; artifacts with their versions. */
export const runsAndArtifacts: Migration = {
  version: 1,
  async up(schema, engine) {
    const bytes = engine === "sqlite" ? sql`blob` : sql`bytea`;
    const withId = (name: string) =>
      engine === "sqlite"
        ? schema.createTable(name).addColumn("id", "integer", (column) => column.primaryKey())
        : schema
            .createTable(name)
            .addColumn("id", "integer", (column) => column.primaryKey().generatedByDefaultAsIdentity());
    /** Rows that stand in the order of their key, without a rowid beside it. */
    const tail = engine === "sqlite" ? sql`without rowid` : sql``;

    await schema
      .createTable("runs")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("project", "text", (column) => column.notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("group_name", "text", (column) => column.notNull())
      .addColumn("job_type", "text", (column) => column.notNull())
      .addColumn("notes", "text", (column) => column.notNull())
      .addColumn("state", "text", (column) => column.notNull())
      .addColumn("created_at", "double precision", (column) => column.notNull())
      .addColumn("heartbeat_at", "double precision", (column) => column.notNull())
      .addColumn("ended_at", "double precision")
      .addColumn("exit_code", "integer")
      .addColumn("host", "text", (column) => column.notNull())
      .addColumn("pid", "integer", (column) => column.notNull())
      .addColumn("config_json", "text", (column) => column.notNull())
      .addColumn("summary_json", "text", (column) => column.notNull())
      .addColumn("environment_json", "text", (column) => column.notNull())
      .addColumn("dropped_points", "bigint", (column) => column.notNull())
      .execute();
    await schema.createIndex("runs_by_project").on("runs").columns(["project", "created_at"]).execute();
    await schema.createIndex("runs_by_time").on("runs").columns(["created_at", "id"]).execute();

    await schema
      .createTable("run_tags")
      .addColumn("run_id", "text", (column) => column.notNull().references("runs.id").onDelete("cascade"))
      .addColumn("tag", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("run_tags_key", ["run_id", "tag"])
      .execute();
    await schema
      .createTable("metric_rules")
      .addColumn("run_id", "text", (column) => column.notNull().references("runs.id").onDelete("cascade"))
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("rule_json", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("metric_rules_key", ["run_id", "name"])
      .execute();

    await withId("series")
      .addColumn("run_id", "text", (column) => column.notNull().references("runs.id").onDelete("cascade"))
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("points", "bigint", (column) => column.notNull())
      .addColumn("first_step", "bigint", (column) => column.notNull())
      .addColumn("last_step", "bigint", (column) => column.notNull())
      .addColumn("last_value", "double precision")
      .addColumn("min_value", "double precision")
      .addColumn("max_value", "double precision")
      .addUniqueConstraint("series_by_name", ["run_id", "name"])
      .execute();
    await schema
      .createTable("points")
      .addColumn("series_id", "integer", (column) => column.notNull().references("series.id").onDelete("cascade"))
      .addColumn("seq", "bigint", (column) => column.notNull())
      .addColumn("step", "bigint", (column) => column.notNull())
      .addColumn("time", "bigint", (column) => column.notNull())
      .addColumn("value", "double precision")
      .addPrimaryKeyConstraint("points_key", ["series_id", "seq"])
      .modifyEnd(tail)
      .execute();
    await schema
      .createTable("envelopes")
      .addColumn("series_id", "integer", (column) => column.notNull().references("series.id").onDelete("cascade"))
      .addColumn("level", "integer", (column) => column.notNull())
      .addColumn("bucket", "bigint", (column) => column.notNull())
      .addColumn("first_step", "bigint", (column) => column.notNull())
      .addColumn("last_step", "bigint", (column) => column.notNull())
      .addColumn("first_time", "bigint", (column) => column.notNull())
      .addColumn("last_time", "bigint", (column) => column.notNull())
      .addColumn("min_value", "double precision")
      .addColumn("max_value", "double precision")
      .addColumn("sum_value", "double precision")
      .addColumn("nans", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("envelopes_key", ["series_id", "level", "bucket"])
      .modifyEnd(tail)
      .execute();

    await withId("tables")
      .addColumn("run_id", "text", (column) => column.notNull().references("runs.id").onDelete("cascade"))
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("step", "bigint", (column) => column.notNull())
      .addColumn("kind", "text", (column) => column.notNull())
      .addColumn("columns_json", "text", (column) => column.notNull())
      .addColumn("row_count", "bigint", (column) => column.notNull())
      .addUniqueConstraint("tables_by_name", ["run_id", "name", "step"])
      .execute();
    await schema
      .createTable("table_rows")
      .addColumn("table_id", "integer", (column) => column.notNull().references("tables.id").onDelete("cascade"))
      .addColumn("row", "bigint", (column) => column.notNull())
      .addColumn("cells_json", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("table_rows_key", ["table_id", "row"])
      .modifyEnd(tail)
      .execute();
    await schema
      .createTable("console_lines")
      .addColumn("run_id", "text", (column) => column.notNull().references("runs.id").onDelete("cascade"))
      .addColumn("seq", "bigint", (column) => column.notNull())
      .addColumn("time", "bigint", (column) => column.notNull())
      .addColumn("stream", "text", (column) => column.notNull())
      .addColumn("text", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("console_lines_key", ["run_id", "seq"])
      .modifyEnd(tail)
      .execute();
    await schema
      .createTable("alerts")
      .addColumn("run_id", "text", (column) => column.notNull().references("runs.id").onDelete("cascade"))
      .addColumn("seq", "bigint", (column) => column.notNull())
      .addColumn("time", "bigint", (column) => column.notNull())
      .addColumn("level", "text", (column) => column.notNull())
      .addColumn("title", "text", (column) => column.notNull())
      .addColumn("text", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("alerts_key", ["run_id", "seq"])
      .execute();

    await withId("artifacts")
      .addColumn("project", "text", (column) => column.notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("type", "text", (column) => column.notNull())
      .addColumn("description", "text", (column) => column.notNull())
      .addUniqueConstraint("artifacts_by_name", ["project", "name"])
      .execute();
    await withId("artifact_versions")
      .addColumn("artifact_id", "integer", (column) => column.notNull().references("artifacts.id").onDelete("cascade"))
      .addColumn("version", "integer", (column) => column.notNull())
      .addColumn("digest", "text", (column) => column.notNull())
      .addColumn("bytes", "bigint", (column) => column.notNull())
      .addColumn("metadata_json", "text", (column) => column.notNull())
      .addColumn("created_at", "double precision", (column) => column.notNull())
      .addColumn("run_id", "text", (column) => column.references("runs.id").onDelete("set null"))
      .addUniqueConstraint("artifact_versions_by_number", ["artifact_id", "version"])
      .execute();
    await schema
      .createTable("artifact_aliases")
      .addColumn("artifact_id", "integer", (column) => column.notNull().references("artifacts.id").onDelete("cascade"))
      .addColumn("alias", "text", (column) => column.notNull())
      .addColumn("version", "integer", (column) => column.notNull())
      .addPrimaryKeyConstraint("artifact_aliases_key", ["artifact_id", "alias"])
      .execute();
    await schema
      .createTable("artifact_files")
      .addColumn("version_id", "integer", (column) =>
        column.notNull().references("artifact_versions.id").onDelete("cascade"),
      )
      .addColumn("path", "text", (column) => column.notNull())
      .addColumn("hash", "text", (column) => column.notNull())
      .addColumn("bytes", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("artifact_files_key", ["version_id", "path"])
      .execute();
    await schema.createIndex("artifact_files_by_hash").on("artifact_files").column("hash").execute();
    await schema
      .createTable("artifact_uses")
      .addColumn("run_id", "text", (column) => column.notNull().references("runs.id").onDelete("cascade"))
      .addColumn("version_id", "integer", (column) =>
        column.notNull().references("artifact_versions.id").onDelete("cascade"),
      )
      .addColumn("time", "double precision", (column) => column.notNull())
      .addPrimaryKeyConstraint("artifact_uses_key", ["run_id", "version_id"])
      .execute();
    await schema
      .createTable("blob_parts")
      .addColumn("hash", "text", (column) => column.notNull())
      .addColumn("part", "integer", (column) => column.notNull())
      .addColumn("content", bytes, (column) => column.notNull())
      .addPrimaryKeyConstraint("blob_parts_key", ["hash", "part"])
      .execute();
  },
};
