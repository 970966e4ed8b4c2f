/** The plots of a report as Vega-Lite specifications. */
import type { TopLevelSpec } from "vega-lite";
import type { DataReport, LengthReport } from "./data-report.js";

/** A plot with the name of its file and what it shows. */
export interface Chart {
  readonly name: string;
  readonly title: string;
  readonly spec: TopLevelSpec;
}

/** Colours that those who cannot tell red from green can tell too. @source Okabe and Ito, jfly.uni-koeln.de/color */
const PALETTE = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999999"];
const SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json";
const WIDTH = 620;
/** Classes drawn at most: the others would be hairlines. */
const MOST_BARS = 100;
/** Ticks of logarithmic axes. */
const POWERS = Array.from({ length: 10 }, (_, i) => 10 ** i);

const CONFIG = {
  font: "DejaVu Sans, Helvetica, Arial, sans-serif",
  axis: {
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal" as const,
    gridColor: "#e5e7eb",
    domainColor: "#9ca3af",
    tickColor: "#9ca3af",
    labelLimit: 220,
  },
  legend: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: "normal" as const },
  title: { fontSize: 14, anchor: "start" as const, fontWeight: "bold" as const, offset: 10, subtitleColor: "#6b7280" },
  view: { stroke: "transparent" },
  range: { category: PALETTE },
};

/** What all plots of Textune have in common. */
export const CHART_STYLE = { $schema: SCHEMA, config: CONFIG };

/** All plots of a report. */
export function reportCharts(report: DataReport): readonly Chart[] {
  return [
    ...(report.labels.names.length > 0 ? [labelChart(report, "linear"), labelChart(report, "log")] : []),
    ...report.lengths.flatMap((length) => [
      lengthChart(report, length),
      ...(length.byLabel.length > 1 && length.byLabel.length <= 40 ? [lengthByLabelChart(length)] : []),
    ]),
    ...(report.words.some((entry) => entry.words.length > 0) && report.words.length <= 12 ? [wordChart(report)] : []),
  ];
}

function labelChart(report: DataReport, scale: "linear" | "log"): Chart {
  const { names, counts } = report.labels;
  const order = names
    .map((_, id) => id)
    .sort((a, b) => (counts[b] as number) - (counts[a] as number))
    .slice(0, MOST_BARS);
  const several = report.parts.length > 1;
  const values = several
    ? order.flatMap((id) =>
        report.parts.map((part) => ({
          label: names[id],
          part: part.name,
          rows: part.counts[id] as number,
          share: (part.counts[id] as number) / Math.max(1, part.rows),
        })),
      )
    : order.map((id) => ({
        label: names[id],
        part: "all",
        rows: counts[id] as number,
        share: (counts[id] as number) / Math.max(1, report.rows),
      }));
  const title = `Rows of each class${scale === "log" ? ", logarithmic" : ""}${names.length > MOST_BARS ? ` (the ${MOST_BARS} largest of ${names.length})` : ""}`;
  const step = names.length > 40 ? 11 : names.length > 15 ? 16 : several ? 12 * report.parts.length + 4 : 24;
  const parts = report.parts.map((part) => part.name);
  return {
    name: `labels-${scale}`,
    title,
    spec: {
      $schema: SCHEMA,
      title,
      width: WIDTH,
      // For a class, not for each of its parts.
      height: { step, for: "position" },
      data: { values: values.filter((value) => scale === "linear" || value.rows > 0) },
      mark: { type: "bar", tooltip: true },
      encoding: {
        y: {
          field: "label",
          type: "nominal",
          sort: order.map((id) => names[id] as string),
          title: null,
          axis: { labelFontSize: names.length > 40 ? 9 : 11 },
        },
        // A bar on a logarithmic axis has no natural foot; half a row keeps single rows visible.
        x:
          scale === "log"
            ? {
                field: "rows",
                type: "quantitative",
                scale: { type: "log", domainMin: 0.5 },
                title: "rows",
                axis: { format: "~s", values: POWERS },
              }
            : {
                field: "rows",
                type: "quantitative",
                title: "rows",
                axis: { format: ",d", tickCount: 8, tickMinStep: 1 },
              },
        ...(scale === "log" ? { x2: { datum: 0.5 } } : {}),
        ...(several
          ? {
              yOffset: { field: "part", sort: parts },
              color: { field: "part", type: "nominal" as const, sort: parts, title: null },
            }
          : { color: { value: PALETTE[0] as string } }),
        tooltip: [
          { field: "label", type: "nominal" },
          ...(several ? [{ field: "part", type: "nominal" as const }] : []),
          { field: "rows", type: "quantitative", format: ",d" },
          { field: "share", type: "quantitative", format: ".2%" },
        ],
      },
      config: CONFIG,
    },
  };
}

function lengthChart(report: DataReport, length: LengthReport): Chart {
  const several = report.parts.length > 1;
  const bins = (name: string, counts: readonly number[]) =>
    counts.flatMap((rows, i) =>
      rows === 0
        ? []
        : [
            {
              part: name,
              from: i * length.histogram.width,
              to: (i + 1) * length.histogram.width,
              rows,
              share: rows / Math.max(1, several ? (length.byPart[name]?.summary.count ?? 1) : report.rows),
            },
          ],
    );
  const values = several
    ? Object.entries(length.byPart).flatMap(([name, part]) => bins(name, part.histogram.counts))
    : bins("all", length.histogram.counts);
  const title = `Length of texts in ${length.unit}`;
  const parts = report.parts.map((part) => part.name);
  const most = Math.max(1e-9, ...values.map((value) => (several ? value.share : value.rows)));
  const least = Math.min(1, ...values.map((value) => value.share));
  const x = { field: "from", type: "quantitative", title: length.unit };
  const bottom = several ? least / 1.5 : 0.5;
  // Room above the bars for the names of the marks, which take the upper quarter of the axis.
  const top = bottom * (most / bottom) ** (1 / 0.72);
  // Parts differ in size, so their shares are compared, a dash for each bin; one set is shown in rows.
  const layers: object[] = several
    ? [
        {
          mark: { type: "rule", strokeWidth: 3, opacity: 0.85, tooltip: true },
          encoding: {
            x,
            x2: { field: "to" },
            y: {
              field: "share",
              type: "quantitative",
              scale: { type: "log", domainMin: bottom, domainMax: top },
              title: "share of the part, logarithmic",
              axis: { format: "~%", values: POWERS.map((power) => 1 / power) },
            },
            color: { field: "part", type: "nominal", sort: parts, title: null },
          },
        },
      ]
    : [
        {
          mark: { type: "bar", tooltip: true, binSpacing: 1 },
          encoding: {
            x: { ...x, bin: { binned: true, step: length.histogram.width } },
            x2: { field: "to" },
            y: {
              field: "rows",
              type: "quantitative",
              scale: { type: "log", domainMin: bottom, domainMax: top },
              title: "rows, logarithmic",
              axis: { format: "~s", values: POWERS },
            },
            y2: { datum: bottom },
            color: { value: PALETTE[0] },
            tooltip: [
              { field: "from", type: "quantitative", title: `${length.unit} from` },
              { field: "to", type: "quantitative", title: "below" },
              { field: "rows", type: "quantitative", format: ",d" },
            ],
          },
        },
      ];
  const marks = [
    { at: length.all.median, name: `median ${length.all.median}` },
    { at: length.all.p95, name: `95 % ${length.all.p95}` },
    ...(length.unit === "tokens"
      ? [128, 256, 512]
          .filter((limit) => limit < length.all.maximum)
          .map((limit) => ({ at: limit, name: `limit ${limit}` }))
      : []),
  ];
  // Names that would be written over each other are left out; the lines stay.
  const named = marks.filter(
    ({ at }, i) => !marks.slice(0, i).some((other) => Math.abs(other.at - at) < 0.03 * length.all.maximum),
  );
  layers.push(
    {
      data: { values: marks },
      mark: { type: "rule", strokeDash: [4, 3], color: "#6b7280" },
      encoding: { x: { field: "at", type: "quantitative" } },
    },
    {
      data: { values: named },
      mark: {
        type: "text",
        angle: 270,
        align: "right",
        baseline: "bottom",
        dx: -4,
        dy: -3,
        fontSize: 10,
        color: "#374151",
      },
      encoding: { x: { field: "at", type: "quantitative" }, y: { value: 0 }, text: { field: "name" } },
    },
  );
  return {
    name: `length-${length.unit}`,
    title,
    spec: {
      $schema: SCHEMA,
      title,
      width: WIDTH,
      height: 240,
      data: { values },
      layer: layers,
      config: CONFIG,
    } as TopLevelSpec,
  };
}

function lengthByLabelChart(length: LengthReport): Chart {
  const title = `Length in ${length.unit} by class`;
  const values = length.byLabel
    .filter(({ summary }) => summary.count > 0)
    .map(({ label, summary }) => ({
      label,
      median: summary.median,
      p95: summary.p95,
      minimum: summary.minimum,
      mean: Math.round(summary.mean * 10) / 10,
    }));
  return {
    name: `length-${length.unit}-by-class`,
    title,
    spec: {
      $schema: SCHEMA,
      title: { text: title, subtitle: "from the shortest to the 95th percentile; median as line, mean as dot" },
      width: WIDTH,
      height: { step: 22 },
      data: { values },
      encoding: { y: { field: "label", type: "nominal", title: null, sort: "-x" } },
      layer: [
        {
          mark: { type: "bar", height: 8, color: "#c7d2fe", tooltip: true },
          encoding: { x: { field: "minimum", type: "quantitative", title: length.unit }, x2: { field: "p95" } },
        },
        {
          mark: { type: "tick", thickness: 2, size: 16, color: PALETTE[0] as string, tooltip: true },
          encoding: { x: { field: "median", type: "quantitative" } },
        },
        {
          mark: { type: "point", filled: true, size: 40, color: PALETTE[5] as string, tooltip: true },
          encoding: { x: { field: "mean", type: "quantitative" } },
        },
      ],
      config: CONFIG,
    },
  };
}

function wordChart(report: DataReport): Chart {
  const values = report.words.flatMap(({ label, words }) =>
    words.slice(0, 10).map(({ word, z, count, total }) => ({ label, word, z: Math.round(z * 10) / 10, count, total })),
  );
  const classes = report.words.filter((entry) => entry.words.length > 0).length;
  const columns = classes === 4 ? 2 : Math.min(3, classes);
  const title = "Most telling words of each class";
  return {
    name: "words",
    title,
    spec: {
      $schema: SCHEMA,
      title,
      data: { values },
      facet: { field: "label", type: "nominal", title: null, header: { labelFontSize: 12, labelFontWeight: "bold" } },
      columns,
      spacing: 16,
      spec: {
        width: Math.floor(560 / columns) - 60,
        height: { step: 15 },
        mark: { type: "bar", tooltip: true, color: PALETTE[0] as string },
        encoding: {
          y: { field: "word", type: "nominal", sort: "-x", title: null },
          x: { field: "z", type: "quantitative", title: "log-odds, standard deviations" },
          tooltip: [
            { field: "word" },
            { field: "z", type: "quantitative" },
            { field: "count", type: "quantitative", title: "in the class" },
            { field: "total", type: "quantitative", title: "in all" },
          ],
        },
      },
      resolve: { scale: { y: "independent" } },
      config: CONFIG,
    } as TopLevelSpec,
  };
}
