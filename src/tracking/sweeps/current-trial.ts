/** The trial that a program or a function runs for, which the first run it starts belongs to. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { JsonObject } from "../json.js";

export interface CurrentTrial {
  readonly runId: string;
  readonly project: string;
  /** The sweep. */
  readonly group: string;
  /** The trial's parameters. */
  readonly config: JsonObject;
  /** The store of the sweep. */
  readonly address: string;
}

/** The variable by which a program of its own process is told. */
export const TRIAL_VARIABLE = "TEXTUNE_TRIAL";
/** Milliseconds between two looks whether the process that started this one is still there. */
const ORPHAN_MS = 2000;

const inside = new AsyncLocalStorage<{ readonly trial: CurrentTrial; taken: boolean }>();
let ofProcess: { readonly trial: CurrentTrial; taken: boolean } | undefined;

/** Runs `task` as the function of `trial`. */
export function asTrial<T>(trial: CurrentTrial, task: () => Promise<T>): Promise<T> {
  return inside.run({ trial, taken: false }, task);
}

/** The trial, and whether this is the first to ask: it alone is the trial's run. */
export function currentTrial(): { readonly trial: CurrentTrial; readonly isFirst: boolean } | undefined {
  ofProcess ??= fromEnvironment();
  const found = inside.getStore() ?? ofProcess;
  if (found === undefined) return undefined;
  const isFirst = !found.taken;
  found.taken = true;
  return { trial: found.trial, isFirst };
}

function fromEnvironment(): { readonly trial: CurrentTrial; taken: boolean } | undefined {
  const text = process.env[TRIAL_VARIABLE];
  if (text === undefined || text === "") return undefined;
  const { parent, ...trial } = JSON.parse(text) as CurrentTrial & { readonly parent: number };
  // Another takes the trial up where a worker was killed: what that one started is in the way.
  if (process.ppid === parent)
    setInterval(() => {
      if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
    }, ORPHAN_MS).unref();
  return { trial, taken: false };
}
