/** What changed since one looked: for a page that is kept open and asks every second. */

import { sql } from "kysely";
import type { Store } from "../store/node/open-store.js";
import { saidToRun } from "./run-query.js";

export interface Changes {
  /** What the next look is given. */
  readonly cursor: number;
  /**
   * Runs of which something was written since: points, summary, state, notes, tags, artifacts, or that they are put aside.
   * None is missed; one may be named twice.
   */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Runs under way. One that crashes writes nothing: it only is here no more. */
  readonly running: readonly string[];
}

/**
 * The runs that changed. It reads an index of revisions: what it costs depends on how much changed, not on how much there
 * is.
 *
 * @param since the cursor of the look before; without it nothing has changed
 */
export async function readChanges(store: Store, since?: number, now: number = Date.now()): Promise<Changes> {
  const { db, engine } = store;
  // First the cursor, then the runs: what is written in between comes now and again at the next look.
  const unseen =
    engine === "sqlite"
      ? sql<number>`1 + max((select coalesce(max(revision), 0) from runs), (select coalesce(max(revision), 0) from removed_runs))`
      : // The oldest transaction under way: revisions are transactions' numbers, which end in no order.
        sql<number>`pg_snapshot_xmin(pg_current_snapshot())::text::bigint`;
  const { rows } = await sql<{ readonly cursor: number }>`select ${unseen} as cursor`.execute(db);
  const running = await saidToRun(store, "running", now);
  const writtenSince = (table: "runs" | "removed_runs") =>
    since === undefined
      ? []
      : db.selectFrom(table).select("id").where("revision", ">=", since).orderBy("revision").orderBy("id").execute();
  const [changed, removed] = await Promise.all([writtenSince("runs"), writtenSince("removed_runs")]);
  return {
    cursor: rows[0].cursor,
    changed: changed.map(({ id }) => id),
    removed: removed.map(({ id }) => id),
    running,
  };
}
