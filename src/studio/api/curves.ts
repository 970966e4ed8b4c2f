/** Curves: lowest and highest value of each pixel, of the part that is looked at. */
import { type CurveQuery, type CurveRow, readAxis, readCurve } from "../../tracking/queries/curve.js";
import { listMetricNames } from "../../tracking/queries/metric-names.js";
import type { Store } from "../../tracking/store/node/open-store.js";
import { defineRoute } from "../route.js";
import { type Curve, curveList, curveQuery, metricList, metricQuery } from "../wire/curves.js";

export const curveRoutes = [
  defineRoute({
    method: "GET",
    path: "/api/metrics",
    summary: "the metrics that some of the runs have",
    query: metricQuery,
    response: metricList,
    handle: async ({ store }, { query }) => ({ metrics: await listMetricNames(store, query.runs) }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/curves",
    summary: "the curves of a metric, or a part of them; runs without it are left out",
    query: curveQuery,
    response: curveList,
    async handle({ store }, { query }) {
      const curves = await Promise.all(query.runs.map((run) => curveOf(store, run, query)));
      return { curves: curves.filter((one) => one !== undefined) };
    },
  }),
];

interface Part {
  readonly metric: string;
  readonly axis: string;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly rows: number;
}

async function curveOf(
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
  const column = (of: (row: CurveRow) => number) => drawn.map(of).map((value) => (Number.isNaN(value) ? null : value));
  return {
    run: runId,
    points: curve.points,
    x: drawn.map(({ x }) => x),
    step: drawn.map(({ step }) => step),
    min: column(({ min }) => min),
    max: column(({ max }) => max),
    mean: column(({ mean }) => mean),
    count: drawn.map(({ points }) => points),
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
