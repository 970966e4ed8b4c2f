/** The columns that a table of runs may have, and the projects there are: what is chosen from. */
import { sql } from "kysely";
import type { Store } from "../store/node/open-store.js";
import { crashedRuns, filterRuns, type RunFilter } from "./run-query.js";

/** A value that runs have in their configuration or summary. */
export interface RunFieldRow {
  readonly field: `config.${string}` | `summary.${string}`;
  /** Runs that have it. */
  readonly runs: number;
  /** Runs where it is a number. */
  readonly numbers: number;
  /** Different values: of a column with one there is nothing to compare. */
  readonly values: number;
  /** Over the numbers; undefined where there are none. */
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** Every key of the configuration and the summary that some of the runs have, by name. */
export async function listRunFields(
  store: Store,
  filter: RunFilter = {},
  now: number = Date.now(),
): Promise<readonly RunFieldRow[]> {
  const crashed = await crashedRuns(store, now);
  const fields = await Promise.all(
    (["config", "summary"] as const).map((kind) => fieldsOf(store, kind, filter, crashed)),
  );
  return fields.flat();
}

async function fieldsOf(
  { db, engine }: Store,
  kind: "config" | "summary",
  filter: RunFilter,
  crashed: readonly string[],
): Promise<readonly RunFieldRow[]> {
  const found = filterRuns(engine, db.selectFrom("runs"), filter, crashed).select(`${kind}_json as json`);
  const [entries, isNumber, number, text] =
    engine === "sqlite"
      ? [
          sql`json_each(found.json) as entry`,
          sql`entry.type in ('integer', 'real')`,
          sql`entry.value`,
          sql`entry.value`,
        ]
      : [
          sql`jsonb_each(found.json::jsonb) as entry`,
          sql`jsonb_typeof(entry.value) = 'number'`,
          sql`entry.value::text::float8`,
          sql`entry.value::text`,
        ];
  const { rows } = await sql<{
    readonly key: string;
    readonly runs: number;
    readonly numbers: number;
    readonly values: number;
    readonly min: number | null;
    readonly max: number | null;
  }>`select entry.key as key, count(*) as runs, count(case when ${isNumber} then 1 end) as numbers,
      count(distinct ${text}) as "values",
      min(case when ${isNumber} then ${number} end) as min, max(case when ${isNumber} then ${number} end) as max
    from (${found}) as found, ${entries} group by entry.key`.execute(db);
  return rows
    .map(({ key, runs, numbers, values, min, max }) => ({
      field: `${kind}.${key}` as const,
      ...{ runs: Number(runs), numbers: Number(numbers), values: Number(values) },
      ...{ min: min ?? undefined, max: max ?? undefined },
    }))
    .sort((a, b) => (a.field < b.field ? -1 : 1));
}

/** Something that runs are told apart by: a project, a group, a tag, and how many runs have it. */
export interface NamedCount {
  readonly name: string;
  readonly runs: number;
  /** When the newest of them was made, in milliseconds since 1970. */
  readonly newest: number;
}

/** The projects, groups, job types or tags that there are, the one with the newest run first. */
export async function listNames(
  { db, engine }: Store,
  what: "project" | "group" | "jobType" | "tag",
  filter: RunFilter = {},
): Promise<readonly NamedCount[]> {
  const column = { project: "project", group: "group_name", jobType: "job_type", tag: "tag" } as const;
  const rows = await filterRuns(engine, db.selectFrom("runs"), filter, [])
    .$if(what === "tag", (runs) => runs.innerJoin("run_tags", "run_tags.run_id", "runs.id") as typeof runs)
    .select([
      sql<string>`${sql.ref(column[what])}`.as("name"),
      ({ fn }) => fn.countAll<number>().as("runs"),
      ({ fn }) => fn.max("created_at").as("newest"),
    ])
    .groupBy(sql.ref(column[what]))
    .orderBy("newest", "desc")
    .orderBy("name")
    .execute();
  return rows.flatMap(({ name, runs, newest }) => (name === "" ? [] : [{ name, runs: Number(runs), newest }]));
}
