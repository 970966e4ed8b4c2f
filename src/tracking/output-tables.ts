/** What a model put out for held-out rows, as tables: predictions with the worst first, and curves. */
import { curvesOf } from "../analysis/curves.js";
import { hardestFirst, rowLosses } from "../analysis/row-losses.js";
import { logitsOfClasses, type Outputs } from "../metrics/outputs.js";
import { Table } from "./table.js";

/** Characters of a text that a table keeps. */
export const LONGEST_TEXT = 1000;
/** Points of a curve, and labels that get one. */
const MOST_POINTS = 200;
const MOST_LABELS = 20;

/**
 * Tables of `outputs`: `predictions`, whose rows are in the order of their loss, the highest first, and for classes `roc`,
 * `precisionRecall` and `reliability`.
 *
 * @param textOf the text of a row
 */
export function outputTables(outputs: Outputs, textOf: (row: number) => string): Record<string, Table> {
  const tables: Record<string, Table> = { predictions: predictions(outputs, textOf) };
  if (outputs.family === "regression" || outputs.rows === 0) return tables;
  const { roc, precisionRecall, reliability } = curvesOf(outputs);
  tables.roc = curve(
    ["label", "falsePositiveRate", "truePositiveRate", "threshold"],
    roc.map((one) => [one.label, one.falsePositiveRate, one.truePositiveRate, one.thresholds]),
  );
  tables.precisionRecall = curve(
    ["label", "recall", "precision", "threshold"],
    precisionRecall.map((one) => [one.label, one.recall, one.precision, one.thresholds]),
  );
  tables.reliability = new Table({
    kind: "curve",
    columns: ["from", "to", "count", "confidence", "accuracy"],
    data: reliability.map(({ from, to, count, confidence, accuracy }) => [from, to, count, confidence, accuracy]),
  });
  return tables;
}

function predictions(outputs: Outputs, textOf: (row: number) => string): Table {
  const losses = rowLosses(outputs);
  const { truth, answer } = reading(outputs);
  const table = new Table({ columns: ["row", "text", "truth", "prediction", "loss"] });
  for (const row of hardestFirst(losses))
    table.addData(row, [...textOf(row)].slice(0, LONGEST_TEXT).join(""), truth(row), answer(row), losses[row]);
  return table;
}

/** How truth and answer of a row are written. */
function reading({
  family,
  labels,
  targets,
  logits: given,
}: Outputs): Record<"truth" | "answer", (row: number) => unknown> {
  const width = labels.length;
  const logits = logitsOfClasses(family, given);
  const rowOf = (values: ArrayLike<number>, row: number): number[] =>
    labels.map((_, label) => values[row * width + label]);
  const chosen = (values: readonly number[], from: number): string =>
    labels.filter((_, label) => values[label] > from).join(", ");
  switch (family) {
    case "regression":
      return { truth: (row) => one(rowOf(targets, row)), answer: (row) => one(rowOf(logits, row)) };
    case "multi-label":
      return { truth: (row) => chosen(rowOf(targets, row), 0.5), answer: (row) => chosen(rowOf(logits, row), 0) };
    default:
      return {
        truth: (row) => labels[targets[row]],
        answer(row) {
          const scores = rowOf(logits, row);
          return labels[scores.indexOf(Math.max(...scores))];
        },
      };
  }
}

const one = (values: readonly number[]): unknown => (values.length === 1 ? values[0] : values);

/** Curves of several labels under one another, each thinned to its first, its last, and points evenly between. */
function curve(columns: readonly string[], curves: readonly (readonly [string, ...(readonly number[])[]])[]): Table {
  const table = new Table({ kind: "curve", columns });
  for (const [label, ...coordinates] of curves.slice(0, MOST_LABELS)) {
    const last = coordinates[0].length - 1;
    const points = Math.min(last + 1, MOST_POINTS);
    for (let i = 0; i < points; i++) {
      const at = points === 1 ? 0 : Math.round((i * last) / (points - 1));
      table.addData(label, ...coordinates.map((values) => values[at]));
    }
  }
  return table;
}
