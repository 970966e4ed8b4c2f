import { describe, expect, it } from "vitest";
import { createRandom } from "../base/random.js";
import { createMetrics } from "./create-metrics.js";
import { formatReport } from "./format-report.js";
import type { ClassificationReport } from "./report.js";

/** The report on rows given as [true class, predicted class, how many]. */
function reportOf(
  labels: readonly string[],
  rows: readonly (readonly [number, number, number])[],
): ClassificationReport {
  const metrics = createMetrics("single-label", labels);
  for (const [truth, predicted, times] of rows) {
    for (let i = 0; i < times; i++)
      metrics.update(
        [truth],
        Float32Array.from(labels, (_, k) => (k === predicted ? 1 : 0)),
      );
  }
  return metrics.result();
}

describe("formatReport", () => {
  it("shows classes, averages, whole-set metrics, the majority class and the confusion matrix", () => {
    const text = formatReport(
      reportOf(
        ["negative", "positive"],
        [
          [0, 0, 3],
          [0, 1, 1],
          [1, 1, 5],
          [1, 0, 1],
        ],
      ),
    );
    expect(text).toBe(
      [
        "              precision     recall         f1    support",
        "",
        "    negative     0.7500     0.7500     0.7500          4",
        "    positive     0.8333     0.8333     0.8333          6",
        "",
        "    accuracy                           0.8000         10",
        "   macro avg     0.7917     0.7917     0.7917         10",
        "weighted avg     0.8000     0.8000     0.8000         10",
        "",
        "loss                     0.5133",
        "accuracy                 0.8000",
        'majority-class accuracy  0.6000  (always answering "positive")',
        "balanced accuracy        0.7917",
        "Matthews correlation     0.5833",
        "",
        "confusion matrix (rows: true class, columns: predicted)",
        "",
        "          negative  positive",
        "negative         3         1",
        "positive         1         5",
      ].join("\n"),
    );
  });

  it("heads the columns by numbers where names are too long for one screen", () => {
    const labels = Array.from({ length: 8 }, (_, k) => `a rather long class name ${k}`);
    const text = formatReport(
      reportOf(labels, [
        [0, 0, 2],
        [7, 2, 1],
      ]),
    );
    expect(text).toContain("a rather long class name 7 [8]    0    0    1    0    0    0    0    0");
    expect(longestLine(text)).toBeLessThanOrEqual(100);
  });

  it("lists the worst pairs for 77 classes instead of a matrix", () => {
    const labels = Array.from({ length: 77 }, (_, k) => `intent_${k}`);
    const random = createRandom(1);
    const noise = Array.from({ length: 60 }, () => [random.integer(77), random.integer(77), 1] as const);
    const text = formatReport(reportOf(labels, [...noise, [3, 70, 21], [5, 5, 9]]));
    expect(text).not.toContain("confusion matrix");
    const lines = text.split("\n");
    const head = lines.findIndex((line) => line.startsWith("the 10 pairs confused most often"));
    expect(lines[head + 2]).toMatch(/^21 {2}intent_3 → intent_70$/);
    expect(lines.length).toBe(head + 12);
    expect(lines.filter((line) => /^ *intent_\d+ /.test(line))).toHaveLength(77);
    expect(longestLine(text)).toBeLessThanOrEqual(80);
  });

  it("keeps a hostile or long label on one line of bounded width", () => {
    const text = formatReport(
      reportOf(
        ["a\nb\u001b[31m", "x".repeat(500)],
        [
          [0, 0, 1],
          [1, 1, 1],
        ],
      ),
    );
    expect(text).not.toContain("\u001b");
    expect(text).toContain(" a b     1.0000");
    expect(longestLine(text)).toBeLessThanOrEqual(100);
  });

  it("keeps columns apart, however long their names, and marks what a class does not have", () => {
    const metrics = createMetrics("single-label", ["a", "b", "none"], {
      metrics: ["precisionAtRecall@0.25", "rocAuc", "specificity"],
    });
    metrics.update([0, 1], [3, 0, 0, 0, 2, 1]);
    const [head, , first, , last] = formatReport(metrics.result()).split("\n");
    expect(head.trim().split(/ {2,}/)).toEqual([
      "precision",
      "recall",
      "f1",
      "specificity",
      "ROC AUC",
      "precision at recall 0.25",
      "support",
    ]);
    expect(first.trim().split(/ {2,}/)).toEqual(["a", "1.0000", "1.0000", "1.0000", "1.0000", "1.0000", "1.0000", "1"]);
    expect(last).toMatch(/none .* – .* 0$/);
    expect(new Set([head, first, last].map(({ length }) => length)).size).toBe(1);
  });

  it("shows labels with three averages and without a matrix", () => {
    const metrics = createMetrics("multi-label", ["toxic", "insult"]);
    metrics.update([1, 0, 1, 1], [2, -1, 1, -1]);
    expect(formatReport(metrics.result())).toBe(
      [
        "              precision     recall         f1    support",
        "",
        "       toxic     1.0000     1.0000     1.0000          2",
        "      insult     0.0000     0.0000     0.0000          1",
        "",
        "   micro avg     1.0000     0.6667     0.8000          3",
        "   macro avg     0.5000     0.5000     0.5000          3",
        "weighted avg     0.6667     0.6667     0.6667          3",
        "",
        "loss          0.5167",
        "accuracy      0.5000",
        "Hamming loss  0.2500",
      ].join("\n"),
    );
  });

  it("shows the numbers of a regression", () => {
    const metrics = createMetrics("regression", ["stars"]);
    metrics.update([1, 2, 4], [1, 4, 3]);
    const lines = formatReport(metrics.result()).split("\n");
    expect(lines).toContain("mean absolute error      1.0000");
    expect(lines.length).toBe(7);
  });

  it("says so when nothing was wrong among many classes, or nothing was evaluated", () => {
    const labels = Array.from({ length: 30 }, (_, k) => `${k}`);
    expect(formatReport(reportOf(labels, [[4, 4, 2]]))).toContain("no row was classified wrongly");
    expect(formatReport(reportOf(labels, []))).toBe("no rows were evaluated");
  });
});

function longestLine(text: string): number {
  return Math.max(...text.split("\n").map((line) => line.length));
}
