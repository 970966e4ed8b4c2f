/** The curve of a metric, no longer than it is drawn: what lies between two pixels comes as its lowest and highest value. */
import { sql } from "kysely";
import type { Store } from "../store/node/open-store.js";
import { FANOUT, LEVELS } from "../store/schema.js";

export interface CurveQuery {
  readonly runId: string;
  readonly name: string;
  /** Rows at most, about: 1000 by default. A curve with no more points comes point by point. */
  readonly rows?: number | undefined;
  /** The part from this step on … */
  readonly fromStep?: number | undefined;
  /** … to this one. */
  readonly toStep?: number | undefined;
  /** The part from this time on, in milliseconds since the start of the run … */
  readonly fromTime?: number | undefined;
  /** … to this one. */
  readonly toTime?: number | undefined;
}

/** One point, or several that stand together: `points` says how many. */
export interface CurveRow {
  readonly step: number;
  readonly lastStep: number;
  /** Milliseconds since the start of the run. */
  readonly time: number;
  /** Mean of the values that are numbers; NaN where none is. */
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly points: number;
  /** Values that are NaN. */
  readonly nans: number;
}

export interface Curve {
  readonly name: string;
  /** Points of the metric in all. */
  readonly points: number;
  /** The value of the last point; NaN where it is. */
  readonly last: number;
  readonly rows: readonly CurveRow[];
}

/** The curve of a metric; undefined where the run has none of this name. */
export async function readCurve(store: Store, query: CurveQuery): Promise<Curve | undefined> {
  const series = await store.db
    .selectFrom("series")
    .select(["id", "points", "last_value"])
    .where("run_id", "=", query.runId)
    .where("name", "=", query.name)
    .executeTakeFirst();
  if (series === undefined) return undefined;
  const { id, points } = series;
  const { fromStep, toStep, fromTime, toTime } = query;
  const place = (axis: "step" | "time", value: number | undefined, otherwise: number) =>
    value === undefined ? otherwise : firstFrom(store, { id, points, axis, value: Math.ceil(value) });
  const from = Math.max(await place("step", fromStep, 0), await place("time", fromTime, 0));
  const end = (value: number | undefined) => (value === undefined ? undefined : Math.floor(value) + 1);
  const to = Math.min(await place("step", end(toStep), points), await place("time", end(toTime), points));
  const together = Math.max(1, Math.ceil((to - from) / Math.max(1, query.rows ?? 1000)));
  let level = 0;
  while (level < LEVELS && FANOUT ** (level + 1) <= together) level++;
  const size = FANOUT ** level;
  // Whole buckets inside the part come from their own rows; what is before and after them, from the points.
  const firstBucket = Math.ceil(from / size);
  const endBucket = Math.max(firstBucket, Math.floor(to / size));
  const rows =
    level === 0
      ? await fromPoints(store, id, from, to, together)
      : [
          ...(await fromPoints(store, id, from, Math.min(to, firstBucket * size), together)),
          ...(await fromEnvelopes(store, id, level, firstBucket, endBucket, Math.ceil(together / size))),
          ...(await fromPoints(store, id, Math.max(from, endBucket * size), to, together)),
        ];
  return { name: query.name, points, last: series.last_value ?? Number.NaN, rows };
}

/**
 * What another metric, such as the epoch, says at the rows of a curve: its last value at the row's step or before, NaN
 * where it has none. It is the horizontal axis where `defineMetric` says so.
 */
export async function readAxis(
  store: Store,
  runId: string,
  name: string,
  rows: readonly CurveRow[],
): Promise<number[]> {
  const axis = await readCurve(store, { runId, name, rows: 20_000 });
  let at = -1;
  return rows.map(({ step }) => {
    while ((axis?.rows[at + 1]?.step ?? Number.POSITIVE_INFINITY) <= step) at++;
    return axis?.rows[at]?.max ?? Number.NaN;
  });
}

/**
 * The place of the first point whose step or time is `value` or more, for neither ever falls: found by buckets of 256
 * points, then among these.
 */
async function firstFrom(
  { db }: Store,
  { id, points, axis, value }: { id: number; points: number; axis: "step" | "time"; value: number },
): Promise<number> {
  const size = FANOUT ** 2;
  const bucket = await db
    .selectFrom("envelopes")
    .select(({ fn }) => fn.min("bucket").as("first"))
    .where("series_id", "=", id)
    .where("level", "=", 2)
    .where(axis === "step" ? "last_step" : "last_time", ">=", value)
    .executeTakeFirst();
  const start = (bucket?.first ?? Math.floor(points / size)) * size;
  const first = await db
    .selectFrom("points")
    .select(({ fn }) => fn.min("seq").as("seq"))
    .where("series_id", "=", id)
    .where("seq", ">=", start)
    .where("seq", "<", start + size)
    .where(axis, ">=", value)
    .executeTakeFirst();
  return first?.seq ?? points;
}

interface Grouped {
  readonly step: number;
  readonly last_step: number;
  readonly time: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly sum: number | null;
  readonly points: number;
  readonly nans: number;
}

async function fromPoints(store: Store, id: number, from: number, to: number, together: number): Promise<CurveRow[]> {
  if (from >= to) return [];
  const part = store.db.selectFrom("points").where("series_id", "=", id).where("seq", ">=", from).where("seq", "<", to);
  if (together === 1) {
    const rows = await part.select(["step", "time", "value"]).orderBy("seq").execute();
    return rows.map(({ step, time, value }) => {
      const number = value ?? Number.NaN;
      return {
        step,
        lastStep: step,
        time,
        mean: number,
        min: number,
        max: number,
        points: 1,
        nans: value === null ? 1 : 0,
      };
    });
  }
  const bucket = sql`(seq / ${sql.lit(together)})`;
  const rows = await part
    .select([
      sql<number>`min(step)`.as("step"),
      sql<number>`max(step)`.as("last_step"),
      sql<number>`min(time)`.as("time"),
      sql<number | null>`min(value)`.as("min"),
      sql<number | null>`max(value)`.as("max"),
      sql<number | null>`sum(value)`.as("sum"),
      sql<number>`count(*)`.as("points"),
      sql<number>`count(*) - count(value)`.as("nans"),
    ])
    .groupBy(bucket)
    .orderBy(bucket)
    .execute();
  return rows.map(toRow);
}

async function fromEnvelopes(
  store: Store,
  id: number,
  level: number,
  first: number,
  end: number,
  together: number,
): Promise<CurveRow[]> {
  if (first >= end) return [];
  const bucket = sql`(bucket / ${sql.lit(together)})`;
  const rows = await store.db
    .selectFrom("envelopes")
    .select([
      sql<number>`min(first_step)`.as("step"),
      sql<number>`max(last_step)`.as("last_step"),
      sql<number>`min(first_time)`.as("time"),
      sql<number | null>`min(min_value)`.as("min"),
      sql<number | null>`max(max_value)`.as("max"),
      sql<number | null>`sum(sum_value)`.as("sum"),
      sql<number>`count(*) * ${sql.lit(FANOUT ** level)}`.as("points"),
      sql<number>`sum(nans)`.as("nans"),
    ])
    .where("series_id", "=", id)
    .where("level", "=", level)
    .where("bucket", ">=", first)
    .where("bucket", "<", end)
    .groupBy(bucket)
    .orderBy(bucket)
    .execute();
  return rows.map(toRow);
}

function toRow({ step, last_step, time, min, max, sum, points, nans }: Grouped): CurveRow {
  const numbers = Number(points) - Number(nans);
  return {
    step,
    lastStep: last_step,
    time,
    mean: numbers === 0 || sum === null ? Number.NaN : sum / numbers,
    min: min ?? Number.NaN,
    max: max ?? Number.NaN,
    points: Number(points),
    nans: Number(nans),
  };
}
