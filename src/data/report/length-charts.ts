/** Plots of the lengths of texts. */
import type { TopLevelSpec } from "vega-lite";
import { type Chart, type ChartLook, chartStyle, POWERS, titled } from "./chart-look.js";
import type { DataReport, LengthReport } from "./data-report.js";
import type { LengthHistogram } from "./length-statistics.js";

/** How rows are counted over lengths: in bins, in bins on a logarithmic axis, or up to each length. */
export type LengthScale = "linear" | "log" | "cumulative";

interface Bin {
  readonly group: string;
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly share: number;
}

/** The bins of a histogram; with `cumulative` the rows up to the end of each. */
function binsOf(group: string, { width, counts, beyond }: LengthHistogram, cumulative: boolean): Bin[] {
  const all = Math.max(
    1,
    counts.reduce((sum, count) => sum + count, beyond),
  );
  let sum = 0;
  return counts.map((count, i) => {
    sum += count;
    const rows = cumulative ? sum : count;
    return { group, from: i * width, to: (i + 1) * width, rows, share: rows / all };
  });
}

/** Rows by length. Parts differ in size, so that their shares are compared, as steps over each other; one set is shown in bars. */
export function lengthChart(report: DataReport, length: LengthReport, scale: LengthScale, look: ChartLook): Chart {
  const { unit, histogram, all } = length;
  const several = report.parts.length > 1;
  const names = several ? report.parts.map(({ name }) => name) : ["all"];
  const values = several
    ? Object.entries(length.byPart).flatMap(([name, part]) => stepsOf(name, part.histogram, scale))
    : binsOf("all", histogram, scale === "cumulative");
  const shares = several || scale === "cumulative";
  const field = shares ? "share" : "rows";
  const least = Math.min(1, ...values.flatMap((value) => (value[field] > 0 ? [value[field]] : [])));
  const end = histogram.counts.length * histogram.width;
  const title = `Length of texts in ${unit}${scale === "linear" ? "" : `, ${scale === "log" ? "logarithmic" : "cumulative"}`}`;
  const beyond =
    histogram.beyond > 0
      ? `${histogram.beyond.toLocaleString("en")} longer ${histogram.beyond === 1 ? "text" : "texts"}, up to ${all.maximum.toLocaleString("en")}, ${histogram.beyond === 1 ? "is" : "are"} not drawn`
      : undefined;
  const foot = shares ? least / 1.5 : 0.5;
  const y = {
    field,
    type: "quantitative",
    title: scale === "cumulative" ? "share up to this length" : several ? "share of the part" : "rows",
    ...(scale === "log"
      ? { scale: { type: "log", domainMin: foot }, axis: { format: shares ? "~%" : "~s", values: logTicks(shares) } }
      : {
          ...(scale === "cumulative" ? { scale: { domain: [0, 1] } } : {}),
          axis: { format: shares ? "~%" : ",d", tickCount: 5 },
        }),
  };
  const x = { field: "from", type: "quantitative", title: unit, scale: { domain: [0, end], nice: false } };
  const tooltip = [
    ...(several ? [{ field: "group", type: "nominal", title: "part" }] : []),
    { field: "from", type: "quantitative", title: `${unit} from` },
    { field: "to", type: "quantitative", title: "below" },
    { field: "rows", type: "quantitative", format: ",d" },
    { field: "share", type: "quantitative", format: ".1%" },
  ];
  const color = several
    ? { field: "group", type: "nominal", sort: names, title: null }
    : { value: look.palette[0] as string };
  const body =
    several || scale === "cumulative"
      ? {
          mark: {
            type: "line",
            interpolate: scale === "cumulative" ? "linear" : "step-after",
            strokeWidth: 2,
            tooltip: true,
          },
          encoding: { x: { ...x, field: scale === "cumulative" ? "to" : "from" }, y, color, tooltip },
        }
      : {
          mark: { type: "bar", tooltip: true, binSpacing: 1 },
          encoding: {
            x: { ...x, bin: { binned: true, step: histogram.width } },
            x2: { field: "to" },
            y,
            ...(scale === "log" ? { y2: { datum: foot } } : {}),
            color,
            tooltip,
          },
        };
  return {
    name: scale === "linear" ? `length-${unit}` : `length-${unit}-${scale}`,
    title: beyond === undefined ? title : `${title} (${beyond})`,
    spec: {
      ...chartStyle(look),
      ...titled(look, title, beyond),
      width: look.width,
      height: 240,
      data: { values: scale === "log" ? values.filter((value) => value[field] > 0) : values },
      layer: [body, ...marksOf(length, end, look)],
    } as TopLevelSpec,
  };
}

/** Bins as the corners of a line of steps, which ends where the last bin does. */
function stepsOf(name: string, histogram: LengthHistogram, scale: LengthScale): Bin[] {
  const bins = binsOf(name, histogram, scale === "cumulative");
  const last = bins.at(-1);
  return last === undefined || scale === "cumulative" ? bins : [...bins, { ...last, from: last.to }];
}

const logTicks = (shares: boolean): readonly number[] => (shares ? POWERS.map((power) => 1 / power) : POWERS);

/** Lines at the median, at 95 % and at the usual limits of models, with their names above the plot. */
function marksOf({ unit, all }: LengthReport, end: number, look: ChartLook): object[] {
  const marks = [
    { at: all.median, name: `median ${all.median}` },
    { at: all.p95, name: `95 % ${all.p95}` },
    ...(unit === "tokens"
      ? [128, 256, 512].filter((limit) => limit < end).map((limit) => ({ at: limit, name: `limit ${limit}` }))
      : []),
  ];
  // Names that would be written over each other are left out; the lines stay.
  const named = marks.filter(({ at }, i) => !marks.slice(0, i).some((other) => Math.abs(other.at - at) < 0.15 * end));
  const x = { field: "at", type: "quantitative" };
  return [
    {
      data: { values: marks },
      mark: { type: "rule", strokeDash: [4, 3], color: look.soft },
      encoding: { x },
    },
    {
      data: { values: named },
      mark: { type: "text", align: "left", baseline: "bottom", dx: 3, dy: 8, fontSize: 10, color: look.soft },
      encoding: { x, y: { value: 4 }, text: { field: "name" } },
    },
  ];
}

/** Classes whose lengths are drawn over each other; more are told apart better below each other. */
const MOST_LINES = 5;
const MOST_STRIPES = 100;

/** How the lengths of each class are spread: lines of shares, or for many classes a stripe for each. */
export function lengthByClassChart(length: LengthReport, look: ChartLook): Chart {
  const classes = length.byLabel
    .filter(({ summary }) => summary.count > 0)
    .sort((a, b) => b.summary.median - a.summary.median || b.summary.mean - a.summary.mean);
  const title = `Length in ${length.unit} by class`;
  const shown = classes.slice(0, MOST_STRIPES);
  const end = length.histogram.counts.length * length.histogram.width;
  const lines = classes.length <= MOST_LINES;
  const subtitle = lines
    ? "share of each class in the bins of length"
    : `a stripe for each class, dark where many of its texts are; the line is the median${classes.length > MOST_STRIPES ? ` (${MOST_STRIPES} of ${classes.length} classes)` : ""}`;
  const x = { type: "quantitative", title: length.unit, scale: { domain: [0, end], nice: false } };
  const tooltip = [
    { field: "group", type: "nominal", title: "class" },
    { field: "from", type: "quantitative", title: `${length.unit} from` },
    { field: "to", type: "quantitative", title: "below" },
    { field: "rows", type: "quantitative", format: ",d" },
    { field: "share", type: "quantitative", format: ".1%" },
  ];
  const spec = lines
    ? {
        height: 220,
        data: { values: shown.flatMap(({ label, histogram }) => stepsOf(label, histogram, "linear")) },
        mark: { type: "line", interpolate: "step-after", strokeWidth: 2, tooltip: true },
        encoding: {
          x: { field: "from", ...x },
          y: {
            field: "share",
            type: "quantitative",
            title: "share of the class",
            axis: { format: "~%", tickCount: 5 },
          },
          color: { field: "group", type: "nominal", title: null, sort: length.byLabel.map(({ label }) => label) },
          tooltip,
        },
      }
    : {
        height: { step: classes.length > 40 ? 13 : 18 },
        encoding: {
          y: { field: "group", type: "nominal", title: null, sort: shown.map(({ label }) => label) },
        },
        layer: [
          {
            data: {
              values: shown
                .flatMap(({ label, histogram }) => binsOf(label, histogram, false))
                .filter(({ rows }) => rows > 0),
            },
            mark: { type: "rect", color: look.palette[0], tooltip: true },
            encoding: {
              x: { field: "from", bin: { binned: true, step: length.histogram.width }, ...x },
              x2: { field: "to" },
              // Shades of one colour, which are seen by day and by night.
              opacity: {
                field: "share",
                type: "quantitative",
                scale: { type: "sqrt", range: [0.04, 1] },
                legend: null,
              },
              tooltip,
            },
          },
          {
            data: { values: shown.map(({ label, summary }) => ({ group: label, median: summary.median })) },
            mark: {
              type: "tick",
              color: look.palette[1],
              thickness: 2,
              size: classes.length > 40 ? 11 : 15,
              tooltip: true,
            },
            encoding: { x: { field: "median", ...x } },
          },
        ],
      };
  return {
    name: `length-${length.unit}-by-class`,
    title: `${title}: ${subtitle}`,
    spec: { ...chartStyle(look), ...titled(look, title, subtitle), width: look.width, ...spec } as TopLevelSpec,
  };
}
