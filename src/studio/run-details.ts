import { readAlerts } from "../tracking/queries/pages.js";
import { findRun, type RunDetails } from "../tracking/queries/runs.js";
import type { Store } from "../tracking/store/node/open-store.js";

/** A run with what it asked a person to look at. @throws E_STORE where none is called so */
export async function detailsOf(store: Store, asked: string) {
  const run: RunDetails = await findRun(store, asked);
  return { ...run, alerts: await readAlerts(store, run.id) };
}
