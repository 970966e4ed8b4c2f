/** The curves of a classifier as Vega-Lite specifications. */

import { type Chart, chartStyle } from "../data/report/chart-look.js";
import type { Curves } from "./curves.js";

/** Labels drawn at most: more curves could not be told apart. */
const MOST_LABELS = 10;
/** Points of a curve drawn at most. */
const MOST_POINTS = 400;
const SIZE = 420;
const BAR = "#0072b2";

/** ROC curves, precision-recall curves and reliability; labels beyond the first ten are left out. */
export function curveCharts({ roc, precisionRecall, reliability }: Curves): readonly Chart[] {
  return [
    ...(roc.length === 0
      ? []
      : [
          lines(
            "roc",
            "ROC curve",
            ["false positive rate", "true positive rate"],
            roc.slice(0, MOST_LABELS).map((curve) => ({
              label: `${curve.label} (area ${curve.area.toFixed(3)})`,
              x: curve.falsePositiveRate,
              y: curve.truePositiveRate,
            })),
          ),
        ]),
    ...(precisionRecall.length === 0
      ? []
      : [
          lines(
            "precision-recall",
            "Precision and recall",
            ["recall", "precision"],
            precisionRecall.slice(0, MOST_LABELS).map((curve) => ({
              label: `${curve.label} (average ${curve.averagePrecision.toFixed(3)})`,
              x: curve.recall,
              y: curve.precision,
            })),
          ),
        ]),
    reliabilityChart(reliability),
  ];
}

interface Line {
  readonly label: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

function lines(name: string, title: string, [x, y]: readonly [string, string], curves: readonly Line[]): Chart {
  const values = curves.flatMap((curve) =>
    thinned(curve.x.length).map((k) => ({ label: curve.label, order: k, x: curve.x[k], y: curve.y[k] })),
  );
  return {
    name,
    title,
    spec: {
      ...chartStyle(),
      title,
      width: SIZE,
      height: SIZE,
      data: { values },
      mark: { type: "line", interpolate: name === "roc" ? "linear" : "step-before", strokeWidth: 2 },
      encoding: {
        x: { field: "x", type: "quantitative", title: x, scale: { domain: [0, 1] } },
        y: { field: "y", type: "quantitative", title: y, scale: { domain: [0, 1] } },
        order: { field: "order", type: "quantitative" },
        color: {
          field: "label",
          type: "nominal",
          title: null,
          sort: null,
          legend: { orient: "bottom", columns: 1, labelLimit: SIZE },
        },
      },
    },
  };
}

function reliabilityChart(bins: Curves["reliability"]): Chart {
  const title = "Reliability of probabilities";
  return {
    name: "reliability",
    title,
    spec: {
      ...chartStyle(),
      title,
      width: SIZE,
      height: SIZE,
      layer: [
        {
          data: { values: bins.filter(({ count }) => count > 0).map((bin) => ({ ...bin })) },
          mark: { type: "bar", color: BAR },
          encoding: {
            x: {
              field: "from",
              type: "quantitative",
              bin: { binned: true },
              title: "probability of the answer",
              scale: { domain: [0, 1] },
            },
            x2: { field: "to" },
            y: { field: "accuracy", type: "quantitative", title: "share that is right", scale: { domain: [0, 1] } },
            // A bar of few answers says little.
            opacity: {
              field: "count",
              type: "quantitative",
              title: "answers",
              scale: { type: "sqrt", range: [0.2, 1] },
              legend: { orient: "bottom" },
            },
          },
        },
        {
          data: {
            values: [
              { x: 0, y: 0 },
              { x: 1, y: 1 },
            ],
          },
          mark: { type: "line", strokeDash: [5, 4], color: "#6b7280" },
          encoding: {
            x: { field: "x", type: "quantitative" },
            y: { field: "y", type: "quantitative" },
          },
        },
      ],
    },
  };
}

/** At most {@link MOST_POINTS} of `count` places, the first and the last among them. */
function thinned(count: number): number[] {
  if (count <= MOST_POINTS) return Array.from({ length: count }, (_, k) => k);
  return Array.from({ length: MOST_POINTS }, (_, k) => Math.round((k * (count - 1)) / (MOST_POINTS - 1)));
}
