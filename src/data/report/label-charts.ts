/** Plots of labels: rows of each class, or how numbers are spread. */
import type { TopLevelSpec } from "vega-lite";
import { type Chart, type ChartLook, chartStyle, POWERS, titled } from "./chart-look.js";
import type { DataReport } from "./data-report.js";
import type { NumberSummary } from "./number-summary.js";

/** Classes drawn at most: the others would be hairlines. */
const MOST_BARS = 100;

/** Rows of each class, a bar for each part. */
export function labelChart(report: DataReport, scale: "linear" | "log", look: ChartLook): Chart {
  const { names, counts } = report.labels;
  const order = names
    .map((_, id) => id)
    .sort((a, b) => (counts[b] as number) - (counts[a] as number))
    .slice(0, MOST_BARS);
  const several = report.parts.length > 1;
  const parts = several ? report.parts : [{ name: "all", rows: report.rows, counts }];
  const values = order.flatMap((id) =>
    parts.map((part) => ({
      label: names[id],
      part: part.name,
      rows: part.counts[id] as number,
      share: (part.counts[id] as number) / Math.max(1, part.rows),
    })),
  );
  const title = `Rows of each class${scale === "log" ? ", logarithmic" : ""}${names.length > MOST_BARS ? ` (the ${MOST_BARS} largest of ${names.length})` : ""}`;
  const step = names.length > 40 ? 13 : names.length > 15 ? 16 : several ? 12 * parts.length + 6 : 24;
  const partNames = parts.map((part) => part.name);
  return {
    name: `labels-${scale}`,
    title,
    spec: {
      ...chartStyle(look),
      ...titled(look, title),
      width: look.width,
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
          axis: { labelFontSize: names.length > 40 ? 10 : 11 },
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
                axis: { format: ",d", tickCount: 5, tickMinStep: 1 },
              },
        ...(scale === "log" ? { x2: { datum: 0.5 } } : {}),
        ...(several
          ? {
              yOffset: { field: "part", sort: partNames },
              color: { field: "part", type: "nominal" as const, sort: partNames, title: null },
            }
          : { color: { value: look.palette[0] as string } }),
        tooltip: [
          { field: "label", type: "nominal" },
          ...(several ? [{ field: "part", type: "nominal" as const }] : []),
          { field: "rows", type: "quantitative", format: ",d" },
          { field: "share", type: "quantitative", format: ".2%" },
        ],
      },
    } as TopLevelSpec,
  };
}

/** How the numbers that are to be predicted are spread, as shares of each part. */
export function numberChart(report: DataReport, all: NumberSummary, look: ChartLook): Chart {
  const title = "How the numbers are spread";
  const several = report.parts.length > 1;
  const parts = several ? Object.entries(report.labels.numbersByPart) : [["all", all] as const];
  const width = (all.maximum - all.minimum) / all.counts.length || 1;
  const values = parts.flatMap(([part, { counts, count }]) =>
    counts.map((rows, i) => ({
      part,
      from: all.minimum + i * width,
      to: all.minimum + (i + 1) * width,
      rows,
      share: rows / Math.max(1, count),
    })),
  );
  return {
    name: "numbers",
    title,
    spec: {
      ...chartStyle(look),
      ...titled(look, title),
      width: look.width,
      height: 220,
      data: { values },
      mark: several ? { type: "line", interpolate: "step-after", tooltip: true } : { type: "bar", tooltip: true },
      encoding: {
        x: { field: "from", type: "quantitative", title: "number", ...(several ? {} : { bin: { binned: true } }) },
        ...(several ? {} : { x2: { field: "to" } }),
        y: { field: several ? "share" : "rows", type: "quantitative", title: several ? "share of the part" : "rows" },
        color: several
          ? { field: "part", type: "nominal", sort: parts.map(([name]) => name), title: null }
          : { value: look.palette[0] },
      },
    } as TopLevelSpec,
  };
}
