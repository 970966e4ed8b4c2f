import { describe, expect, it } from "vitest";
import { chooseMetric, isBetter, metricNames } from "./choose-metric.js";
import { createMetrics } from "./create-metrics.js";

const LABELS = ["ham", "spam", "f1"];
const metrics = createMetrics("single-label", LABELS, { metrics: "all" });
metrics.update([0, 0, 0, 1, 1, 2, 2], [3, 0, 0, 2, 0, 0, 0, 1, 0, 0, 4, 0, 1, 0, 0, 0, 0, 5, 0, 1, 0]);
const report = metrics.result();
const measured = (name: string): number => chooseMetric(name, "single-label", LABELS).read(report);

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
    ["f1:spam", report.perClass[1].f1],
    ["eval_recall:spam", report.perClass[1].recall],
    ["precision:f1", report.perClass[2].precision],
    ["roc_auc", report.macro.rocAuc],
    ["auc:spam", report.perClass[1].rocAuc],
    ["weighted_pr_auc", report.weighted.averagePrecision],
    ["kappa", report.cohenKappa],
    ["precision_at_recall@0.5", report.macro.precisionAtRecall],
  ])("%s reads its own number", (name, value) => {
    expect(typeof value).toBe("number");
    expect(measured(name)).toBe(value);
  });

  it("reads numbers with another parameter from a report that was asked for them", () => {
    const other = createMetrics("single-label", LABELS, { metrics: ["topKAccuracy@2", "recallAtPrecision@0.4:spam"] });
    other.update([0, 1, 2], [0, 2, 1, 0, 1, 2, 3, 1, 2]);
    const got = other.result();
    expect(chooseMetric("top_k@2", "single-label").read(got)).toBe(got["topKAccuracy@2"]);
    expect(got["topKAccuracy@2"]).toBeCloseTo(2 / 3);
    expect(chooseMetric("recallAtPrecision@0.4:spam", "single-label").read(got)).toBe(
      got.perClass[1]["recallAtPrecision@0.4"],
    );
    expect(() => chooseMetric("topKAccuracy", "single-label").read(got)).toThrow(/ask for it when evaluating/);
  });

  it.each(["single-label", "binary", "multi-label", "regression"] as const)(
    "gives every name of a %s model one spelling, which leads back to itself",
    (family) => {
      const names = metricNames(family);
      for (const name of names) expect(chooseMetric(name, family).name).toBe(name);
      expect(new Set(names).size).toBe(names.length);
      expect(names).toContain("loss");
    },
  );

  it("keeps a higher F1 and a lower loss, and the earlier of equals", () => {
    expect(better("f1", 0.9, 0.8)).toBe(true);
    expect(better("f1:spam", 0.7, 0.8)).toBe(false);
    expect(better("loss", 0.3, 0.4)).toBe(true);
    expect(better("loss", 0.5, 0.4)).toBe(false);
    expect(better("accuracy", 0.5, 0.5)).toBe(false);
    expect(better("loss", 0.5, 0.5)).toBe(false);
    expect(better("loss", Number.NaN, 0.5)).toBe(false);
  });

  it.each([
    ["acuracy", "single-label", /metric "acuracy".*got an unknown one; did you mean "accuracy"/],
    ["support:spam", "single-label", /unknown/],
    ["f1:spm", "single-label", /expected a label of the classifier, got "spm"; did you mean "spam"/],
    ["rmse", "single-label", /a single-label model, got one of regression models/],
    ["matthews", "multi-label", /a multi-label model, got one of single-label and binary models/],
    ["accuracy", "regression", /regression model, got one of single-label/],
    ["accuracy:spam", "single-label", /expected a metric that every class has, got accuracy.*precision:LABEL/],
    ["macroF1:spam", "single-label", /expected a metric that every class has, got macroF1/],
    ["f1@2", "single-label", /expected no number, got "2"; write f1/],
    ["precisionAtRecall@2", "single-label", /expected recall from 0 to 1 after @, got "2"/],
    ["precisionAtRecall@", "single-label", /expected recall from 0 to 1 after @, got ""/],
  ] as const)("refuses %s of a %s model before anything is read", (name, family, message) => {
    expect(() => chooseMetric(name, family, LABELS)).toThrow(message);
  });

  it("takes a class for any name while the classes are not known", () => {
    expect(chooseMetric("f1:spm", "single-label").name).toBe("f1:spm");
    expect(() => chooseMetric("f1:spm", "single-label").read(report)).toThrow(/did you mean "spam"/);
  });

  it("does not take the empty loss for the best", () => {
    const empty = createMetrics("single-label", LABELS).result();
    expect(() => chooseMetric("loss", "single-label").read(empty)).toThrow(/at least one evaluated row/);
  });
});

function better(name: string, value: number, best: number): boolean {
  return isBetter(chooseMetric(name, "single-label"), value, best);
}
