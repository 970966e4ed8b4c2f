/** What must hold of every metric record: its samples, its range, the direction that it states. */
import { describe, expect, it } from "vitest";
import { createRandom } from "../base/random.js";
import { createMetrics } from "./create-metrics.js";
import type { Metric } from "./define-metric.js";
import type { Family } from "./family.js";
import { METRICS } from "./registry.js";
import type { AnyReport } from "./report.js";

const records: readonly Metric[] = METRICS;

/** The value of a metric on rows: the whole set's, or the macro average. */
function measured(
  metric: Metric,
  family: Family,
  targets: readonly number[],
  outputs: readonly number[],
  labels: number,
  parameter?: number,
): number {
  const asked = parameter === undefined ? metric.name : `${metric.name}@${parameter}`;
  const names = Array.from({ length: labels }, (_, k) => `${k}`);
  const metrics = createMetrics(family, names, { metrics: [asked] });
  metrics.update(targets, outputs);
  const report = metrics.result() as unknown as AnyReport;
  const values = metric.averaging === "none" ? report : report.macro;
  const field = parameter === undefined || parameter === metric.parameter?.default ? metric.name : asked;
  return values?.[field] as number;
}

describe.each(records.map((metric) => [metric.name, metric.families.join(", "), metric] as const))(
  "%s (%s)",
  (_, __, metric) => {
    it.each(metric.samples.map((sample, i) => [i + 1, sample] as const))("sample %i has its value", (___, sample) => {
      const { family, targets, outputs, parameter, value } = sample;
      const labels = family === "binary" ? 2 : outputs[0].length;
      const got = measured(metric, family, targets.flat(), outputs.flat(), labels, parameter);
      expect(Math.abs(got - value), `${got} for ${value}`).toBeLessThan(1e-6);
    });

    it("has a sample and a source, and only samples of its families", () => {
      expect(metric.samples.length).toBeGreaterThan(0);
      expect(metric.source.length).toBeGreaterThan(10);
      for (const { family } of metric.samples) expect(metric.families).toContain(family);
      expect(Object.isFrozen(metric)).toBe(true);
    });

    it.each(metric.families)("stays in its range for random rows of a %s model", (family) => {
      const random = createRandom(19);
      const seen: number[] = [];
      for (let round = 0; round < 60; round++) {
        const labels = family === "binary" ? 2 : 1 + random.integer(4);
        const rows = 1 + random.integer(12);
        const { targets, outputs } = randomRows(family, labels, rows, random.integer);
        seen.push(measured(metric, family, targets, outputs, labels));
      }
      expect(Math.min(...seen)).toBeGreaterThanOrEqual(metric.range[0] - 1e-12);
      expect(Math.max(...seen)).toBeLessThanOrEqual(metric.range[1] + 1e-12);
    });

    it.each(metric.families)("is better for a %s model that answers better", (family) => {
      if (metric.name === "majorityAccuracy") return; // a property of the set, not of the answers
      const [worse, better] = [3.5, 6.5].map((skill) => {
        const { targets, outputs } = skilled(family, skill);
        // Nothing but the first answer shows skill, and a precision at which one of the two differs.
        const parameter = { topKAccuracy: 1, recallAtPrecision: 0.7, precisionAtRecall: 0.9 }[metric.name];
        return measured(metric, family, targets, outputs, 2, parameter);
      });
      expect(Math.sign(better - worse)).toBe(metric.better === "higher" ? 1 : -1);
    });
  },
);

function randomRows(family: Family, labels: number, rows: number, below: (n: number) => number) {
  const perTarget = family === "multi-label" || family === "regression" ? labels : 1;
  const perOutput = family === "binary" ? 1 : labels;
  const target = (): number => (family === "regression" ? below(7) - 3 : below(family === "multi-label" ? 2 : labels));
  return {
    targets: Array.from({ length: rows * perTarget }, target),
    outputs: Array.from({ length: rows * perOutput }, () => 2 * (below(9) - 4)),
  };
}

/** Eight rows of two labels; the logit of the truth grows with `skill`, and with it the number of right answers. */
function skilled(family: Family, skill: number): { targets: number[]; outputs: number[] } {
  const rows = Array.from({ length: 8 }, (_, row) => row);
  const margin = (row: number): number => (skill - row) * (row % 2 === 0 ? -1 : 1);
  if (family === "binary") return { targets: rows.map((row) => row % 2), outputs: rows.map(margin) };
  if (family === "single-label")
    return { targets: rows.map((row) => row % 2), outputs: rows.flatMap((row) => [0, margin(row)]) };
  if (family === "multi-label") {
    return {
      targets: rows.flatMap((row) => [row % 2, 1 - (row % 2)]),
      outputs: rows.flatMap((row) => [margin(row), -margin(row)]),
    };
  }
  // Each number is off by as much as the skill lacks; the order of some turns round.
  return {
    targets: rows.flatMap((row) => [row, row]),
    outputs: rows.flatMap((row) => [row, row].map((x) => x + ((row % 3) - 1) * (8 - skill))),
  };
}
