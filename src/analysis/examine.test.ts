import { describe, expect, it } from "vitest";
import { analysisCases, outputsOf, twoClasses } from "../../tests/support/golden-analysis.js";
import { createMetrics } from "../metrics/create-metrics.js";
import type { Decision } from "../metrics/decide.js";
import { atTemperature } from "../metrics/outputs.js";
import type { ClassificationReport } from "../metrics/report.js";
import { errorRows } from "./error-rows.js";
import { examine } from "./examine.js";

const outputs = outputsOf(analysisCases[0]);
const reportAt = ({ temperature = 1, threshold }: Decision): ClassificationReport => {
  const metrics = createMetrics("single-label", outputs.labels, { threshold });
  const { targets, logits } = atTemperature(outputs, temperature);
  metrics.update(targets, logits);
  return metrics.result();
};

describe("an examination", () => {
  it("finds the threshold at the temperature that it finds, and measures with both", async () => {
    const found = await examine(outputs, { decision: {}, calibrate: true, findThreshold: { metric: "f1" } });
    expect(found.decision.temperature).toBeCloseTo(analysisCases[0].temperature, 5);
    expect(found.report).toEqual(reportAt(found.decision));
    expect((found.report as ClassificationReport).perClass[1].f1).toBeCloseTo(
      analysisCases[0].thresholds?.[0].f1 as number,
      10,
    );
    expect(found.calibration?.lossBefore).toBeCloseTo(reportAt({}).loss, 12);
    expect(found.report.loss).toBeLessThan(reportAt({}).loss);
  });

  it("keeps answers where a threshold stays and the temperature changes", async () => {
    const decision = { threshold: 0.8, temperature: 0.7 };
    const found = await examine(outputs, { decision, calibrate: true });
    expect(found.decision.threshold).not.toBeCloseTo(0.8, 3);
    const { confusion } = found.report as ClassificationReport;
    expect(confusion).toEqual(reportAt(decision).confusion);
  });

  it("measures by the decision there is, or by another threshold", async () => {
    const decision = { threshold: 0.9, temperature: 2 };
    expect((await examine(outputs, { decision })).report).toEqual(reportAt(decision));
    const other = await examine(outputs, { decision, threshold: 0.1 });
    expect(other.report).toEqual(reportAt({ ...decision, threshold: 0.1 }));
  });

  it("draws intervals and makes slices with the answers of the decision", async () => {
    const found = await examine(twoClasses([0, 1, 1, 0], [-1, 1, 1, 1]), {
      decision: { threshold: 1 },
      interval: { metric: "accuracy", samples: 20 },
      slices: { values: ["a", "b", "b", "a"], metric: "accuracy" },
    });
    expect(found.interval).toMatchObject({ metric: "accuracy", value: 0.5 });
    expect(found.slices?.map(({ value, metric }) => [value, metric])).toEqual([
      ["b", 0],
      ["a", 1],
    ]);
  });
});

describe("rows worth a look", () => {
  it("are the wrong ones by the threshold, the hardest first", () => {
    const some = twoClasses([0, 1, 1, 0], [-1, 1, 3, 2]);
    expect(errorRows(some).map(({ row, labels, predicted }) => [row, labels, predicted])).toContainEqual([
      3,
      ["ham"],
      ["spam"],
    ]);
    const strict = errorRows(some, 0.99);
    expect(strict.filter(({ predicted }) => predicted[0] === "ham").map(({ row }) => row)).toEqual(
      expect.arrayContaining([1, 2]),
    );
    const losses = strict.map(({ loss }) => loss);
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
  });

  it("of several labels say what is given, answered and suggested", () => {
    const rows = errorRows({
      family: "multi-label",
      labels: ["rude", "toxic"],
      rows: 4,
      targets: [1, 1, 1, 0, 0, 0, 0, 1],
      logits: Float32Array.of(4, 4, 4, 4, -4, -4, -4, 4),
    });
    expect(rows.map(({ row, labels, predicted, suggested }) => ({ row, labels, predicted, suggested }))).toEqual([
      { row: 1, labels: ["rude"], predicted: ["rude", "toxic"], suggested: ["rude", "toxic"] },
    ]);
  });
});
