/** The work at a sweep: trials taken and run, some at once, until there are none left. */
import { setTimeout as wait } from "node:timers/promises";
import { TextuneError } from "../../base/errors.js";
import { didYouMean } from "../../base/nearest.js";
import { trialsToStop } from "../../search/early-termination.js";
import type { Store } from "../store/node/open-store.js";
import { costOf, metricIn, seriesOfMetric, violationOf } from "./metric-values.js";
import {
  beat,
  endTrial,
  listTrials,
  type StoredSweep,
  summaryOf,
  type Trial,
  type TrialEnd,
  takeTrial,
} from "./trials.js";

/** How the program or function of a trial ended. */
export interface Execution {
  /** Why it failed; undefined where it went well. */
  readonly error?: string | undefined;
}

export interface SweepWork {
  /** Trials that run at once. */
  readonly workers: number;
  /** Trials that are run here at most. */
  readonly count?: number | undefined;
  /** Runs the program of a trial; `signal` tells it to end. */
  readonly execute: (trial: Trial, signal: AbortSignal) => Promise<Execution>;
  /** Ends the work: what runs is given up, to be taken up again. */
  readonly signal?: AbortSignal | undefined;
  readonly onStart?: (trial: Trial) => void;
  readonly onEnd?: (trial: Trial, end: TrialEnd) => void;
}

/** Milliseconds between two looks at how trials compare, and between two heartbeats. */
const LOOK_MS = 500;
const BEAT_MS = 5000;
/** Where the first so many all fail, the rest would too. */
const FIRST_FAILURES = 3;

/** How the work ended. */
export type WorkEnd = "done" | "stopped" | "all failed";

/** Works at `sweep`. */
export async function workOnSweep(store: Store, sweep: StoredSweep, work: SweepWork): Promise<WorkEnd> {
  let left = work.count ?? Number.POSITIVE_INFINITY;
  let failures = 0;
  let successes = 0;
  const isHopeless = (): boolean => successes === 0 && failures >= FIRST_FAILURES;
  const slot = async (): Promise<void> => {
    while (left > 0 && work.signal?.aborted !== true && !isHopeless()) {
      left--;
      const trial = await takeTrial(store, sweep, { now: Date.now });
      if (trial === undefined) return;
      work.onStart?.(trial);
      const end = await runTrial(store, sweep, trial, work);
      if (end.state === "failed") failures++;
      else if (end.state !== "waiting") successes++;
      work.onEnd?.(trial, end);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: work.workers }, slot));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  if (work.signal?.aborted === true) return "stopped";
  if (isHopeless()) return "all failed";
  if (failures === 0 || successes > 0) return "done";
  // Those of earlier work may have gone well.
  const trials = await listTrials(store, sweep.id);
  return trials.every(({ state }) => state === "failed") ? "all failed" : "done";
}

/** Runs one trial to its end, with heartbeats, and stops it where it lags behind. */
export async function runTrial(
  store: Store,
  sweep: StoredSweep,
  trial: Trial,
  { execute, signal }: Pick<SweepWork, "execute" | "signal">,
): Promise<TrialEnd> {
  const stop = new AbortController();
  const giveUp = (): void => stop.abort("given up");
  signal?.addEventListener("abort", giveUp);
  if (signal?.aborted === true) giveUp();
  const over = new AbortController();
  const watching = watch(store, sweep, trial, stop, over.signal);
  let execution: Execution;
  try {
    execution = await execute(trial, stop.signal);
  } catch (error) {
    execution = { error: error instanceof Error ? error.message : String(error) };
  }
  over.abort();
  signal?.removeEventListener("abort", giveUp);
  await watching;
  const end = await endOf(store, sweep, trial, execution, stop.signal);
  const counted = await endTrial(store, sweep.id, trial, end, Date.now());
  return counted ? end : { state: "waiting", error: "another process took it meanwhile" };
}

async function endOf(
  store: Store,
  sweep: StoredSweep,
  trial: Trial,
  { error }: Execution,
  stopped: AbortSignal,
): Promise<TrialEnd> {
  const { config } = sweep;
  if (stopped.reason === "given up" || stopped.reason === "taken") return { state: "waiting" };
  const summary = await summaryOf(store, trial);
  const named = config.metric?.name;
  let value = named === undefined ? undefined : metricIn(summary ?? {}, named);
  if (stopped.reason === "behind") {
    // What the end would have told, the last value tells as well as it can.
    value ??= (await valuesOf(store, sweep, [trial])).get(trial.runId)?.at(-1);
    return { state: "stopped", value, violation: 0 };
  }
  if (error !== undefined) return { state: "failed", error };
  if (named !== undefined && value === undefined) {
    const names = Object.entries(summary ?? {}).flatMap(([name, one]) => (typeof one === "number" ? [name] : []));
    const told = names.length === 0 ? "no metrics at all" : "others";
    const fix = names.length === 0 ? "" : `; ${didYouMean(named, names)}`;
    return { state: "failed", error: `expected the metric "${named}", got ${told}${fix}` };
  }
  return { state: "finished", value, violation: violationOf(config, summary ?? {}) };
}

async function watch(
  store: Store,
  sweep: StoredSweep,
  trial: Trial,
  stop: AbortController,
  over: AbortSignal,
): Promise<void> {
  let beaten = Date.now();
  for (;;) {
    await wait(LOOK_MS, undefined, { signal: over, ref: false }).catch(() => undefined);
    if (over.aborted) return;
    try {
      if (Date.now() - beaten >= BEAT_MS) {
        beaten = Date.now();
        if (!(await beat(store, sweep.id, trial, beaten))) return stop.abort("taken");
      }
      if (sweep.config.early_terminate !== undefined && (await isBehind(store, sweep, trial)))
        return stop.abort("behind");
    } catch (error) {
      // A store that cannot be read now may be there again at the next look.
      if (error instanceof TextuneError) throw error;
    }
  }
}

async function isBehind(store: Store, sweep: StoredSweep, trial: Trial): Promise<boolean> {
  const { config } = sweep;
  if (config.early_terminate === undefined) return false;
  const trials = (await listTrials(store, sweep.id)).filter(({ state }) => state !== "failed" && state !== "waiting");
  const values = await valuesOf(store, sweep, trials);
  const histories = trials.map((one) => ({
    costs: (values.get(one.runId) ?? []).map((value) => costOf(config, value, 0)),
    isRunning: one.number === trial.number,
  }));
  return trialsToStop(config.early_terminate, histories).length > 0;
}

/** The values of the sweep's metric that the runs of trials have logged, by run. */
async function valuesOf(
  { db }: Store,
  { config }: StoredSweep,
  trials: readonly Trial[],
): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>();
  if (config.metric === undefined || trials.length === 0) return found;
  const rows = await db
    .selectFrom("series")
    .innerJoin("points", "points.series_id", "series.id")
    .select(["series.run_id", "points.value"])
    .where(
      "series.run_id",
      "in",
      trials.map(({ runId }) => runId),
    )
    .where("series.name", "in", [...seriesOfMetric(config.metric.name)])
    .orderBy("points.seq")
    .execute();
  for (const { run_id, value } of rows) {
    const values = found.get(run_id) ?? [];
    if (values.length === 0) found.set(run_id, values);
    values.push(value ?? Number.NaN);
  }
  return found;
}
