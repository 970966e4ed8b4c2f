/** Sweeps as a table shows them: how far they are, the best trial, which parameters matter. */
import { type Importance, importanceOf } from "../../search/importance.js";
import type { Store } from "../store/node/open-store.js";
import { costOfTrial, findSweep, listSweepIds, listTrials, type StoredSweep, type Trial } from "../sweeps/trials.js";

/** What is to be said of a sweep. */
export interface SweepSummary {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly method: string;
  readonly metric: { readonly name: string; readonly goal: "minimize" | "maximize" } | undefined;
  /** Names of what is searched. */
  readonly parameters: readonly string[];
  /** Trials that there will be; undefined for as many as are asked for. */
  readonly size: number | undefined;
  readonly counts: Readonly<Record<Trial["state"], number>>;
  /** The best that keeps the constraints. */
  readonly best: Trial | undefined;
}

/** A sweep with its trials, in their order. */
export interface SweepDetails extends SweepSummary {
  readonly trials: readonly Trial[];
  /** The greatest first; none where trials are too few, or all alike. */
  readonly importance: readonly Importance[];
}

/** The sweeps of a project or of all, the newest first. */
export async function listSweeps(store: Store, project?: string): Promise<readonly SweepSummary[]> {
  const found: SweepSummary[] = [];
  for (const id of await listSweepIds(store, project)) {
    const sweep = await findSweep(store, id);
    found.push(summarizeSweep(sweep, await listTrials(store, id)));
  }
  return found;
}

/** @throws E_STORE where there is no sweep of this id or name, or several */
export async function readSweep(store: Store, asked: string): Promise<SweepDetails> {
  const sweep = await findSweep(store, asked);
  const trials = await listTrials(store, sweep.id);
  return { ...summarizeSweep(sweep, trials), trials, importance: importanceIn(sweep, trials) };
}

export function summarizeSweep(sweep: StoredSweep, trials: readonly Trial[]): SweepSummary {
  const { id, name, project, createdAt, config, size, space } = sweep;
  const counts = { running: 0, finished: 0, stopped: 0, failed: 0, waiting: 0 };
  for (const { state } of trials) counts[state]++;
  const best = finishedTrials(sweep, trials).reduce<{ readonly trial: Trial; readonly cost: number } | undefined>(
    (found, one) => (found === undefined || one.cost < found.cost ? one : found),
    undefined,
  )?.trial;
  const parameters = space.map((one) => one.name);
  return { id, name, project, createdAt, method: config.method, metric: config.metric, parameters, size, counts, best };
}

/** How much of what the trials came to is due to each parameter. */
export function importanceIn(sweep: StoredSweep, trials: readonly Trial[]): readonly Importance[] {
  return importanceOf(
    sweep.space,
    finishedTrials(sweep, trials).map(({ trial, cost }) => ({ setting: trial.setting, cost })),
  );
}

/** Trials that went to their end, and what they cost. */
function finishedTrials(sweep: StoredSweep, trials: readonly Trial[]) {
  return trials.flatMap((trial) => {
    const cost = trial.state === "finished" ? costOfTrial(sweep, trial) : undefined;
    return cost !== undefined && Number.isFinite(cost) ? [{ trial, cost }] : [];
  });
}
