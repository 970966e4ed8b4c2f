import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createPlateau } from "./plateau.js";
import { createSchedule, SCHEDULE_NAMES, type ScheduleName, warmupStepsOf } from "./schedule.js";

interface Golden {
  learningRate: number;
  cases: {
    name: ScheduleName;
    warmupSteps: number;
    totalSteps: number;
    cycles?: number;
    power?: number;
    end?: number;
    rates: number[];
  }[];
  plateaus: {
    mode: "min" | "max";
    factor: number;
    patience: number;
    values: number[];
    rates: number[];
  }[];
}
const golden: Golden = JSON.parse(readFileSync(new URL("../../tests/golden/schedule.json", import.meta.url), "utf8"));

describe("createSchedule", () => {
  it.each(golden.cases)(
    "$name with $warmupSteps of $totalSteps steps of warm-up, case %#, has Hugging Face's rates",
    (entry) => {
      const rate = createSchedule(entry.name, { ...entry, learningRate: golden.learningRate });
      for (const [step, expected] of entry.rates.entries()) expect(rate(step)).toBeCloseTo(expected, 15);
    },
  );

  it("has a golden for every schedule", () => {
    expect(new Set(golden.cases.map((entry) => entry.name))).toEqual(
      // Held to its own golden below.
      new Set(SCHEDULE_NAMES.filter((name) => name !== "reduce_lr_on_plateau")),
    );
  });

  it("says what is wrong with its options", () => {
    const options = { learningRate: 1, warmupSteps: 0, totalSteps: 10 };
    expect(() => createSchedule("linaer" as ScheduleName, options)).toThrow(
      'lrSchedulerType: expected the name of a schedule, got "linaer"; did you mean "linear"',
    );
    expect(() => createSchedule("toString" as ScheduleName, options)).toThrow("lrSchedulerType");
    expect(() => createSchedule("linear", { ...options, learningRate: Number.NaN })).toThrow("learningRate");
    expect(() => createSchedule("polynomial", { ...options, learningRate: 1e-8 })).toThrow("more than 1e-7");
  });
});

describe("createPlateau", () => {
  it.each(golden.plateaus)("of $mode, factor $factor, patience $patience has PyTorch's rates", (entry) => {
    const plateau = createPlateau({
      ...{ factor: entry.factor, patience: entry.patience, learningRate: golden.learningRate },
      better: entry.mode === "min" ? "lower" : "higher",
    });
    const rates = entry.values.map((value) => {
      plateau.observe(value);
      return golden.learningRate * plateau.state().scale;
    });
    for (const [i, rate] of rates.entries()) expect(rate).toBeCloseTo(entry.rates[i], 12);
    expect(new Set(entry.rates).size).toBeGreaterThan(2);
  });

  it("goes on from its state", () => {
    const [{ factor, patience, values }] = golden.plateaus;
    const options = { factor, patience, better: "lower", learningRate: golden.learningRate } as const;
    const unbroken = createPlateau(options);
    for (const value of values) unbroken.observe(value);
    const first = createPlateau(options);
    for (const value of values.slice(0, 5)) first.observe(value);
    const second = createPlateau(options);
    second.restore(first.state());
    for (const value of values.slice(5)) second.observe(value);
    expect(second.state()).toEqual(unbroken.state());
  });
});

it("rounds a warm-up's share up to whole steps", () => {
  expect(warmupStepsOf(0.1, 101)).toBe(11);
  expect(warmupStepsOf(0, 101)).toBe(0);
});
