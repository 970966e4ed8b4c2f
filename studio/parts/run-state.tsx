import type { RunRow } from "../../src/studio/wire/runs.js";

/** How a run stands, as a word with a dot. */
export function RunState({ state }: { readonly state: RunRow["state"] }) {
  return <span className={`run-state ${state}`}>{state}</span>;
}
