import plot from "simple-ascii-chart";
import { oneLine } from "../base/printable.js";
import type { Curve } from "../tracking/queries/curve.js";
import { shortNumber } from "./text-table.js";

const HEIGHT = 10;
/** What the chart needs beside the curve: the numbers of its vertical axis. */
const MARGIN = 16;

/** What stands on the horizontal axis where it is not the step. */
export interface Axis {
  readonly name: string;
  /** For each row of the curve. */
  readonly values: readonly number[];
}

/**
 * The curve of a metric in lines of text, `width` characters wide. Values that are no finite numbers leave a gap, and are
 * counted.
 */
export function drawCurve({ name, points, last, rows }: Curve, width: number, axis?: Axis): string {
  const drawn = rows
    .map(({ step, mean }, i) => ({ x: axis === undefined ? step : axis.values[i], mean }))
    .filter(({ x, mean }) => Number.isFinite(mean) && Number.isFinite(x));
  const lost = rows.length - drawn.length;
  const heading = `${oneLine(name, 60)}  ${points} points, last ${shortNumber(last)}${lost === 0 ? "" : `, ${lost} not finite`}`;
  const first = drawn[0];
  const end = drawn.at(-1);
  if (first === undefined || end === undefined || first.x === end.x) return heading;
  const columns = Math.max(20, width - MARGIN);
  const chart = plot(
    thinned(
      drawn.map(({ x, mean }) => [x, mean] as [number, number]),
      columns,
    ),
    {
      width: columns,
      height: HEIGHT,
      hideXAxisTicks: true,
      formatter: (value, { axis: which }) => (which === "y" ? shortNumber(value) : value),
    },
  );
  const lines = chart.split("\n").map((line) => line.trimEnd());
  return `${heading}\n${lines.filter((line) => line !== "").join("\n")}\n${axis === undefined ? "steps" : oneLine(axis.name, 40)} ${shortNumber(first.x)} to ${shortNumber(end.x)}`;
}

/** Means of neighbours, so that there is one point to a column at most. */
function thinned(points: readonly [number, number][], columns: number): [number, number][] {
  const together = Math.ceil(points.length / columns);
  const found: [number, number][] = [];
  for (let start = 0; start < points.length; start += together) {
    const part = points.slice(start, start + together);
    found.push([part[0][0], part.reduce((sum, [, value]) => sum + value, 0) / part.length]);
  }
  return found;
}
