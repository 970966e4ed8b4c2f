import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextuneError } from "../base/errors.js";
import { createRandom, type Random } from "../base/random.js";
import { createMetrics } from "./create-metrics.js";
import type { Family } from "./family.js";
import type { AnyReport, Report } from "./report.js";

interface Golden {
  readonly cases: readonly {
    readonly name: string;
    readonly family: Family;
    readonly labels: number;
    readonly targets: readonly number[];
    readonly outputs: readonly number[];
    readonly report: AnyReport;
  }[];
}

const golden = JSON.parse(readFileSync(new URL("../../tests/golden/metrics.json", import.meta.url), "utf8")) as Golden;
const names = (classes: number): string[] => Array.from({ length: classes }, (_, k) => `class ${k}`);

/** The metrics of a report, by name: those of the whole set and those of every class. */
function fieldsOf(report: AnyReport): string[] {
  const others = ["family", "examples", "macro", "micro", "weighted", "perClass", "confusion"];
  return [...Object.keys(report).filter((field) => !others.includes(field)), ...Object.keys(report.macro ?? {})];
}

describe("metrics", () => {
  for (const { name, family, labels, targets, outputs, report } of golden.cases) {
    it(`agree with scikit-learn and scipy: ${name}`, () => {
      const metrics = createMetrics(family, names(labels), { metrics: fieldsOf(report) });
      metrics.update(targets, Float32Array.from(outputs));
      expectClose(metrics.result(), report, 1e-6);
    });
  }
});

/** Random rows; outputs of few distinct values, so that ties and rare classes occur. */
interface Rows {
  readonly family: Family;
  readonly labels: number;
  readonly rows: number;
  readonly targets: readonly number[];
  readonly outputs: Float32Array;
}

const someRows = fc
  .record({
    family: fc.constantFrom<Family>("single-label", "binary", "multi-label", "regression"),
    labels: fc.integer({ min: 1, max: 5 }),
    rows: fc.integer({ min: 1, max: 30 }),
    seed: fc.integer(),
  })
  .map(({ family, labels: wanted, rows, seed }): Rows => {
    const random = createRandom(seed);
    const labels = family === "binary" ? 2 : wanted;
    const perTarget = family === "multi-label" || family === "regression" ? labels : 1;
    const perOutput = family === "binary" ? 1 : labels;
    return {
      family,
      labels,
      rows,
      targets: Array.from({ length: rows * perTarget }, () => targetOf(family, labels, random)),
      outputs: Float32Array.from({ length: rows * perOutput }, () => (random.integer(9) - 4) / 2),
    };
  });

function targetOf(family: Family, labels: number, random: Random): number {
  if (family === "regression") return random.integer(5);
  return random.integer(family === "multi-label" ? 2 : labels);
}

/** The report on the rows `chosen`, given in batches of `sizes` and the rest. */
function reportOf(
  { family, labels, rows, targets, outputs }: Rows,
  order: readonly number[],
  sizes: readonly number[],
) {
  const metrics = createMetrics(family, names(labels), { metrics: "all" });
  const part = <T>(all: ArrayLike<T>, row: number): T[] =>
    Array.from({ length: all.length / rows }, (_, i) => all[row * (all.length / rows) + i]);
  let from = 0;
  for (const size of [...sizes, order.length]) {
    const batch = order.slice(from, from + size);
    metrics.update(
      batch.flatMap((row) => part(targets, row)),
      batch.flatMap((row) => part(outputs, row)),
    );
    from += size;
  }
  return metrics.result();
}

const inOrder = ({ rows }: Rows): number[] => Array.from({ length: rows }, (_, row) => row);

describe("metrics of random rows", () => {
  it("do not depend on how rows are cut into batches, nor on their order", () => {
    fc.assert(
      fc.property(someRows, fc.array(fc.integer({ min: 0, max: 7 })), fc.integer(), (some, sizes, seed) => {
        const whole = reportOf(some, inOrder(some), []);
        expectClose(reportOf(some, inOrder(some), sizes), whole, 1e-12);
        expectClose(reportOf(some, createRandom(seed).shuffle(inOrder(some)), []), whole, 1e-9);
      }),
    );
  });

  it("survive JSON", () => {
    fc.assert(
      fc.property(someRows, (some) => {
        const report = reportOf(some, inOrder(some), []);
        expect(JSON.parse(JSON.stringify(report))).toEqual(report);
      }),
    );
  });

  it("only rename classes when classes are permuted", () => {
    fc.assert(
      fc.property(someRows, fc.integer(), (some, seed) => {
        const { family, labels, rows, targets, outputs } = some;
        fc.pre(family === "single-label" || family === "multi-label");
        const place = createRandom(seed).shuffle(names(labels).map((_, k) => k));
        const moved = (values: ArrayLike<number>): number[] => {
          const result: number[] = new Array(values.length);
          for (let i = 0; i < values.length; i++)
            result[Math.floor(i / labels) * labels + place[i % labels]] = values[i];
          return result;
        };
        // Ties within a row are broken by class order, so they are removed first.
        const untied = outputs.map((x, i) => x + (i % labels) / 16);
        const permuted: Rows = {
          family,
          labels,
          rows,
          targets: family === "multi-label" ? moved(targets) : targets.map((id) => place[id]),
          outputs: Float32Array.from(moved(untied)),
        };
        const [a, b] = [{ ...some, outputs: untied }, permuted].map(
          (one) => reportOf(one, inOrder(one), []) as unknown as AnyReport,
        );
        const without = { perClass: [], confusion: [] };
        expectClose({ ...b, ...without }, { ...a, ...without }, 1e-9);
        a.perClass?.forEach((one, k) => {
          expectClose({ ...b.perClass?.[place[k]], label: "" }, { ...one, label: "" }, 1e-9);
        });
      }),
    );
  });
});

describe("a threshold", () => {
  it("moves the answer of two classes, of a softmax and of one unit alike", () => {
    // Probabilities of the second class: 0.5, 0.75, 0.95.
    const x = [0, Math.log(3), 3];
    for (const [threshold, accuracy] of [
      [0.96, 2 / 3],
      [0.76, 1],
      [0.74, 2 / 3],
      [0.5, 1 / 3],
    ] as const) {
      const pair = createMetrics("single-label", ["no", "yes"], { threshold });
      pair.update(
        [0, 0, 1],
        x.flatMap((value) => [0, value]),
      );
      const unit = createMetrics("binary", ["no", "yes"], { threshold });
      unit.update([0, 0, 1], x);
      expect(pair.result().accuracy).toBe(accuracy);
      expect(unit.result()).toEqual({ ...pair.result(), family: "binary", loss: unit.result().loss });
    }
  });

  it("may be one for each label", () => {
    const metrics = createMetrics("multi-label", ["a", "b"], { threshold: [0.1, 0.9] });
    metrics.update([1, 0], [-1, 1]);
    expect(metrics.result().accuracy).toBe(1);
  });

  it.each([
    ["single-label", 3, 0.5, /threshold: expected a model of two classes.*got one of 3 classes/],
    ["regression", 1, 0.5, /got a regression/],
    ["binary", 2, 1.2, /expected a probability from 0 to 1, got 1.2/],
    ["binary", 2, Number.NaN, /expected a probability/],
    ["multi-label", 3, [0.5, 0.5], /one for each of 3 labels/],
  ] as const)("is refused for a %s model of %i labels: %o", (family, labels, threshold, message) => {
    expect(() => createMetrics(family, names(labels), { threshold })).toThrow(message);
  });
});

describe("a set", () => {
  it("without rows has 0 for every metric", () => {
    for (const family of ["single-label", "binary", "multi-label", "regression"] as const) {
      const report = createMetrics(family, names(2), { metrics: "all" }).result() as Report & AnyReport;
      expect(report.examples).toBe(0);
      for (const field of fieldsOf(report)) expect(report[field] ?? report.macro?.[field], field).toBe(0);
    }
  });

  it.each([
    ["too few outputs", "single-label", "E_SHAPE", [0, 1], [0, 1, 2]],
    ["outputs for more rows than targets", "single-label", "E_SHAPE", [0], [0, 1, 2, 3]],
    ["a label beyond the classes", "single-label", "E_DATA", [0, 2], [0, 1, 0, 1]],
    ["an unknown label (-1)", "binary", "E_DATA", [0, -1], [0, 1]],
    ["a label that is neither 0 nor 1", "multi-label", "E_DATA", [0, 2], [0, 1]],
    ["a NaN target", "regression", "E_DATA", [0, Number.NaN], [0, 1]],
    ["a NaN output", "single-label", "E_TRAINING", [0, 1], [0, 1, 0, Number.NaN]],
    ["an infinite output", "binary", "E_TRAINING", [0, 1], [0, Infinity]],
  ] as const)("refuses %s (%s) with %s and adds nothing", (_, family, code, targets, outputs) => {
    const metrics = createMetrics(family, names(2), { metrics: "all" });
    expect(codeOf(() => metrics.update(targets, Float32Array.from(outputs)))).toBe(code);
    expect(metrics.result()).toEqual(createMetrics(family, names(2), { metrics: "all" }).result());
  });
});

/** Compares two JSON-like values; numbers may differ by `tolerance`, relative where over 1. */
function expectClose(actual: unknown, expected: unknown, tolerance: number, path = ""): void {
  if (typeof expected === "number") {
    expect(Math.abs((actual as number) - expected), `${path}: ${actual} for ${expected}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(expected)),
    );
  } else if (typeof expected === "object" && expected !== null) {
    const theirs = actual as Record<string, unknown>;
    expect(Object.keys(theirs).sort(), path).toEqual(Object.keys(expected).sort());
    for (const [key, value] of Object.entries(expected)) expectClose(theirs[key], value, tolerance, `${path}.${key}`);
  } else {
    expect(actual, path).toBe(expected);
  }
}

function codeOf(action: () => void): string {
  try {
    action();
  } catch (error) {
    if (error instanceof TextuneError) return error.code;
    throw error;
  }
  return "nothing thrown";
}
