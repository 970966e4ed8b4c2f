/** A chart of curves: hover shows values, dragging zooms, a double click shows all again. */
import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { duration, shortNumber, tickNumber } from "../parts/numbers.js";
import { useIsDark } from "../shell/theme.js";
import { type DrawnCurve, rowAt, smooth, zigzag } from "./drawn-curve.js";

export interface Zoom {
  readonly from: number;
  readonly to: number;
}

export interface CurveChartProps {
  readonly title: string;
  readonly curves: readonly DrawnCurve[];
  /** In [0, 1): 0 for none. */
  readonly smoothing: number;
  readonly logarithmic: boolean;
  /** What the horizontal axis says: "step", "time", or the name of a metric. */
  readonly axis: string;
  readonly zoom: Zoom | undefined;
  readonly onZoom: (zoom: Zoom | undefined) => void;
  readonly height: number;
}

/** All charts show where the pointer is in one of them. */
const TOGETHER = "curves";
/** Curves of so few rows have a mark at each. */
const MARKED = 40;
const MOST_SHOWN = 12;

export function CurveChart(props: CurveChartProps) {
  const { title, curves, smoothing, logarithmic, axis, zoom, onZoom, height } = props;
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const latest = useRef({ zoom, onZoom });
  latest.current = { zoom, onZoom };
  const [pointer, setPointer] = useState<{ readonly x: number; readonly left: number }>();
  const dark = useIsDark();
  const lines = useMemo(
    () =>
      curves.map((curve) => ({
        ...curve,
        smoothed: smoothing > 0 ? smooth(curve.mean, curve.count, smoothing) : undefined,
      })),
    [curves, smoothing],
  );
  const data = useMemo(() => dataOf(lines, logarithmic), [lines, logarithmic]);
  const layout = JSON.stringify([
    lines.map(({ id, color, isGroup, x }) => [id, color, isGroup, x.length <= MARKED]),
    ...[smoothing > 0, logarithmic, axis, dark, height],
  ]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the layout says when another chart is needed
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const made = new uPlot(
      optionsOf(element, { lines, smoothing, logarithmic, axis, height, latest, onPointer: setPointer }),
      data,
      element,
    );
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [layout]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: zoom is read where the scale is made
  useEffect(() => chart.current?.setData(data), [data, zoom]);
  const told = lines
    .map(({ label, mean }) => `${label} ends at ${shortNumber(mean.findLast((value) => value !== null) ?? Number.NaN)}`)
    .join(", ");
  return (
    <div
      className="chart"
      ref={place}
      role="img"
      aria-label={`Curves of ${title}: ${told}`}
      style={{ minHeight: height }}
    >
      {pointer !== undefined && (
        <Values {...pointer} lines={lines} axis={axis} width={place.current?.clientWidth ?? 0} />
      )}
    </div>
  );
}

type ChartLine = DrawnCurve & { readonly smoothed: readonly (number | null)[] | undefined };

function dataOf(lines: readonly ChartLine[], logarithmic: boolean): uPlot.AlignedData {
  const shown = (value: number | null): number | null => (logarithmic && value !== null && value <= 0 ? null : value);
  const tables = lines.flatMap((line): uPlot.AlignedData[] => {
    const { x, min, max, mean, isGroup, smoothed } = line;
    if (isGroup) return [[[...x], max.map(shown), min.map(shown), (smoothed ?? mean).map(shown)]];
    const [xs, ys] = zigzag(line);
    return [
      [xs, ys.map(shown)],
      ...(smoothed === undefined ? [] : [[[...x], smoothed.map(shown)] as uPlot.AlignedData]),
    ];
  });
  if (tables.length === 0) return [[]];
  return tables.length === 1 ? tables[0] : uPlot.join(tables);
}

interface ChartParts extends Pick<CurveChartProps, "smoothing" | "logarithmic" | "axis" | "height"> {
  readonly lines: readonly ChartLine[];
  readonly latest: { readonly current: Pick<CurveChartProps, "zoom" | "onZoom"> };
  readonly onPointer: (pointer: { readonly x: number; readonly left: number } | undefined) => void;
}

function optionsOf(element: HTMLElement, parts: ChartParts): uPlot.Options {
  const { lines, smoothing, logarithmic, axis, height, latest, onPointer } = parts;
  const ink = colorOf(element, "--muted");
  const grid = { stroke: colorOf(element, "--line"), width: 1 };
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  for (const { color, isGroup, x } of lines) {
    const points = { show: x.length <= MARKED, size: 5, fill: color };
    if (isGroup) {
      const high = series.length;
      series.push({ points: { show: false } }, { points: { show: false } }, { stroke: color, width: 1.75, points });
      bands.push({ series: [high, high + 1], fill: `${color}33` });
    } else if (smoothing > 0) {
      series.push(
        { stroke: `${color}44`, width: 1, points: { show: false } },
        { stroke: color, width: 1.75, points: { show: false } },
      );
    } else series.push({ stroke: color, width: 1.4, points });
  }
  const axisOptions = { stroke: ink, grid, ticks: { ...grid, size: 4 }, font: "11px system-ui, sans-serif", gap: 4 };
  return {
    width: element.clientWidth,
    height,
    padding: [8, axis === "time" ? 18 : 10, 0, 0],
    series,
    bands,
    legend: { show: false },
    scales: {
      x: {
        time: false,
        range: (_, min, max) => {
          const { zoom } = latest.current;
          if (zoom !== undefined) return [zoom.from, zoom.to];
          return min === max ? [min - 0.5, max + 0.5] : [min, max];
        },
      },
      y: logarithmic ? { distr: 3 } : {},
    },
    axes: [
      {
        ...axisOptions,
        size: 26,
        ...(axis === "time" ? { values: (_, ticks) => ticks.map((tick) => duration(tick)) } : {}),
      },
      {
        ...axisOptions,
        size: 52,
        values: (_, ticks, _axis, _space, step) => ticks.map((tick) => (tick === null ? "" : tickNumber(tick, step))),
      },
    ],
    cursor: {
      y: false,
      points: { show: false },
      sync: { key: TOGETHER },
      drag: { x: true, y: false, setScale: false },
      bind: {
        dblclick: () => () => {
          latest.current.onZoom(undefined);
          return null;
        },
      },
    },
    hooks: {
      setSelect: [
        (chart) => {
          const { left, width } = chart.select;
          if (width <= 3) return;
          latest.current.onZoom({ from: chart.posToVal(left, "x"), to: chart.posToVal(left + width, "x") });
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      setCursor: [
        (chart) => {
          const { left = -1 } = chart.cursor;
          const here = chart.over.matches(":hover");
          onPointer(
            here && left >= 0 ? { x: chart.posToVal(left, "x"), left: left + chart.over.offsetLeft } : undefined,
          );
        },
      ],
    },
  };
}

/** A colour of the style sheet as a canvas takes it. */
function colorOf(element: HTMLElement, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** What the curves say where the pointer is. */
function Values(props: {
  readonly x: number;
  readonly left: number;
  readonly lines: readonly ChartLine[];
  readonly axis: string;
  readonly width: number;
}) {
  const { x, left, lines, axis, width } = props;
  const rows = lines.flatMap((line) => {
    const at = nearest(line.x, x);
    const value = (line.smoothed ?? line.mean)[at];
    if (at < 0 || value === null || value === undefined) return [];
    return [{ ...line, at, value }];
  });
  if (rows.length === 0) return null;
  const place = rows[0].x[rows[0].at];
  const beside = left > width / 2 ? { right: width - left + 12 } : { left: left + 12 };
  return (
    <div className="chart-values" style={beside}>
      <p>
        {axis === "time" ? "after" : axis} <b>{axis === "time" ? duration(place) : shortNumber(place)}</b>
      </p>
      {rows.slice(0, MOST_SHOWN).map(({ id, label, color, value, min, max, at }) => (
        <p key={id}>
          <i style={{ background: color }} />
          <span>{label}</span>
          <b>{shortNumber(value)}</b>
          {min[at] !== max[at] && (
            <small>
              {shortNumber(min[at] ?? Number.NaN)} … {shortNumber(max[at] ?? Number.NaN)}
            </small>
          )}
        </p>
      ))}
      {rows.length > MOST_SHOWN && <p>and {rows.length - MOST_SHOWN} more</p>}
    </div>
  );
}

function nearest(x: readonly number[], at: number): number {
  const before = rowAt(x, at);
  const after = before + 1;
  if (after >= x.length) return before;
  return before < 0 || x[after] - at < at - x[before] ? after : before;
}
