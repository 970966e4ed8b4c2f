/** Runs as a table shows them: a page of them, filtered and sorted in the database. */
import { hostname } from "node:os";
import { type Selectable, sql } from "kysely";
import { fail } from "../../base/errors.js";
import { didYouMean } from "../../base/nearest.js";
import type { Environment } from "../environment.js";
import type { JsonObject } from "../json.js";
import type { MetricRule } from "../recording/protocol.js";
import { type RunState, stateOf } from "../run-state.js";
import type { Store } from "../store/node/open-store.js";
import type { RunTable } from "../store/schema.js";
import { crashedRuns, filterRuns, type RunQuery, sortRuns } from "./run-query.js";

/** A run without its points. */
export interface RunRow {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly group: string;
  readonly jobType: string;
  readonly notes: string;
  readonly tags: readonly string[];
  readonly state: RunState;
  readonly exitCode: number | undefined;
  /** Whether it is put aside. */
  readonly archived: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly endedAt: number | undefined;
  /** From the start to the end, or to the last sign of life. */
  readonly seconds: number;
  readonly config: JsonObject;
  readonly summary: JsonObject;
}

/** A run and all that is known of it but points, tables and lines. */
export interface RunDetails extends RunRow {
  readonly environment: Environment;
  readonly rules: readonly { readonly name: string; readonly rule: MetricRule }[];
  readonly metrics: readonly MetricRow[];
  readonly tables: readonly {
    readonly id: number;
    readonly name: string;
    readonly step: number;
    readonly kind: string;
    readonly columns: readonly string[];
    readonly rows: number;
  }[];
  readonly artifacts: readonly {
    readonly name: string;
    readonly version: string;
    readonly type: string;
    readonly how: "made" | "used";
  }[];
  /** Lines that it printed, and alerts that it gave. */
  readonly consoleLines: number;
  readonly alerts: number;
  readonly droppedPoints: number;
}

/** A metric of a run, over all its points. */
export interface MetricRow {
  readonly name: string;
  readonly points: number;
  readonly firstStep: number;
  readonly lastStep: number;
  /** NaN where it is. */
  readonly last: number;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

const COLUMNS = [
  "id",
  "project",
  "name",
  "group_name",
  "job_type",
  "notes",
  "state",
  "exit_code",
  "created_at",
  "ended_at",
  "heartbeat_at",
  "host",
  "pid",
  "config_json",
  "summary_json",
  "archived_at",
] as const;

/** A page of runs, and how many there are in all. */
export async function listRuns(
  store: Store,
  query: RunQuery,
  now: number = Date.now(),
): Promise<{ readonly runs: readonly RunRow[]; readonly total: number }> {
  const { db, engine } = store;
  const crashed = await crashedRuns(store, now);
  const filtered = filterRuns(engine, db.selectFrom("runs"), query, crashed);
  const { count } = await filtered.select(({ fn }) => fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
  const rows = await sortRuns(engine, filtered.select(COLUMNS), query.sort, crashed)
    .limit(query.limit ?? 100)
    .offset(query.offset ?? 0)
    .execute();
  const tags = await tagsOf(
    store,
    rows.map(({ id }) => id),
  );
  return { runs: rows.map((row) => toRow(row, tags.get(row.id) ?? [], now)), total: Number(count) };
}

/**
 * Finds one run by its id, the beginning of its id, or its name.
 *
 * @throws E_STORE where there is none, or several
 */
export async function findRun(store: Store, asked: string, now: number = Date.now()): Promise<RunDetails> {
  const { db } = store;
  const exact = await db.selectFrom("runs").select("id").where("id", "=", asked).executeTakeFirst();
  const like = exact
    ? [exact]
    : await db
        .selectFrom("runs")
        .select("id")
        .where(({ or, eb }) => or([eb("name", "=", asked), eb(sql`substr(id, 1, ${asked.length})`, "=", asked)]))
        .orderBy("created_at", "desc")
        .limit(5)
        .execute();
  if (like.length > 1)
    fail("E_STORE", {
      where: `run ${JSON.stringify(asked)}`,
      expected: "one run",
      got: `several: ${like.map(({ id }) => id).join(", ")}`,
      fix: "write the whole id",
    });
  if (like.length === 0) await noSuchRun(store, asked);
  const id = like[0].id;
  const row = await db.selectFrom("runs").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  const count = (table: "console_lines" | "alerts") =>
    db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .where("run_id", "=", id)
      .executeTakeFirstOrThrow();
  const [tags, rules, metrics, tables, made, used, lines, alerts] = await Promise.all([
    tagsOf(store, [id]),
    db.selectFrom("metric_rules").select(["name", "rule_json"]).where("run_id", "=", id).orderBy("name").execute(),
    listMetrics(store, id),
    db.selectFrom("tables").selectAll().where("run_id", "=", id).orderBy("name").orderBy("step").execute(),
    artifactsOf(store).where("artifact_versions.run_id", "=", id).execute(),
    artifactsOf(store)
      .innerJoin("artifact_uses", "artifact_uses.version_id", "artifact_versions.id")
      .where("artifact_uses.run_id", "=", id)
      .execute(),
    count("console_lines"),
    count("alerts"),
  ]);
  const artifact = (how: "made" | "used") => (one: (typeof made)[number]) => ({
    name: one.name,
    version: `v${one.version}`,
    type: one.type,
    how,
  });
  return {
    ...toRow(row, tags.get(id) ?? [], now),
    environment: JSON.parse(row.environment_json) as Environment,
    rules: rules.map(({ name, rule_json }) => ({ name, rule: JSON.parse(rule_json) as MetricRule })),
    metrics,
    tables: tables.map(({ id: table, name, step, kind, columns_json, row_count }) => ({
      id: table,
      name,
      step,
      kind,
      columns: JSON.parse(columns_json) as string[],
      rows: row_count,
    })),
    artifacts: [...made.map(artifact("made")), ...used.map(artifact("used"))],
    consoleLines: Number(lines.count),
    alerts: Number(alerts.count),
    droppedPoints: row.dropped_points,
  };
}

/** The metrics of a run, by name. */
export async function listMetrics(store: Store, runId: string): Promise<readonly MetricRow[]> {
  const rows = await store.db.selectFrom("series").selectAll().where("run_id", "=", runId).orderBy("name").execute();
  return rows.map((row) => ({
    name: row.name,
    points: row.points,
    firstStep: row.first_step,
    lastStep: row.last_step,
    last: row.last_value ?? Number.NaN,
    min: row.min_value ?? undefined,
    max: row.max_value ?? undefined,
  }));
}

function artifactsOf(store: Store) {
  return store.db
    .selectFrom("artifact_versions")
    .innerJoin("artifacts", "artifacts.id", "artifact_versions.artifact_id")
    .select(["artifacts.name", "artifacts.type", "artifact_versions.version"])
    .orderBy("artifacts.name")
    .orderBy("artifact_versions.version");
}

type RunColumns = Pick<Selectable<RunTable>, (typeof COLUMNS)[number]>;

function toRow(row: RunColumns, tags: readonly string[], now: number): RunRow {
  const end = row.ended_at ?? row.heartbeat_at;
  return {
    id: row.id,
    project: row.project,
    name: row.name,
    group: row.group_name,
    jobType: row.job_type,
    notes: row.notes,
    tags,
    state: stateOf(row, now, { host: hostname() }),
    exitCode: row.exit_code ?? undefined,
    archived: row.archived_at !== null,
    createdAt: row.created_at,
    endedAt: row.ended_at ?? undefined,
    seconds: Math.max(0, (end - row.created_at) / 1000),
    config: JSON.parse(row.config_json) as JsonObject,
    summary: JSON.parse(row.summary_json) as JsonObject,
  };
}

async function tagsOf(store: Store, ids: readonly string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  if (ids.length === 0) return found;
  const rows = await store.db.selectFrom("run_tags").selectAll().where("run_id", "in", ids).orderBy("tag").execute();
  for (const { run_id, tag } of rows) found.set(run_id, [...(found.get(run_id) ?? []), tag]);
  return found;
}

async function noSuchRun(store: Store, asked: string): Promise<never> {
  const others = await store.db
    .selectFrom("runs")
    .select(["id", "name"])
    .orderBy("created_at", "desc")
    .limit(500)
    .execute();
  return fail("E_STORE", {
    where: `run ${JSON.stringify(asked)}`,
    expected: `the id or name of a run in ${store.name}`,
    got: others.length === 0 ? "no runs at all" : "none of this name",
    ...(others.length === 0
      ? {}
      : {
          fix: didYouMean(
            asked,
            others.flatMap(({ id, name }) => [id, name]),
          ),
        }),
  });
}
