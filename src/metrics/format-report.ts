/** A classification report as text for a terminal. */

import type { ClassificationReport, ClassValues } from "./classification-metrics.js";
import type { ScalarMetric } from "./define-metric.js";
import { classMetrics, scalarMetrics } from "./registry.js";

const DIGITS = 4;
const LABEL_WIDTH = 32;
const CELL = 11;
/** With more classes than this the matrix gives way to a list of the pairs confused most often. */
const MATRIX_CLASSES = 20;
const MATRIX_WIDTH = 100;
const PAIRS = 10;

const fields = Object.keys(classMetrics) as (keyof typeof classMetrics)[];

/**
 * `report` as a table of classes, averages and whole-set metrics with the majority-class accuracy, followed by the
 * confusion matrix, or for many classes by the pairs confused most often. Lines end in "\n" but the last;
 * long labels are cut, control characters in them are shown as spaces.
 */
export function formatReport(report: ClassificationReport): string {
  if (report.examples === 0) return "no rows were evaluated";
  const labels = report.perClass.map(({ label }) => printable(label));
  return [...table(report, labels), "", ...wholeSet(report, labels), "", ...confusions(report, labels)].join("\n");
}

function table(report: ClassificationReport, labels: readonly string[]): string[] {
  const averages = { "macro avg": report.macro, "weighted avg": report.weighted };
  const width = Math.max(...[...labels, ...Object.keys(averages)].map(lengthOf));
  const row = (head: string, values: ClassValues, support: number): string =>
    padStart(head, width) +
    fields.map((f) => values[f].toFixed(DIGITS).padStart(CELL)).join("") +
    String(support).padStart(CELL);
  // The micro averages are all the accuracy, as every row has one label and one prediction.
  const accuracy =
    padStart("accuracy", width) +
    report.accuracy.toFixed(DIGITS).padStart(CELL * fields.length) +
    String(report.examples).padStart(CELL);
  return [
    " ".repeat(width) +
      [...fields.map((f) => classMetrics[f].title), "support"].map((title) => title.padStart(CELL)).join(""),
    "",
    ...report.perClass.map((one, k) => row(labels[k] as string, one, one.support)),
    "",
    accuracy,
    ...Object.entries(averages).map(([head, values]) => row(head, values, report.examples)),
  ];
}

function wholeSet(report: ClassificationReport, labels: readonly string[]): string[] {
  const supports = report.perClass.map(({ support }) => support);
  const records = Object.entries<ScalarMetric>(scalarMetrics);
  const width = Math.max(...records.map(([, { title }]) => title.length));
  return records.map(([field, { title, remark }]) => {
    const value = report[field as keyof typeof scalarMetrics].toFixed(DIGITS);
    return `${title.padEnd(width)}  ${value}${remark === undefined ? "" : `  (${remark(labels, supports)})`}`;
  });
}

function confusions(report: ClassificationReport, labels: readonly string[]): string[] {
  return labels.length > MATRIX_CLASSES ? pairs(report, labels) : matrix(report, labels);
}

function matrix(report: ClassificationReport, labels: readonly string[]): string[] {
  const digits = Math.max(...report.confusion.flat().map((n) => String(n).length));
  const columns = (heads: readonly string[]): number[] => heads.map((head) => Math.max(digits, lengthOf(head)) + 2);
  const width = (heads: readonly string[], sides: readonly string[]): number =>
    Math.max(...sides.map(lengthOf)) + columns(heads).reduce((a, b) => a + b, 0);
  // Where the names do not fit side by side, columns are headed by numbers that the rows explain.
  const named = width(labels, labels) <= MATRIX_WIDTH;
  const heads = named ? labels : labels.map((_, k) => `[${k + 1}]`);
  const sides = named ? labels : labels.map((label, k) => `${label} [${k + 1}]`);
  const side = Math.max(...sides.map(lengthOf));
  const widths = columns(heads);
  const line = (head: string, cells: readonly string[]): string =>
    padStart(head, side) + cells.map((cell, k) => padStart(cell, widths[k] as number)).join("");
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

/** `label` on one line, without terminal control sequences, at most {@link LABEL_WIDTH} characters. */
function printable(label: string): string {
  const characters = [...label.replace(/\p{Cc}+/gu, " ").trim()];
  return characters.length <= LABEL_WIDTH ? characters.join("") : `${characters.slice(0, LABEL_WIDTH - 1).join("")}…`;
}

function lengthOf(text: string): number {
  return [...text].length;
}

function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - lengthOf(text))) + text;
}
