/** Curves as they are drawn, over steps, time or another metric. */
import { type CurveQuery, type CurveRow, readAxis, readCurve } from "../tracking/queries/curve.js";
import type { Store } from "../tracking/store/node/open-store.js";
import type { Curve } from "./wire/curves.js";
import type { RecordedCurve } from "./wire/recording.js";

interface Part {
  readonly metric: string;
  readonly axis: string;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly rows: number;
}

/** The part of a metric's curve between `from` and `to` of an axis; undefined where the run has none of this name. */
export async function curveOf(
  store: Store,
  runId: string,
  { metric, axis, from, to, rows }: Part,
): Promise<Curve | undefined> {
  const asked = { runId, name: metric, rows };
  const curve = await readCurve(store, { ...asked, ...(await rangeOf(store, asked, { axis, from, to })) });
  if (curve === undefined) return undefined;
  const along = await axisOf(store, runId, axis, curve.rows);
  // Where the axis has no value yet, there is no place to draw.
  const drawn = curve.rows.map((row, i) => ({ ...row, x: along[i] })).filter(({ x }) => Number.isFinite(x));
  return { run: runId, points: curve.points, x: drawn.map(({ x }) => x), ...columnsOf(drawn) };
}

/** The whole curve of a metric, with where its rows lie on each of the `axes`; undefined where the run has none. */
export async function recordedCurve(
  store: Store,
  runId: string,
  { metric, axes, rows }: { readonly metric: string; readonly axes: readonly string[]; readonly rows: number },
): Promise<RecordedCurve | undefined> {
  const curve = await readCurve(store, { runId, name: metric, rows });
  if (curve === undefined) return undefined;
  const x: Record<string, (number | null)[]> = {};
  for (const axis of axes) x[axis] = (await axisOf(store, runId, axis, curve.rows)).map(orNull);
  return { run: runId, metric, points: curve.points, x, ...columnsOf(curve.rows) };
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

function columnsOf(rows: readonly CurveRow[]): Omit<Curve, "run" | "points" | "x"> {
  return {
    step: rows.map(({ step }) => step),
    min: rows.map(({ min }) => orNull(min)),
    max: rows.map(({ max }) => orNull(max)),
    mean: rows.map(({ mean }) => orNull(mean)),
    count: rows.map(({ points }) => points),
  };
}

async function axisOf(store: Store, runId: string, axis: string, rows: readonly CurveRow[]): Promise<number[]> {
  if (axis === "step") return rows.map(({ step }) => step);
  return axis === "time" ? rows.map(({ time }) => time / 1000) : readAxis(store, runId, axis, rows);
}

type Range = Pick<CurveQuery, "fromStep" | "toStep" | "fromTime" | "toTime">;

/** The part between `from` and `to` of the axis, in steps or milliseconds. */
async function rangeOf(
  store: Store,
  asked: CurveQuery,
  { axis, from, to }: Pick<Part, "axis" | "from" | "to">,
): Promise<Range> {
  if (from === undefined && to === undefined) return {};
  if (axis === "step") return { fromStep: from, toStep: to };
  const milliseconds = (seconds: number | undefined) => (seconds === undefined ? undefined : 1000 * seconds);
  if (axis === "time") return { fromTime: milliseconds(from), toTime: milliseconds(to) };
  // Another metric need not rise: every row that lies inside, whatever lies between.
  const whole = await readCurve(store, asked);
  const rows = whole?.rows ?? [];
  const along = await axisOf(store, asked.runId, axis, rows);
  const inside = rows.filter(
    (_, i) => along[i] >= (from ?? Number.NEGATIVE_INFINITY) && along[i] <= (to ?? Number.POSITIVE_INFINITY),
  );
  return { fromStep: inside[0]?.step ?? Number.MAX_SAFE_INTEGER, toStep: inside.at(-1)?.lastStep ?? -1 };
}
