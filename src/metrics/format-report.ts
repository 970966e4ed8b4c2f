/** A classification report as text for a terminal. */

import { oneLine, padded, widthOf } from "../base/printable.js";
import type { Metric } from "./define-metric.js";
import { METRICS } from "./registry.js";
import type { AnyReport, ClassificationReport, ClassReport, MultiLabelReport, Report } from "./report.js";

const DIGITS = 4;
const LABEL_WIDTH = 32;
const CELL = 11;
/** With more classes than this the matrix gives way to a list of the pairs confused most often. */
const MATRIX_CLASSES = 20;
const MATRIX_WIDTH = 100;
const PAIRS = 10;
/** Where a class does not have a metric. */
const NONE = "–";

/** A metric of the report, by its field, with the title of its column. */
interface Column {
  readonly field: string;
  readonly title: string;
  readonly record: Metric;
}

/**
 * `report` as a table of classes, averages and whole-set metrics with the majority-class accuracy, followed by the
 * confusion matrix, or for many classes by the pairs confused most often. Lines end in "\n" but the last;
 * long labels are cut, control characters in them are shown as spaces.
 *
 * @example
 * console.log(formatReport(await classifier.evaluate(test)));
 */
export function formatReport(report: Report): string {
  if (report.examples === 0) return "no rows were evaluated";
  if (report.family === "regression") return wholeSet(report, [], []).join("\n");
  const labels = report.perClass.map(({ label }) => oneLine(label.trim(), LABEL_WIDTH));
  const supports = report.perClass.map(({ support }) => support);
  const blocks = [table(report, labels), wholeSet(report, labels, supports)];
  if (report.family !== "multi-label") blocks.push(confusions(report, labels));
  return blocks.map((lines) => lines.join("\n")).join("\n\n");
}

function table(report: ClassificationReport | MultiLabelReport, labels: readonly string[]): string[] {
  const columns = columnsOf(report, report.macro);
  const averages =
    report.family === "multi-label"
      ? { "micro avg": report.micro, "macro avg": report.macro, "weighted avg": report.weighted }
      : { "macro avg": report.macro, "weighted avg": report.weighted };
  const width = Math.max(...[...labels, ...Object.keys(averages)].map(widthOf));
  const cells = columns.map(({ title }) => Math.max(CELL, title.length + 2));
  const row = (head: string, values: Readonly<Record<string, unknown>>, support: number): string =>
    padded(head, width, "before") +
    columns.map(({ field }, i) => shown(values[field]).padStart(cells[i])).join("") +
    String(support).padStart(CELL);
  const support =
    report.family === "multi-label" ? report.perClass.reduce((sum, one) => sum + one.support, 0) : report.examples;
  const head =
    " ".repeat(width) + columns.map(({ title }, i) => title.padStart(cells[i])).join("") + "support".padStart(CELL);
  return [
    head,
    "",
    ...report.perClass.map((one: ClassReport, k) => row(labels[k], one, one.support)),
    "",
    // The micro averages of precision, recall and F1 are all the accuracy, as every row has one label and one prediction.
    ...(report.family === "multi-label"
      ? []
      : [
          padded("accuracy", width, "before") +
            columns.map(({ field }, i) => (field === "f1" ? shown(report.accuracy) : "").padStart(cells[i])).join("") +
            String(report.examples).padStart(CELL),
        ]),
    ...Object.entries(averages).map(([name, values]) => row(name, values, support)),
  ];
}

function wholeSet(report: Report, labels: readonly string[], supports: readonly number[]): string[] {
  const columns = columnsOf(report, report as unknown as AnyReport);
  const width = Math.max(...columns.map(({ title }) => title.length));
  return columns.map(({ field, title, record }) => {
    const value = shown((report as unknown as AnyReport)[field]);
    const remark = "remark" in record ? record.remark?.(labels, supports) : undefined;
    return `${title.padEnd(width)}  ${value}${remark === undefined ? "" : `  (${remark})`}`;
  });
}

/** The metrics of the report's family that stand in `values`, in the order of the registry. */
function columnsOf({ family }: Report, values: Readonly<Record<string, unknown>>): Column[] {
  const records: readonly Metric[] = METRICS.filter(({ families }) => (families as readonly string[]).includes(family));
  return records.flatMap((record) =>
    Object.keys(values)
      .filter((field) => field === record.name || field.startsWith(`${record.name}@`))
      .map((field) => {
        const parameter = field.split("@")[1] ?? record.parameter?.default;
        return { field, title: parameter === undefined ? record.title : `${record.title} ${parameter}`, record };
      }),
  );
}

function shown(value: unknown): string {
  return typeof value === "number" ? value.toFixed(DIGITS) : NONE;
}

function confusions(report: ClassificationReport, labels: readonly string[]): string[] {
  return labels.length > MATRIX_CLASSES ? pairs(report, labels) : matrix(report, labels);
}

function matrix(report: ClassificationReport, labels: readonly string[]): string[] {
  const digits = Math.max(...report.confusion.flat().map((n) => String(n).length));
  const columns = (heads: readonly string[]): number[] => heads.map((head) => Math.max(digits, widthOf(head)) + 2);
  const width = (heads: readonly string[], sides: readonly string[]): number =>
    Math.max(...sides.map(widthOf)) + columns(heads).reduce((a, b) => a + b, 0);
  // Where the names do not fit side by side, columns are headed by numbers that the rows explain.
  const named = width(labels, labels) <= MATRIX_WIDTH;
  const heads = named ? labels : labels.map((_, k) => `[${k + 1}]`);
  const sides = named ? labels : labels.map((label, k) => `${label} [${k + 1}]`);
  const side = Math.max(...sides.map(widthOf));
  const widths = columns(heads);
  const line = (head: string, cells: readonly string[]): string =>
    padded(head, side, "before") + cells.map((cell, k) => padded(cell, widths[k] as number, "before")).join("");
  return [
    "confusion matrix (rows: true class, columns: predicted)",
    "",
    line("", heads),
    ...report.confusion.map((row, k) => line(sides[k] as string, row.map(String))),
  ];
}

function pairs(report: ClassificationReport, labels: readonly string[]): string[] {
  const wrong = report.confusion
    .flatMap((row, truth) => row.map((count, predicted) => ({ truth, predicted, count })))
    .filter(({ truth, predicted, count }) => truth !== predicted && count > 0)
    .sort((a, b) => b.count - a.count || a.truth - b.truth || a.predicted - b.predicted);
  if (wrong.length === 0) return ["no row was classified wrongly"];
  const shown = wrong.slice(0, PAIRS);
  const digits = Math.max(...shown.map(({ count }) => String(count).length));
  const head = wrong.length > PAIRS ? `the ${PAIRS} pairs confused most often, of ${wrong.length}` : "pairs confused";
  return [
    `${head} (rows, true class → predicted)`,
    "",
    ...shown.map(
      ({ truth, predicted, count }) => `${String(count).padStart(digits)}  ${labels[truth]} → ${labels[predicted]}`,
    ),
  ];
}
