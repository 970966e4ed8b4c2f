import { describe, expect, it } from "vitest";
import { type ChosenMetric, chooseMetric, isBetter, metricNames, metricValue } from "./chosen-metric.js";
import { createClassificationMetrics } from "./classification-metrics.js";

const metrics = createClassificationMetrics(["ham", "spam", "f1"]);
metrics.update([0, 0, 0, 1, 1, 2, 2], Float32Array.of(3, 0, 0, 2, 0, 0, 0, 1, 0, 0, 4, 0, 1, 0, 0, 0, 0, 5, 0, 1, 0));
const report = metrics.result();

describe("choosing a metric", () => {
  it.each([
    ["loss", report.loss],
    ["eval_loss", report.loss],
    ["val_accuracy", report.accuracy],
    ["accuracy", report.accuracy],
    ["balanced_accuracy", report.balancedAccuracy],
    ["balancedAccuracy", report.balancedAccuracy],
    ["matthews_corrcoef", report.matthews],
    ["mcc", report.matthews],
    ["f1", report.macro.f1],
    ["eval_f1", report.macro.f1],
    ["macroF1", report.macro.f1],
    ["f1_macro", report.macro.f1],
    ["eval_macro_f1", report.macro.f1],
    ["macro-f1", report.macro.f1],
    ["weightedF1", report.weighted.f1],
    ["recall_weighted", report.weighted.recall],
    ["microPrecision", report.micro.precision],
    ["f1:spam", report.perClass[1]?.f1],
    ["eval_recall:spam", report.perClass[1]?.recall],
    ["precision:f1", report.perClass[2]?.precision],
  ])("%s reads its own number", (name, value) => {
    expect(metricValue(report, name)).toBe(value);
  });

  it("gives every name of the list one spelling, which leads back to itself", () => {
    for (const name of metricNames) expect(chooseMetric(name).name).toBe(name);
    expect(metricNames).toContain("weightedRecall");
    expect(new Set(metricNames).size).toBe(metricNames.length);
  });

  it("keeps a higher F1 and a lower loss, and the earlier of equals", () => {
    expect(better("f1", 0.9, 0.8)).toBe(true);
    expect(better("f1:spam", 0.7, 0.8)).toBe(false);
    expect(better("loss", 0.3, 0.4)).toBe(true);
    expect(better("loss", 0.5, 0.4)).toBe(false);
    expect(better("accuracy", 0.5, 0.5)).toBe(false);
    expect(better("loss", 0.5, 0.5)).toBe(false);
    expect(better("loss", Number.NaN, 0.5)).toBe(false);
  });

  it("says the nearest name of one it does not know", () => {
    expect(() => chooseMetric("acuracy")).toThrow(/metric "acuracy".*did you mean "accuracy"/);
    expect(() => chooseMetric("support:spam")).toThrow(/unknown/);
    expect(() => metricValue(report, "f1:spm")).toThrow(/did you mean "spam"/);
  });

  it("does not take the empty loss for the best", () => {
    expect(() => metricValue(createClassificationMetrics(["a", "b"]).result(), "loss")).toThrow(
      /at least one evaluated row/,
    );
  });
});

function better(name: string, value: number, best: number): boolean {
  const metric: ChosenMetric = chooseMetric(name);
  return isBetter(metric, value, best);
}
