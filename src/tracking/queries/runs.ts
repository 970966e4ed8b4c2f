/** Runs as a table shows them: a page of them, filtered and sorted in the database. */
import { hostname } from "node:os";
import { type SelectQueryBuilder, sql } from "kysely";
import { fail } from "../../base/errors.js";
import { didYouMean } from "../../base/nearest.js";
import type { Environment } from "../environment.js";
import type { JsonObject } from "../json.js";
import type { MetricRule } from "../recording/protocol.js";
import { type RunState, stateOf } from "../run-state.js";
import type { Store } from "../store/node/open-store.js";
import type { Schema } from "../store/schema.js";
import { jsonNumberAt, jsonTextAt } from "./json-field.js";

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

/** What a list of runs is sorted by: a column, or a value of the configuration or the summary. */
export type RunSortKey = "created" | "name" | "duration" | "state" | `config.${string}` | `summary.${string}`;

export interface RunQuery {
  readonly project?: string | undefined;
  readonly group?: string | undefined;
  readonly jobType?: string | undefined;
  readonly state?: RunState | undefined;
  /** All of these. */
  readonly tags?: readonly string[] | undefined;
  /** Part of the name, the id or the notes. */
  readonly search?: string | undefined;
  /** By default the newest first. */
  readonly sort?: { readonly by: RunSortKey; readonly descending?: boolean } | undefined;
  /** 100 by default. */
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
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
] as const;

/** A page of runs, and how many there are in all. */
export async function listRuns(
  store: Store,
  query: RunQuery,
  now: number = Date.now(),
): Promise<{ readonly runs: readonly RunRow[]; readonly total: number }> {
  const crashed = await crashedRuns(store, now);
  const filtered = filter(store.db.selectFrom("runs"), query, crashed);
  const { count } = await filtered.select(({ fn }) => fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
  const rows = await sorted(store, filtered.select(COLUMNS), query.sort)
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
  const [tags, rules, metrics, tables, made, used] = await Promise.all([
    tagsOf(store, [id]),
    db.selectFrom("metric_rules").select(["name", "rule_json"]).where("run_id", "=", id).orderBy("name").execute(),
    listMetrics(store, id),
    db.selectFrom("tables").selectAll().where("run_id", "=", id).orderBy("name").orderBy("step").execute(),
    artifactsOf(store).where("artifact_versions.run_id", "=", id).execute(),
    artifactsOf(store)
      .innerJoin("artifact_uses", "artifact_uses.version_id", "artifact_versions.id")
      .where("artifact_uses.run_id", "=", id)
      .execute(),
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

type RunColumns = Pick<Schema["runs"], (typeof COLUMNS)[number]>;

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
    createdAt: row.created_at,
    endedAt: row.ended_at ?? undefined,
    seconds: Math.max(0, (end - row.created_at) / 1000),
    config: JSON.parse(row.config_json) as JsonObject,
    summary: JSON.parse(row.summary_json) as JsonObject,
  };
}

/** Runs that say they run and do not: few, for only these are looked at one by one. */
async function crashedRuns(store: Store, now: number): Promise<readonly string[]> {
  const running = await store.db
    .selectFrom("runs")
    .select(["id", "state", "heartbeat_at", "host", "pid"])
    .where("state", "=", "running")
    .execute();
  const here = { host: hostname() };
  return running.filter((run) => stateOf(run, now, here) === "crashed").map(({ id }) => id);
}

type Runs<O> = SelectQueryBuilder<Schema, "runs", O>;

function filter<O>(runs: Runs<O>, query: RunQuery, crashed: readonly string[]): Runs<O> {
  let found = runs;
  if (query.project !== undefined) found = found.where("project", "=", query.project);
  if (query.group !== undefined) found = found.where("group_name", "=", query.group);
  if (query.jobType !== undefined) found = found.where("job_type", "=", query.jobType);
  if (query.state === "crashed") found = found.where("id", "in", crashed.length === 0 ? [""] : crashed);
  else if (query.state !== undefined) {
    found = found.where("state", "=", query.state);
    if (crashed.length > 0) found = found.where("id", "not in", crashed);
  }
  for (const tag of query.tags ?? [])
    found = found.where(({ exists, selectFrom }) =>
      exists(
        selectFrom("run_tags").select("run_id").whereRef("run_tags.run_id", "=", "runs.id").where("tag", "=", tag),
      ),
    );
  if (query.search !== undefined && query.search !== "") {
    const part = `%${query.search.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
    found = found.where(sql<boolean>`lower(id || ' ' || name || ' ' || notes) like ${part} escape '\\'`);
  }
  return found;
}

function sorted<O>(store: Store, runs: Runs<O>, sort: RunQuery["sort"] = { by: "created", descending: true }): Runs<O> {
  const direction = sort.descending === true ? "desc" : "asc";
  const [kind, ...rest] = sort.by.split(".");
  if (kind === "config" || kind === "summary") {
    const column = `${kind}_json`;
    const key = rest.join(".");
    const number = jsonNumberAt(store.engine, column, key);
    // Runs without the value come last, whichever way.
    return runs
      .orderBy(sql`case when ${number} is null then 1 else 0 end`)
      .orderBy(number, direction)
      .orderBy(jsonTextAt(store.engine, column, key), direction)
      .orderBy("created_at", "desc")
      .orderBy("id");
  }
  const by =
    sort.by === "duration"
      ? sql`coalesce(ended_at, heartbeat_at) - created_at`
      : sql.ref(sort.by === "created" ? "created_at" : sort.by);
  return runs.orderBy(by, direction).orderBy("id", direction);
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
