/** Learning curves in lines of text. */
import plot from "simple-ascii-chart";
import type { TrainingHistory } from "../training/callbacks.js";
import { type CurvePoint, learningCurves } from "../training/learning-curves.js";
import { shortNumber } from "./text-table.js";

const HEIGHT = 8;
const WIDEST = 60;
const MARKS = ["•", "×"] as const;
/** What a chart needs beside the curves: the numbers of its vertical axis. */
const MARGIN = 16;

/** Charts of the loss and of the first metric that the task shows; none where there is one point alone. */
export function drawHistory(history: TrainingHistory, width: number): string {
  const columns = Math.max(20, Math.min(WIDEST, width - MARGIN));
  return learningCurves(history)
    .slice(0, 2)
    .filter(({ training }) => training.length > 1)
    .map(({ name, training, validation }) => {
      const drawn = [training, validation].filter((points) => points.length > 1);
      let line = -1;
      const chart = plot(drawn.map(coordinates), {
        width: columns,
        height: HEIGHT,
        hideXAxisTicks: true,
        // Two lines could not be told apart without colours. The points of each come in turn, the first with index 0.
        lineFormatter: ({ plotX, plotY, index }) => {
          if (index === 0) line++;
          return { x: plotX, y: plotY, symbol: MARKS[line] as string };
        },
        formatter: (value, { axis }) => (axis === "y" ? shortNumber(value) : value),
      });
      const lines = chart.split("\n").map((row) => row.trimEnd());
      const legend = drawn.map(
        (points, i) => `${MARKS[i]} ${points === training ? "training" : "validation"} ${ends(points)}`,
      );
      return `${name}  ${legend.join("   ")}\n${lines.filter((row) => row !== "").join("\n")}\nepochs 1 to ${training.length}`;
    })
    .join("\n\n");
}

function coordinates(points: readonly CurvePoint[]): [number, number][] {
  return points.map(({ epoch, value }) => [epoch, value]);
}

function ends(points: readonly CurvePoint[]): string {
  return `${shortNumber((points[0] as CurvePoint).value)} to ${shortNumber((points.at(-1) as CurvePoint).value)}`;
}
