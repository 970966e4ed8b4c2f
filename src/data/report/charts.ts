/** The plots of a report as Vega-Lite specifications. */
import { type Chart, type ChartLook, PICTURE } from "./chart-look.js";
import type { DataReport } from "./data-report.js";
import { labelChart, numberChart } from "./label-charts.js";
import { lengthByClassChart, lengthChart } from "./length-charts.js";
import { wordChart } from "./word-charts.js";

/** All plots of a report. A page shows words in a form of its own. */
export function reportCharts(report: DataReport, look: ChartLook = PICTURE): readonly Chart[] {
  const { labels, lengths, words } = report;
  return [
    ...(labels.numbers === undefined ? [] : [numberChart(report, labels.numbers, look)]),
    ...(labels.names.length > 0 ? [labelChart(report, "linear", look), labelChart(report, "log", look)] : []),
    ...lengths.flatMap((length) => [
      ...(["linear", "log", "cumulative"] as const).map((scale) => lengthChart(report, length, scale, look)),
      ...(length.byLabel.length > 1 ? [lengthByClassChart(length, look)] : []),
    ]),
    ...(look.titled && words.some(({ contentWords }) => contentWords.length > 0) ? [wordChart(report, look)] : []),
  ];
}
