import { describe, expect, it } from "vitest";
import { analysisCases, outputsOf, regression, twoClasses } from "../../tests/support/golden-analysis.js";
import { chooseMetric } from "../metrics/choose-metric.js";
import { createMetrics } from "../metrics/create-metrics.js";
import { errorRows } from "./error-rows.js";
import { findLabelErrors } from "./label-errors.js";
import { hardestFirst, rowLosses } from "./row-losses.js";
import { quarters, sliceBy } from "./slices.js";

describe("losses of rows", () => {
  it.each(analysisCases.map((one) => [one.name, one] as const))("of %s have the loss for their mean", (_, one) => {
    const outputs = outputsOf(one);
    const metrics = createMetrics(one.family, one.labels);
    metrics.update(outputs.targets, outputs.logits);
    const losses = rowLosses(outputs);
    expect(losses.reduce((sum, loss) => sum + loss, 0) / losses.length).toBeCloseTo(metrics.result().loss, 10);
  });

  it("are squared distances in a regression", () => {
    expect([...rowLosses(regression([1, 2], [1, 5]))]).toEqual([0, 9]);
  });

  it("of numbers make a list of all rows, the farthest off first", () => {
    expect(errorRows(regression([0.3, 2, 1234567], [0.3, 5, 1234567]))).toEqual([
      { row: 1, labels: ["2"], predicted: ["5"], loss: 9, suggested: undefined },
      { row: 0, labels: ["0.3"], predicted: ["0.3"], loss: expect.closeTo(0, 10), suggested: undefined },
      { row: 2, labels: ["1234567"], predicted: ["1234567"], loss: 0, suggested: undefined },
    ]);
  });

  it("put the hardest rows first, and equal ones in their order", () => {
    expect([...hardestFirst(Float64Array.of(0, 2, 1, 2))]).toEqual([1, 3, 2, 0]);
  });
});

describe("labels that are probably wrong", () => {
  it.each(analysisCases.filter(({ doubted }) => doubted !== undefined).map((one) => [one.name, one] as const))(
    "of %s are those of the confident joint",
    (_, one) => {
      const found = findLabelErrors(outputsOf(one));
      expect(found.map(({ row, suggested }) => ({ row, suggested }))).toEqual(
        one.doubted?.map(({ row, suggested }) => ({ row, suggested: one.labels[suggested] })),
      );
      for (const [i, { confidence }] of found.entries())
        expect(confidence).toBeCloseTo(one.doubted?.[i].confidence as number, 6);
    },
  );

  it("are found where labels were exchanged, and hardly elsewhere", () => {
    const targets = Array.from({ length: 100 }, (_, row) => row % 2);
    const logits = targets.map((target, row) => (target === 1 ? 1 : -1) * (1 + (row % 7)));
    // Of those whose answers are surer than the mean of their class.
    const wrong = [3, 40, 76];
    const found = findLabelErrors(
      twoClasses(
        targets.map((target, row) => (wrong.includes(row) ? 1 - target : target)),
        logits,
      ),
    );
    expect(found.map(({ row }) => row).sort((a, b) => a - b)).toEqual(wrong);
    expect(found.find(({ row }) => row === 3)).toMatchObject({ label: "ham", suggested: "spam" });
  });

  it("are not asked for in a regression", () => {
    expect(() => findLabelErrors(regression([1], [2]))).toThrow(/expected outputs of classes or labels/);
  });

  it("are suggested to be the most probable of the classes that are confident", () => {
    const probabilities = [0.42, 0.3, 0.28, 0.3, 0.42, 0.28, 0.45, 0.5, 0.05, 0.1, 0.1, 0.8];
    const found = findLabelErrors({
      family: "single-label",
      labels: ["a", "b", "c"],
      rows: 4,
      targets: [0, 1, 2, 2],
      logits: Float32Array.from(probabilities, Math.log),
    });
    expect(found.map(({ row, label, suggested }) => ({ row, label, suggested }))).toEqual([
      { row: 2, label: "c", suggested: "b" },
    ]);
  });

  it("of several labels a row are said one by one: wrongly given, or missing", () => {
    const yes = [1, 1, 1, 0, 0, 0];
    const found = findLabelErrors({
      family: "multi-label",
      labels: ["toxic"],
      rows: 6,
      targets: [1, 1, 0, 0, 0, 1],
      logits: Float32Array.from(yes, (one) => (one === 1 ? 4 : -4)),
    });
    expect(found.map(({ row, label, suggested }) => ({ row, label, suggested }))).toEqual([
      { row: 2, label: "toxic", suggested: true },
      { row: 5, label: "toxic", suggested: false },
    ]);
  });
});

describe("slices", () => {
  const outputs = twoClasses([0, 1, 1, 0, 1], [-1, 1, 1, 1, -1]);
  const accuracy = chooseMetric("accuracy", "binary");

  it("are measured each by itself, the worst first", () => {
    const found = sliceBy(outputs, ["mail", "mail", "chat", "chat", "chat"], accuracy);
    expect(found.map(({ value, rows, metric }) => [value, rows, metric])).toEqual([
      ["chat", 3, 1 / 3],
      ["mail", 2, 1],
    ]);
  });

  it("have no metric where they have no class for it, and then stand last", () => {
    const auc = chooseMetric("rocAuc:spam", "binary");
    const found = sliceBy(outputs, ["both", "both", "one", "both", "both"], auc);
    expect(found.map(({ value, metric }) => [value, metric === undefined])).toEqual([
      ["both", false],
      ["one", true],
    ]);
  });

  it("put numbers into quarters", () => {
    expect(quarters([1, 2, 3, 4, 5, 6, 7, 8, undefined])).toEqual([
      "1 … 2",
      "1 … 2",
      "above 2 … 4",
      "above 2 … 4",
      "above 4 … 6",
      "above 4 … 6",
      "above 6 … 8",
      "above 6 … 8",
      "(missing)",
    ]);
  });
});
