/** Pictures of the words that tell the classes. */
import type { TopLevelSpec } from "vega-lite";
import { type Chart, type ChartLook, chartStyle, titled } from "./chart-look.js";
import type { ClassWords, DataReport } from "./data-report.js";

/** Classes that get bars of their own; more get a line of words each. */
const MOST_BARS = 12;
const MOST_LINES = 100;
const WORDS = 5;

/** The most telling words of each class that are no stop words. */
export function wordChart(report: DataReport, look: ChartLook): Chart {
  const telling = report.words.filter(({ contentWords }) => contentWords.length > 0);
  return telling.length > MOST_BARS ? wordTiles(telling, look) : wordBars(telling, look);
}

function wordBars(telling: readonly ClassWords[], look: ChartLook): Chart {
  const values = telling.flatMap(({ label, contentWords, pairs }) =>
    [...contentWords.slice(0, 10), ...pairs.slice(0, 5)].map(({ word, z, count, total }) => ({
      label,
      word,
      z: Math.round(z * 10) / 10,
      count,
      total,
    })),
  );
  const columns = telling.length === 4 ? 2 : Math.min(3, telling.length);
  const title = "Most telling words and pairs of words of each class";
  return {
    name: "words",
    title,
    spec: {
      ...chartStyle(look),
      ...titled(look, title, "without stop words; the number counts occurrences in the class"),
      data: { values },
      facet: { field: "label", type: "nominal", title: null, header: { labelFontSize: 12, labelFontWeight: "bold" } },
      columns,
      spacing: 16,
      spec: {
        width: Math.floor(620 / columns) - 90,
        height: { step: 15 },
        encoding: {
          y: { field: "word", type: "nominal", sort: { field: "z", order: "descending" }, title: null },
          x: { field: "z", type: "quantitative", title: "log-odds, standard deviations" },
        },
        layer: [
          { mark: { type: "bar", color: look.palette[0] } },
          {
            mark: { type: "text", align: "left", dx: 3, fontSize: 9, color: look.soft },
            encoding: { text: { field: "count", type: "quantitative", format: "," } },
          },
        ],
      },
      resolve: { scale: { y: "independent" } },
    } as TopLevelSpec,
  };
}

/** A line for each class, its words as tiles, the darker the more telling. */
function wordTiles(telling: readonly ClassWords[], look: ChartLook): Chart {
  const shown = telling.slice(0, MOST_LINES);
  const values = shown.flatMap(({ label, contentWords }) =>
    contentWords.slice(0, WORDS).map(({ word, z, count }, place) => ({ label, word, z, count, place: place + 1 })),
  );
  const title = "Most telling words of each class";
  return {
    name: "words",
    title,
    spec: {
      ...chartStyle(look),
      ...titled(look, title, "without stop words; the darker, the more telling"),
      width: { step: 104 },
      height: { step: 16 },
      data: { values },
      encoding: {
        y: { field: "label", type: "nominal", title: null, sort: shown.map(({ label }) => label) },
        x: { field: "place", type: "ordinal", title: null, axis: null },
      },
      layer: [
        {
          mark: { type: "rect", color: look.palette[4], stroke: "white" },
          encoding: {
            opacity: { field: "z", type: "quantitative", scale: { range: [0.1, 0.9] }, legend: null },
          },
        },
        { mark: { type: "text", fontSize: 10, color: look.ink, limit: 100 }, encoding: { text: { field: "word" } } },
      ],
    } as TopLevelSpec,
  };
}
