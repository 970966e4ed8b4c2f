/** Learning curves as Vega-Lite specifications: training beside validation, epoch by epoch. */
import { type Chart, chartStyle } from "../data/report/chart-look.js";
import type { TrainingHistory } from "./callbacks.js";
import { type CurvePoint, learningCurves } from "./learning-curves.js";

const WIDTH = 480;
const HEIGHT = 300;

/** One plot for the loss, one for each metric that the task shows. */
export function historyCharts(history: TrainingHistory): readonly Chart[] {
  return learningCurves(history).map(({ name, training, validation }) => {
    const values = [
      ...training.map((point) => ({ ...point, part: "training" })),
      ...validation.map((point) => ({ ...point, part: "validation" })),
    ];
    const title = `${name} by epoch`;
    const kept = validation.filter(({ best }) => best).at(-1);
    return {
      name: `learning-curve-${name}`,
      title,
      spec: {
        ...chartStyle(),
        title,
        width: WIDTH,
        height: HEIGHT,
        layer: [
          {
            data: { values },
            mark: { type: "line", point: true, strokeWidth: 2 },
            encoding: {
              x: { field: "epoch", type: "quantitative", title: "epoch", axis: { tickMinStep: 1 } },
              y: { field: "value", type: "quantitative", title: name, scale: { zero: false } },
              color: { field: "part", type: "nominal", title: null, sort: null, legend: { orient: "top" } },
            },
          },
          ...keptMark(kept),
        ],
      },
    };
  });
}

/** A ring around the evaluation whose weights were kept. */
function keptMark(kept: CurvePoint | undefined) {
  if (kept === undefined) return [];
  const { epoch, value } = kept;
  return [
    {
      data: { values: [{ epoch, value }] },
      mark: { type: "point", size: 160, color: "#111827" } as const,
      encoding: {
        x: { field: "epoch", type: "quantitative" } as const,
        y: { field: "value", type: "quantitative" } as const,
      },
    },
  ];
}
