/** The row of a run: made, or taken up again. */
import { type Kysely, sql } from "kysely";
import { fail } from "../../base/errors.js";
import type { JsonObject } from "../json.js";
import { stateOf } from "../run-state.js";
import type { Schema } from "../store/schema.js";
import type { MetricRule, RunFacts } from "./protocol.js";
import { runName } from "./run-name.js";
import { SYSTEM_PREFIX } from "./run-summary.js";

/** What `init` learns of the run that it started. */
export interface StartedRun {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  /** The step that the next `log` writes by default. */
  readonly step: number;
  readonly config: JsonObject;
  readonly summary: JsonObject;
  readonly rules: readonly (readonly [string, MetricRule])[];
  readonly resumed: boolean;
}

/**
 * Makes the run, or takes it up where `resume` allows it.
 *
 * @throws E_CONFIG where a run of this id is there and may not, is not there and must, or is being written
 */
export async function openRun(
  db: Kysely<Schema>,
  facts: RunFacts,
  now: number,
  here: { readonly host: string; readonly pid: number },
): Promise<StartedRun> {
  const { id, resume } = facts;
  const old = await db.selectFrom("runs").selectAll().where("id", "=", id).executeTakeFirst();
  if (old === undefined) {
    if (resume === "must")
      fail("E_CONFIG", {
        where: "init",
        expected: `a run "${id}" to resume`,
        got: "none in this store",
        fix: "look for it with textune runs list",
      });
    return createRun(db, facts, now, here);
  }
  if (resume === "never")
    fail("E_CONFIG", {
      where: "init",
      expected: "the id of a new run",
      got: `"${id}", which is there already`,
      fix: 'choose another id, or pass resume: "allow"',
    });
  if (stateOf(old, now, here) === "running" && !(old.pid === here.pid && old.host === here.host))
    fail("E_CONFIG", {
      where: "init",
      expected: "a run that no other process writes",
      got: `"${id}", which process ${old.pid} on ${old.host} is writing`,
      fix: "wait until it ends",
    });
  const config = { ...(JSON.parse(old.config_json) as JsonObject), ...facts.config };
  await db
    .updateTable("runs")
    .set({
      state: "running",
      heartbeat_at: now,
      ended_at: null,
      exit_code: null,
      host: here.host,
      pid: here.pid,
      config_json: JSON.stringify(config),
      environment_json: JSON.stringify(facts.environment),
    })
    .where("id", "=", id)
    .execute();
  const rules = await db.selectFrom("metric_rules").select(["name", "rule_json"]).where("run_id", "=", id).execute();
  const last = await db
    .selectFrom("series")
    .select(({ fn }) => fn.max("last_step").as("step"))
    .where("run_id", "=", id)
    .where(sql<boolean>`name not like ${`${SYSTEM_PREFIX}%`}`)
    .executeTakeFirst();
  return {
    id,
    name: old.name,
    createdAt: old.created_at,
    step: (last?.step ?? -1) + 1,
    config,
    summary: JSON.parse(old.summary_json) as JsonObject,
    rules: rules.map(({ name, rule_json }) => [name, JSON.parse(rule_json) as MetricRule] as const),
    resumed: true,
  };
}

async function createRun(
  db: Kysely<Schema>,
  facts: RunFacts,
  now: number,
  here: { readonly host: string; readonly pid: number },
): Promise<StartedRun> {
  const { id, project, config, createdAt } = facts;
  const others = await db
    .selectFrom("runs")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("project", "=", project)
    .executeTakeFirst();
  const name = facts.name === "" ? runName(id, (others?.count ?? 0) + 1) : facts.name;
  await db
    .insertInto("runs")
    .values({
      id,
      project,
      name,
      group_name: facts.group,
      job_type: facts.jobType,
      notes: facts.notes,
      state: "running",
      created_at: createdAt,
      heartbeat_at: now,
      ended_at: null,
      exit_code: null,
      ...here,
      config_json: JSON.stringify(config),
      summary_json: "{}",
      environment_json: JSON.stringify(facts.environment),
      dropped_points: 0,
    })
    .execute();
  const tags = [...new Set(facts.tags)];
  if (tags.length > 0)
    await db
      .insertInto("run_tags")
      .values(tags.map((tag) => ({ run_id: id, tag })))
      .execute();
  return { id, name, createdAt, step: 0, config, summary: {}, rules: [], resumed: false };
}
