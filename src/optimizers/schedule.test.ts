import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createSchedule, SCHEDULE_NAMES, type ScheduleName, warmupStepsOf } from "./schedule.js";

interface Golden {
  learningRate: number;
  cases: { name: ScheduleName; warmupSteps: number; totalSteps: number; rates: number[] }[];
}
const golden: Golden = JSON.parse(readFileSync(new URL("../../tests/golden/schedule.json", import.meta.url), "utf8"));

describe("createSchedule", () => {
  it.each(golden.cases)("$name with $warmupSteps of $totalSteps steps of warm-up has Hugging Face's rates", (entry) => {
    const rate = createSchedule(entry.name, { ...entry, learningRate: golden.learningRate });
    for (const [step, expected] of entry.rates.entries()) expect(rate(step)).toBeCloseTo(expected, 15);
  });

  it("has a golden for every schedule", () => {
    expect(new Set(golden.cases.map((entry) => entry.name))).toEqual(new Set(SCHEDULE_NAMES));
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

it("rounds a warm-up's share up to whole steps", () => {
  expect(warmupStepsOf(0.1, 101)).toBe(11);
  expect(warmupStepsOf(0, 101)).toBe(0);
});
