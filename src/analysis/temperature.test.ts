import { describe, expect, it } from "vitest";
import { analysisCases, outputsOf, regression, twoClasses } from "../../tests/support/golden-analysis.js";
import { createMetrics } from "../metrics/create-metrics.js";
import { cooled } from "../metrics/decide.js";
import { fitTemperature } from "./temperature.js";

describe("the temperature", () => {
  it.each(analysisCases.map((one) => [one.name, one] as const))("of %s is scipy's", (_, one) => {
    expect(fitTemperature(outputsOf(one))).toBeCloseTo(one.temperature, 5);
  });

  it.each(analysisCases.map((one) => [one.name, one] as const))(
    "of %s makes the loss least, and keeps answers",
    (_, one) => {
      const outputs = outputsOf(one);
      const at = (temperature: number) => {
        const metrics = createMetrics(one.family, one.labels);
        metrics.update(outputs.targets, cooled(outputs.logits, temperature));
        return metrics.result() as { readonly loss: number; readonly accuracy: number };
      };
      const best = fitTemperature(outputs);
      for (const factor of [0.5, 0.9, 1.1, 2]) expect(at(best * factor).loss).toBeGreaterThan(at(best).loss);
      expect(at(best).accuracy).toBe(at(1).accuracy);
    },
  );

  it("stops at 0.01 where everything is right, and at 100 where everything is wrong", () => {
    expect(fitTemperature(twoClasses([0, 1], [-3, 3]))).toBeCloseTo(0.01, 6);
    expect(fitTemperature(twoClasses([0, 1], [3, -3]))).toBeCloseTo(100, 6);
  });

  it("bears logits of any size", () => {
    expect(fitTemperature(twoClasses([0, 1, 1], [1e4, 1e4, 1e4]))).toBeCloseTo(100, 6);
  });

  it("is refused for a regression and for no rows", () => {
    expect(() => fitTemperature(regression([1], [2]))).toThrow(/a model that gives probabilities/);
    expect(() => fitTemperature(twoClasses([], []))).toThrow(/rows to calibrate on/);
  });
});
