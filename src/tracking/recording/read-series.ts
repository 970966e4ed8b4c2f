/** The state of a run's metrics as the database has it: what a process needs that goes on writing them. */
import { type Kysely, sql } from "kysely";
import { FANOUT, LEVELS, type Schema } from "../store/schema.js";
import { type Bucket, join, type OpenBucket, type Series } from "./series-writer.js";

/** All metrics of a run, by name. */
export async function readSeries(db: Kysely<Schema>, runId: string): Promise<Map<string, Series>> {
  const rows = await db.selectFrom("series").selectAll().where("run_id", "=", runId).execute();
  const found = new Map<string, Series>();
  for (const row of rows) {
    const sums = await db
      .selectFrom("points")
      .select([sql<number | null>`sum(value)`.as("sum"), sql<number>`count(value)`.as("numbers")])
      .where("series_id", "=", row.id)
      .executeTakeFirst();
    const open: OpenBucket[] = [];
    for (let level = 1; level <= LEVELS; level++) open.push(await openBucket(db, row.id, level, row.points));
    found.set(row.name, {
      name: row.name,
      id: row.id,
      points: row.points,
      firstStep: row.first_step,
      lastStep: row.last_step,
      lastValue: row.last_value ?? Number.NaN,
      min: row.min_value ?? undefined,
      max: row.max_value ?? undefined,
      open,
      sum: sums?.sum ?? 0,
      numbers: sums?.numbers ?? 0,
    });
  }
  return found;
}

/** The bucket of `level` that is not whole, put together from the whole ones of the level below. */
async function openBucket(db: Kysely<Schema>, id: number, level: number, points: number): Promise<OpenBucket> {
  const below = Math.floor(points / FANOUT ** (level - 1));
  const from = Math.floor(below / FANOUT) * FANOUT;
  const parts =
    level === 1
      ? (
          await db
            .selectFrom("points")
            .select(["step", "time", "value"])
            .where("series_id", "=", id)
            .where("seq", ">=", from)
            .orderBy("seq")
            .execute()
        ).map(
          ({ step, time, value }): Bucket => ({
            firstStep: step,
            lastStep: step,
            firstTime: time,
            lastTime: time,
            min: value ?? undefined,
            max: value ?? undefined,
            sum: value ?? 0,
            nans: value === null ? 1 : 0,
          }),
        )
      : (
          await db
            .selectFrom("envelopes")
            .selectAll()
            .where("series_id", "=", id)
            .where("level", "=", level - 1)
            .where("bucket", ">=", from)
            .orderBy("bucket")
            .execute()
        ).map(
          (row): Bucket => ({
            firstStep: row.first_step,
            lastStep: row.last_step,
            firstTime: row.first_time,
            lastTime: row.last_time,
            min: row.min_value ?? undefined,
            max: row.max_value ?? undefined,
            sum: row.min_value === null ? 0 : (row.sum_value ?? Number.NaN),
            nans: row.nans,
          }),
        );
  return parts.length === 0 ? undefined : { parts: parts.length, bucket: parts.reduce(join) };
}
