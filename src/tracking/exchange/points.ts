/** All points of a run, metric after metric, in pieces: what leaves the store for another program. */
import type { Store } from "../store/node/open-store.js";

export interface ExportedPoint {
  readonly metric: string;
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** NaN and infinities as they are. */
  readonly value: number;
}

const PIECE = 20_000;

/** The points of a run in pieces of some thousands, each of one metric. */
export async function* pointsOf(
  store: Store,
  run: { readonly id: string; readonly createdAt: number },
): AsyncGenerator<ExportedPoint[]> {
  const series = await store.db
    .selectFrom("series")
    .select(["id", "name", "points"])
    .where("run_id", "=", run.id)
    .orderBy("name")
    .execute();
  for (const { id, name, points } of series) {
    for (let start = 0; start < points; start += PIECE) {
      const rows = await store.db
        .selectFrom("points")
        .select(["step", "time", "value"])
        .where("series_id", "=", id)
        .where("seq", ">=", start)
        .where("seq", "<", start + PIECE)
        .orderBy("seq")
        .execute();
      yield rows.map(({ step, time, value }) => ({
        metric: name,
        step,
        time: run.createdAt + time,
        value: value ?? Number.NaN,
      }));
    }
  }
}
