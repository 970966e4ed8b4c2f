/** Which runs, and in which order: filters and sorting in the database, alike in SQLite and PostgreSQL. */
import { hostname } from "node:os";
import { type SelectQueryBuilder, sql } from "kysely";
import { type RunState, stateOf } from "../run-state.js";
import type { Engine } from "../store/migrations/migration.js";
import type { Store } from "../store/node/open-store.js";
import type { Schema } from "../store/schema.js";
import { type Condition, contains, type FieldValue, holds, inOrder, ofJson, ofNumber, ofText } from "./field-value.js";

/** A column of the table of runs: of the run itself, or a value of its configuration or its summary. */
export type RunField =
  | keyof typeof COLUMNS
  | "created"
  | "duration"
  | "state"
  | `config.${string}`
  | `summary.${string}`;

const COLUMNS = {
  id: "id",
  name: "name",
  project: "project",
  group: "group_name",
  jobType: "job_type",
  notes: "notes",
} as const;

/** What a run has to be like: `{ field: "config.learningRate", is: ">", value: 1e-5 }`. */
export interface RunCondition extends Condition {
  /** `created` is in milliseconds since 1970, `duration` in milliseconds. */
  readonly field: RunField;
}

export interface RunFilter {
  readonly project?: string | undefined;
  readonly group?: string | undefined;
  readonly jobType?: string | undefined;
  readonly state?: RunState | undefined;
  /** All of these. */
  readonly tags?: readonly string[] | undefined;
  /** Part of the name, the id or the notes. */
  readonly search?: string | undefined;
  /** All of these. */
  readonly where?: readonly RunCondition[] | undefined;
  readonly ids?: readonly string[] | undefined;
  /** Those that are put aside: without them (the default), these alone, or with them. */
  readonly archived?: "without" | "only" | "with" | undefined;
}

export interface RunQuery extends RunFilter {
  /** By default the newest first. */
  readonly sort?: { readonly by: RunField; readonly descending?: boolean | undefined } | undefined;
  /** 100 by default. */
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

type Runs<O> = SelectQueryBuilder<Schema, "runs", O>;

/** @param crashed the runs that say they run and do not: see {@link crashedRuns} */
export function fieldValue(engine: Engine, field: RunField, crashed: readonly string[]): FieldValue {
  if (field === "created") return ofNumber(sql`created_at`);
  if (field === "duration") return ofNumber(sql`coalesce(ended_at, heartbeat_at) - created_at`);
  if (field === "state")
    return ofText(
      crashed.length === 0 ? sql`state` : sql`case when id in (${sql.join(crashed)}) then 'crashed' else state end`,
    );
  if (field in COLUMNS) return ofText(sql`${sql.ref(COLUMNS[field as keyof typeof COLUMNS])}`);
  const [kind] = field.split(".", 1);
  return ofJson(engine, `${kind}_json`, field.slice(kind.length + 1));
}

/** Runs that say they run and do not: few, for only these are looked at one by one. */
export function crashedRuns(store: Store, now: number): Promise<readonly string[]> {
  return saidToRun(store, "crashed", now);
}

/** Of the runs that say they run, the ids of those that stand so, the newest first. */
export async function saidToRun({ db }: Store, state: "running" | "crashed", now: number): Promise<readonly string[]> {
  const said = await db
    .selectFrom("runs")
    .select(["id", "state", "heartbeat_at", "host", "pid"])
    .where("state", "=", "running")
    .orderBy("created_at", "desc")
    .execute();
  const here = { host: hostname() };
  return said.filter((run) => stateOf(run, now, here) === state).map(({ id }) => id);
}

export function filterRuns<O>(
  engine: Engine,
  runs: Runs<O>,
  { project, group, jobType, state, tags = [], search = "", where = [], ids, archived = "without" }: RunFilter,
  crashed: readonly string[],
): Runs<O> {
  const given = Object.entries({ project, group, jobType, state }) as [RunField, string | undefined][];
  const equal = given.flatMap(([field, value]): RunCondition[] =>
    value === undefined ? [] : [{ field, is: "=", value }],
  );
  let found = runs;
  for (const condition of [...equal, ...where])
    found = found.where(holds(engine, fieldValue(engine, condition.field, crashed), condition));
  if (ids !== undefined) found = found.where("id", "in", ids.length === 0 ? [""] : ids);
  if (archived !== "with") found = found.where("archived_at", archived === "only" ? "is not" : "is", null);
  for (const tag of tags)
    found = found.where(({ exists, selectFrom }) =>
      exists(
        selectFrom("run_tags").select("run_id").whereRef("run_tags.run_id", "=", "runs.id").where("tag", "=", tag),
      ),
    );
  return search === "" ? found : found.where(contains(sql`id || ' ' || name || ' ' || notes`, search));
}

/** Runs in order. Numbers come before texts, and runs without the value last, whichever way. */
export function sortRuns<O>(
  engine: Engine,
  runs: Runs<O>,
  { by, descending = false }: NonNullable<RunQuery["sort"]> = { by: "created", descending: true },
  crashed: readonly string[] = [],
): Runs<O> {
  const way = descending ? "desc" : "asc";
  if (by === "created") return runs.orderBy("created_at", way).orderBy("id", way);
  let sorted = runs;
  for (const [value, direction] of inOrder(engine, fieldValue(engine, by, crashed), descending))
    sorted = sorted.orderBy(value, direction);
  return sorted.orderBy("created_at", "desc").orderBy("id");
}
