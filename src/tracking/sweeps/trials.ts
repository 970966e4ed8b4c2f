/** Sweeps and trials in the store: made, taken by one process at a time, ended once. */
import { hostname } from "node:os";
import type { Updateable } from "kysely";
import { fail } from "../../base/errors.js";
import { didYouMean } from "../../base/nearest.js";
import { isRunning } from "../../base/node/processes.js";
import { createRandom } from "../../base/random.js";
import type { PastTrial } from "../../search/method.js";
import type { Setting } from "../../search/space.js";
import { type OpenSweep, openSweepConfig, type SweepConfigInput } from "../../search/sweep-config.js";
import type { JsonObject } from "../json.js";
import { newRunId } from "../run-id.js";
import type { Store } from "../store/node/open-store.js";
import type { TrialTable } from "../store/schema.js";
import { costOf } from "./metric-values.js";
import type { Recipe } from "./recipe.js";

/** A sweep of the store. */
export interface StoredSweep extends OpenSweep {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly recipe: Recipe;
}

/** A trial of the store. */
export interface Trial {
  readonly number: number;
  readonly state: TrialTable["state"];
  readonly setting: Setting;
  readonly attempt: number;
  readonly runId: string;
  readonly host: string;
  readonly pid: number;
  readonly startedAt: number;
  readonly heartbeatAt: number;
  readonly endedAt: number | undefined;
  /** Of the sweep's metric; undefined where it has none. NaN where that is what it came to. */
  readonly value: number | undefined;
  readonly violation: number;
  readonly error: string;
}

/** How a trial ended. */
export interface TrialEnd {
  readonly state: "finished" | "stopped" | "failed" | "waiting";
  readonly value?: number | undefined;
  readonly violation?: number;
  readonly error?: string;
}

/** A worker that was not heard of for so long is gone. */
export const GONE_MS = 30_000;
/** "Endless" in a column that SQLite and PostgreSQL both keep. */
const MOST = 1e300;

/** Keeps a sweep, and gives its id. */
export async function createSweep(
  { db }: Store,
  config: SweepConfigInput,
  { project, recipe, now }: { readonly project: string; readonly recipe: Recipe; readonly now: number },
): Promise<string> {
  const id = newRunId();
  await db
    .insertInto("sweeps")
    .values({
      id,
      project,
      name: config.name ?? "",
      created_at: now,
      config_json: JSON.stringify(config),
      recipe_json: JSON.stringify(recipe),
    })
    .execute();
  return id;
}

/**
 * The sweep of an id, the beginning of one, or a name.
 *
 * @throws E_STORE where there is none, or several
 */
export async function findSweep(store: Store, asked: string): Promise<StoredSweep> {
  const rows = await store.db.selectFrom("sweeps").selectAll().orderBy("created_at", "desc").execute();
  const exact = rows.filter(({ id }) => id === asked);
  const found = exact.length > 0 ? exact : rows.filter(({ id, name }) => name === asked || id.startsWith(asked));
  const where = `sweep ${JSON.stringify(asked)}`;
  if (found.length > 1)
    fail("E_STORE", {
      where,
      expected: "one sweep",
      got: `several: ${found.map(({ id }) => id).join(", ")}`,
      fix: "write the whole id",
    });
  const [row] = found;
  if (row === undefined)
    return fail("E_STORE", {
      where,
      expected: `the id or name of a sweep in ${store.name}`,
      got: rows.length === 0 ? "no sweeps at all" : "none of this name",
      ...(rows.length === 0
        ? {}
        : {
            fix: didYouMean(
              asked,
              rows.flatMap(({ id, name }) => [id, name]),
            ),
          }),
    });
  return {
    ...openSweepConfig(JSON.parse(row.config_json), `sweep ${row.id}`),
    id: row.id,
    project: row.project,
    name: row.name,
    createdAt: row.created_at,
    recipe: JSON.parse(row.recipe_json) as Recipe,
  };
}

/** The ids of a project's sweeps, or of all, the newest first. */
export async function listSweepIds({ db }: Store, project?: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("sweeps")
    .select("id")
    .$if(project !== undefined, (sweeps) => sweeps.where("project", "=", project as string))
    .orderBy("created_at", "desc")
    .execute();
  return rows.map(({ id }) => id);
}

/** The trials of a sweep, in their order. */
export async function listTrials({ db }: Store, sweepId: string): Promise<readonly Trial[]> {
  const rows = await db.selectFrom("trials").selectAll().where("sweep_id", "=", sweepId).orderBy("number").execute();
  return rows.map((row) => ({
    number: row.number,
    state: row.state,
    setting: JSON.parse(row.setting_json) as Setting,
    attempt: row.attempt,
    runId: row.run_id,
    host: row.host,
    pid: row.pid,
    startedAt: row.started_at,
    heartbeatAt: row.heartbeat_at,
    endedAt: row.ended_at ?? undefined,
    value: row.value ?? undefined,
    violation: row.violation,
    error: row.error,
  }));
}

/** Whether the trial was left by a process that is gone, or that gave it up. */
export function isAbandoned(trial: Trial, now: number, goneMs = GONE_MS): boolean {
  if (trial.state === "waiting") return true;
  if (trial.state !== "running") return false;
  // A process of this machine is asked for, of another one only the heartbeat tells.
  if (trial.host === hostname() && !isRunning(trial.pid)) return true;
  return now - trial.heartbeatAt > goneMs;
}

/**
 * Takes the next trial for this process: one that was abandoned, or else a new one. Several processes may ask at once;
 * none gets what another has.
 *
 * @param number the one that is wanted; without it any
 * @returns undefined where there is none left
 */
export async function takeTrial(
  store: Store,
  sweep: StoredSweep,
  { now, number, goneMs }: { readonly now: () => number; readonly number?: number; readonly goneMs?: number },
): Promise<Trial | undefined> {
  const { db } = store;
  for (;;) {
    const trials = await listTrials(store, sweep.id);
    const wanted = number === undefined ? trials : trials.filter((one) => one.number === number);
    const abandoned = wanted.find((one) => isAbandoned(one, now(), goneMs));
    const mine = { host: hostname(), pid: process.pid, run_id: newRunId(), started_at: now(), heartbeat_at: now() };
    if (abandoned !== undefined) {
      const attempt = abandoned.attempt + 1;
      const { numUpdatedRows } = await db
        .updateTable("trials")
        .set({ ...mine, state: "running", attempt })
        .where("sweep_id", "=", sweep.id)
        .where("number", "=", abandoned.number)
        .where("attempt", "=", abandoned.attempt)
        .where("state", "=", abandoned.state)
        .executeTakeFirst();
      if (numUpdatedRows > 0n)
        return { ...abandoned, state: "running", attempt, runId: mine.run_id, host: mine.host, pid: mine.pid };
      continue;
    }
    if (number !== undefined && wanted.length > 0) return undefined;
    const next = number ?? trials.length;
    if (next >= (sweep.size ?? Number.POSITIVE_INFINITY) || isReached(sweep, trials)) return undefined;
    const setting = sweep.method.suggest(sweep.space, next, pastOf(sweep, trials), createRandom(sweep.config.seed));
    const { numInsertedOrUpdatedRows } = await db
      .insertInto("trials")
      .values({
        ...mine,
        ...{ sweep_id: sweep.id, number: next, state: "running", setting_json: JSON.stringify(setting), attempt: 1 },
        ...{ ended_at: null, value: null, violation: 0, error: "" },
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if ((numInsertedOrUpdatedRows ?? 0n) > 0n)
      return {
        ...{ number: next, state: "running", setting, attempt: 1, runId: mine.run_id, host: mine.host, pid: mine.pid },
        ...{ startedAt: mine.started_at, heartbeatAt: mine.heartbeat_at, endedAt: undefined },
        ...{ value: undefined, violation: 0, error: "" },
      };
  }
}

/** Changes the trial while it is this process's. @returns false where another process has taken it meanwhile */
async function changeRunning(
  { db }: Store,
  sweepId: string,
  trial: Trial,
  values: Updateable<TrialTable>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("trials")
    .set(values)
    .where("sweep_id", "=", sweepId)
    .where("number", "=", trial.number)
    .where("attempt", "=", trial.attempt)
    .where("state", "=", "running")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Says that the trial is being worked at. @returns false where another process has taken it meanwhile */
export function beat(store: Store, sweepId: string, trial: Trial, now: number): Promise<boolean> {
  return changeRunning(store, sweepId, trial, { heartbeat_at: now });
}

/** Ends the trial. @returns false where it was another's by then: what it came to counts for nothing */
export function endTrial(
  store: Store,
  sweepId: string,
  trial: Trial,
  { state, value, violation = 0, error = "" }: TrialEnd,
  now: number,
): Promise<boolean> {
  return changeRunning(store, sweepId, trial, {
    state,
    ended_at: state === "waiting" ? null : now,
    heartbeat_at: now,
    value: value === undefined || Number.isNaN(value) ? null : value,
    violation: Math.min(violation, MOST),
    error,
  });
}

/** What the trial's run has in its summary; undefined where there is no run. */
export async function summaryOf({ db }: Store, trial: Trial): Promise<JsonObject | undefined> {
  const row = await db.selectFrom("runs").select("summary_json").where("id", "=", trial.runId).executeTakeFirst();
  return row === undefined ? undefined : (JSON.parse(row.summary_json) as JsonObject);
}

/** The cost of a trial; undefined where it has not ended, or the sweep has no metric. */
export function costOfTrial({ config }: OpenSweep, trial: Trial): number | undefined {
  if (trial.state === "running" || trial.state === "waiting") return undefined;
  if (trial.state === "failed") return Number.POSITIVE_INFINITY;
  return config.metric === undefined ? undefined : costOf(config, trial.value ?? Number.NaN, trial.violation);
}

function pastOf(sweep: OpenSweep, trials: readonly Trial[]): readonly PastTrial[] {
  return trials.map((trial) => ({ setting: trial.setting, cost: costOfTrial(sweep, trial) }));
}

/** Whether some trial came to the metric's target. */
function isReached(sweep: OpenSweep, trials: readonly Trial[]): boolean {
  const { metric } = sweep.config;
  if (metric?.target === undefined) return false;
  const goal = metric.goal === "maximize" ? -metric.target : metric.target;
  return trials.some((trial) => (costOfTrial(sweep, trial) ?? Number.POSITIVE_INFINITY) <= goal);
}
