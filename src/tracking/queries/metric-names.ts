import type { Store } from "../store/node/open-store.js";

/** The metrics that some of the runs have, by name, with how many have each, and the points of the longest curve. */
export async function listMetricNames(
  { db }: Store,
  runIds: readonly string[],
): Promise<{ readonly name: string; readonly runs: number; readonly points: number }[]> {
  const rows = await db
    .selectFrom("series")
    .select(["name", ({ fn }) => fn.countAll<number>().as("runs"), ({ fn }) => fn.max("points").as("points")])
    .where("run_id", "in", runIds)
    .groupBy("name")
    .orderBy("name")
    .execute();
  return rows.map(({ name, runs, points }) => ({ name, runs: Number(runs), points: Number(points) }));
}
