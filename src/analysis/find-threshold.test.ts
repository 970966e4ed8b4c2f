import { describe, expect, it } from "vitest";
import { analysisCases, outputsOf, regression, twoClasses } from "../../tests/support/golden-analysis.js";
import { createRandom } from "../base/random.js";
import { createMetrics } from "../metrics/create-metrics.js";
import { findThreshold, readThresholdGoal } from "./find-threshold.js";

const withThresholds = analysisCases.filter(({ thresholds }) => thresholds !== undefined);

describe.each(withThresholds.map((one) => [one.name, one] as const))("the best threshold, %s", (_, one) => {
  const outputs = outputsOf(one);

  it.each(Object.keys(one.thresholds?.[0] ?? {}))("for %s is as good as any that scikit-learn tries", (goal) => {
    for (const [c, found] of findThreshold(outputs, readThresholdGoal(goal)).entries()) {
      const reached = goal.startsWith("precision")
        ? found.recall
        : goal.startsWith("recall")
          ? found.precision
          : found.value;
      expect(reached).toBeCloseTo(one.thresholds?.[c][goal] as number, 10);
    }
  });

  it("brings in an evaluation what was found", () => {
    const found = findThreshold(outputs, { metric: "f1" });
    const threshold = found.map((each) => each.threshold);
    const metrics = createMetrics(one.family, one.labels, { threshold });
    metrics.update(outputs.targets, outputs.logits);
    const { perClass } = metrics.result() as unknown as {
      perClass: { f1: number; precision: number; recall: number }[];
    };
    const measured = one.family === "multi-label" ? perClass : [perClass[1]];
    for (const [c, { f1, precision, recall, value }] of found.entries()) {
      expect(value).toBeCloseTo(f1, 12);
      expect(measured[c].f1).toBeCloseTo(f1, 12);
      expect(measured[c].precision).toBeCloseTo(precision, 12);
      expect(measured[c].recall).toBeCloseTo(recall, 12);
    }
  });
});

describe("a threshold", () => {
  it("lies in the middle between two scores", () => {
    const [{ threshold, f1 }] = findThreshold(twoClasses([0, 0, 1], [-1, 0, Math.log(3)]));
    expect(threshold).toBeCloseTo((0.5 + 0.75) / 2, 6);
    expect(f1).toBe(1);
  });

  it("may say no to all, or yes", () => {
    expect(
      findThreshold(twoClasses([0, 1], [5, 4]), { cost: { falsePositive: 9, falseNegative: 1 } })[0],
    ).toMatchObject({
      value: 1,
      precision: 0,
    });
    expect(findThreshold(twoClasses([0, 1], [5, -4]), { recall: 1 })[0].threshold).toBeLessThan(0.02);
  });

  it("is found for the least cost among hundreds of thousands of rows in no time", () => {
    const random = createRandom(3);
    const targets = Array.from({ length: 200_000 }, () => random.integer(2));
    const logits = targets.map((target) => random.normal() + target);
    const start = performance.now();
    findThreshold(twoClasses(targets, logits), { cost: { falsePositive: 1, falseNegative: 2 } });
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it.each([
    [
      "three classes",
      { ...twoClasses([0], [1]), family: "single-label", labels: ["a", "b", "c"] },
      "f1",
      /one of 3 classes/,
    ],
    ["a regression", regression([1], [2]), "f1", /got a regression/],
    ["no rows", twoClasses([], []), "f1", /expected rows/],
    [
      "a precision that is not reached",
      twoClasses([0, 1], [2, 1]),
      "precision=0.9",
      /that does what was asked for, got none/,
    ],
    ["a metric that ranks", twoClasses([0, 1], [1, 2]), "rocAuc", /counts right and wrong answers.*got rocAuc:spam/],
    ["a metric that nothing changes", twoClasses([0, 1], [1, 2]), "majorityAccuracy", /a threshold changes/],
    ["an unknown metric", twoClasses([0, 1], [1, 2]), "f7", /unknown/],
  ] as const)("is refused for %s", (_, outputs, goal, message) => {
    expect(() => findThreshold(outputs as Parameters<typeof findThreshold>[0], readThresholdGoal(goal))).toThrow(
      message,
    );
  });

  it.each([
    "precision=0",
    "precision=1.1",
    "precision=",
    "recall=a",
    "cost=1",
    "cost=0:0",
    "cost=-1:2",
    "cost=1:2:3",
    "f1=0.5",
  ])("has no goal %s", (goal) => {
    expect(() => readThresholdGoal(goal)).toThrow(/expected a metric as f1, or precision=0.9/);
  });
});
