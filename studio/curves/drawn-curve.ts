/** Curves as they are drawn: lowest and highest value of each pixel, a smoothed line, averages of groups. */
import type { Curve } from "../../src/studio/wire/curves.js";

/** One line of a chart, with the range around it. */
export interface DrawnCurve {
  readonly id: string;
  readonly label: string;
  readonly color: string;
  readonly x: readonly number[];
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  readonly mean: readonly (number | null)[];
  /** Points that a row stands for; 1 where there is none. */
  readonly count: readonly number[];
  /** Whether min and max are those of several runs: a band around the mean, in the place of the points themselves. */
  readonly isGroup: boolean;
}

type Column = readonly (number | null)[];

/**
 * The mean smoothed exponentially, without the pull of the start towards 0. A row that stands for n points moves it as n
 * points would, so that zooming changes little.
 *
 * @param weight of what was before, in [0, 1), for one point
 * @source TensorBoard's smoothing, tensorboard/components/vz_line_chart2
 */
export function smooth(mean: Column, count: readonly number[], weight: number): Column {
  let kept = 0;
  let total = 0;
  return mean.map((value, i) => {
    if (value === null) return null;
    const before = weight ** (count[i] ?? 1);
    kept = before * kept + (1 - before) * value;
    total = before * total + (1 - before);
    return kept / total;
  });
}

/** The points of a curve in order: a row that stands for several is drawn from its lowest to its highest value. */
export function zigzag({ x, min, max }: Pick<DrawnCurve, "x" | "min" | "max">): [number[], (number | null)[]] {
  const [xs, ys]: [number[], (number | null)[]] = [[], []];
  for (let i = 0; i < x.length; i++) {
    const at = x[i];
    xs.push(at);
    ys.push(min[i]);
    if (min[i] === max[i]) continue;
    const next = x[i + 1] ?? at + (at - (x[i - 1] ?? at - 1));
    // Between this row and the next, and never at the same place.
    xs.push(next > at ? at + (next - at) / 2 : at + Math.abs(at) * 1e-12 + 1e-9);
    ys.push(max[i]);
  }
  return [xs, ys];
}

/** Several curves as one: at each place of the first their mean, and the lowest and highest of their means. */
export function averageCurves(curves: readonly Curve[]): Pick<Curve, "x" | "min" | "max" | "mean" | "count"> {
  const longest = [...curves].sort((a, b) => (b.x.at(-1) ?? 0) - (a.x.at(-1) ?? 0))[0];
  const [min, max, mean]: [(number | null)[], (number | null)[], (number | null)[]] = [[], [], []];
  for (const x of longest.x) {
    const values = curves.map((curve) => valueAt(curve, x)).filter((value) => value !== null);
    const none = values.length === 0;
    min.push(none ? null : Math.min(...values));
    max.push(none ? null : Math.max(...values));
    mean.push(none ? null : values.reduce((sum, value) => sum + value, 0) / values.length);
  }
  return { x: longest.x, min, max, mean, count: [] };
}

/** The mean at `x`, on the line between the rows beside it; null outside the curve. */
function valueAt({ x, mean }: Pick<Curve, "x" | "mean">, at: number): number | null {
  const after = rowAt(x, at);
  if (after < 0 || at > x[x.length - 1]) return null;
  const [from, to] = [mean[after], mean[after + 1] ?? mean[after]];
  if (from === null || to === null) return from;
  const width = (x[after + 1] ?? x[after]) - x[after];
  return width === 0 ? from : from + ((to - from) * (at - x[after])) / width;
}

/** The last row whose place is `at` or before it; -1 where there is none. */
export function rowAt(x: readonly number[], at: number): number {
  let [low, high] = [0, x.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle] <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
