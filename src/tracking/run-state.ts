import { isRunning } from "../base/node/processes.js";
import type { RunTable } from "./store/schema.js";

/** How a run stands: "crashed" is one that says it runs but has no process, or no heartbeat any more. */
export type RunState = "running" | "finished" | "failed" | "killed" | "crashed";

/** Milliseconds between two heartbeats. */
export const HEARTBEAT_MS = 5000;
/** A run that was not heard of for so long is taken for crashed. */
const SILENT_MS = 60_000;

/**
 * The state of a run now. A process of this machine is asked for; of another machine the heartbeat counts. A heartbeat
 * from the future is one: clocks of machines differ.
 */
export function stateOf(
  run: Pick<RunTable, "state" | "heartbeat_at" | "host" | "pid">,
  now: number,
  here: { readonly host: string },
): RunState {
  if (run.state !== "running") return run.state;
  if (run.host === here.host && !isRunning(run.pid)) return "crashed";
  return now - run.heartbeat_at > SILENT_MS ? "crashed" : "running";
}
