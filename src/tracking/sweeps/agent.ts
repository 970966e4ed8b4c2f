/** Sweeps in a program: W&B's `sweep` and `agent`. */
import { z } from "zod";
import { fail } from "../../base/errors.js";
import { resolveOptions } from "../../base/resolve-options.js";
import { nested, type Setting } from "../../search/space.js";
import { openSweepConfig, type SweepConfigInput } from "../../search/sweep-config.js";
import { openStore, type Store, storeAddress } from "../store/node/open-store.js";
import { asTrial } from "./current-trial.js";
import { createSweep, findSweep, listTrials, type Trial } from "./trials.js";
import { workOnSweep } from "./work-on-sweep.js";

/** Where a sweep is kept. */
export interface SweepOptions {
  /** Project of the sweep and its runs; by default what the configuration says, or "uncategorized". */
  readonly project?: string;
  /** Folder of the store, or address of a PostgreSQL database; by default as `init` has it. */
  readonly dir?: string;
}

/** A trial as the function of `agent` gets it. */
export interface SweepTrial {
  /** Counted from 0. */
  readonly number: number;
  /** Its parameters; nested ones as objects in objects. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Aborts where the trial is stopped early, or the agent is. */
  readonly signal: AbortSignal;
}

/** How much is done of a sweep. */
export interface AgentOptions {
  /** Trials to run at most; by default until the sweep has no more. */
  readonly count?: number | undefined;
  /** Trials at once, in this process; 1 by default. */
  readonly workers?: number | undefined;
  /** As in `sweep`. */
  readonly dir?: string | undefined;
  /** Ends the work. What runs then is taken up again by the next agent. */
  readonly signal?: AbortSignal | undefined;
}

/** What an ended trial came to. */
export interface TrialResult {
  readonly number: number;
  readonly state: Trial["state"];
  readonly setting: Setting;
  /** Of the sweep's metric. */
  readonly value: number | undefined;
  readonly runId: string;
  /** Why it failed; "" where it did not. */
  readonly error: string;
}

const agentSchema = z.strictObject({
  count: z.number().int().positive().optional(),
  workers: z.number().int().positive().default(1),
  dir: z.string().min(1).optional(),
  signal: z.custom<AbortSignal>().optional(),
});

/**
 * Makes a sweep of W&B's configuration, for `agent` to work at.
 *
 * @returns its id
 * @throws E_CONFIG naming what is wrong, with the nearest name; E_STORE where the store cannot be written
 * @example
 * const id = await sweep({
 *   method: "bayes",
 *   metric: { name: "best/macroF1", goal: "maximize" },
 *   parameters: { learningRate: { distribution: "log_uniform_values", min: 1e-5, max: 1e-3 } },
 *   run_cap: 20,
 * });
 */
export async function sweep(config: SweepConfigInput, { project, dir }: SweepOptions = {}): Promise<string> {
  const opened = openSweepConfig(config);
  return withStore(dir, (store) =>
    createSweep(store, config, {
      project: project ?? opened.config.project ?? "uncategorized",
      recipe: { kind: "function" },
      now: Date.now(),
    }),
  );
}

/**
 * Runs `task` once for each trial of a sweep. The first run that it starts with `init` is the trial's: it is in the group
 * of the sweep, and its `config` has the parameters. A task that throws fails its trial, and the next is run.
 *
 * @returns the trials that were run here
 * @throws E_STORE for a sweep that is not there, E_TRAINING where the first three trials all fail
 * @example
 * import { TextClassifier } from "textune";
 *
 * const id = await sweep({ method: "random", parameters: { epochs: { values: [2, 3] } }, run_cap: 2 });
 * await agent(id, async ({ config, signal }) => {
 *   const run = await init();
 *   const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: train.labels });
 *   await classifier.fit(train, { ...config, validation, signal, callbacks: [tracker(run)] });
 *   await run.finish();
 * });
 */
export async function agent(
  sweepId: string,
  task: (trial: SweepTrial) => Promise<void> | void,
  options: AgentOptions = {},
): Promise<readonly TrialResult[]> {
  const { count, workers, dir, signal } = resolveOptions(agentSchema, options as Readonly<Record<string, unknown>>);
  const address = storeAddress(dir);
  return withStore(dir, async (store) => {
    const found = await findSweep(store, sweepId);
    const own = new Set<number>();
    const end = await workOnSweep(store, found, {
      ...{ workers, count, signal },
      async execute({ number, setting, runId }, stop) {
        own.add(number);
        const config = nested(found.space, setting);
        await asTrial({ runId, project: found.project, group: found.id, config, address }, async () =>
          task({ number, config, signal: stop }),
        );
        return {};
      },
    });
    const trials = (await listTrials(store, found.id)).filter(({ number }) => own.has(number));
    if (end === "all failed")
      fail("E_TRAINING", {
        where: `sweep ${found.id}`,
        expected: "a trial that goes well",
        got: trials.find(({ error }) => error !== "")?.error ?? "failures alone",
      });
    return trials.map(({ number, state, setting, value, runId, error }) => ({
      number,
      state,
      setting,
      value,
      runId,
      error,
    }));
  });
}

async function withStore<T>(dir: string | undefined, task: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(storeAddress(dir));
  try {
    return await task(store);
  } finally {
    await store.close();
  }
}
