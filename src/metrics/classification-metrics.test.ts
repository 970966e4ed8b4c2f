import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextuneError } from "../base/errors.js";
import { createRandom } from "../base/random.js";
import { type ClassificationReport, createClassificationMetrics } from "./classification-metrics.js";
import { classMetrics, scalarMetrics } from "./registry.js";

interface Golden {
  readonly cases: readonly {
    readonly name: string;
    readonly classes: number;
    readonly labelIds: readonly number[];
    readonly logits: readonly number[];
    readonly report: ClassificationReport;
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL("../../tests/golden/classification-metrics.json", import.meta.url), "utf8"),
) as Golden;
const names = (classes: number): string[] => Array.from({ length: classes }, (_, k) => `class ${k}`);

/** Labels and logits of a few classes; logits of few distinct values, so that ties and rare classes occur. */
const rowsOfClasses = fc
  .record({ classes: fc.integer({ min: 1, max: 5 }), rows: fc.integer({ min: 1, max: 30 }), seed: fc.integer() })
  .map(({ classes, rows, seed }) => {
    const random = createRandom(seed);
    return {
      classes,
      labelIds: Int32Array.from({ length: rows }, () => random.integer(classes)),
      logits: Float32Array.from({ length: rows * classes }, () => (random.integer(9) - 4) / 2),
    };
  });

describe("classification metrics", () => {
  for (const { name, classes, labelIds, logits, report } of golden.cases) {
    it(`agree with scikit-learn: ${name}`, () => {
      const metrics = createClassificationMetrics(names(classes));
      metrics.update(labelIds, Float32Array.from(logits));
      expectClose(metrics.result(), report, 1e-6);
      expect(metrics.result().confusion).toEqual(report.confusion);
    });
  }

  it("do not depend on how rows are cut into batches or merged", () => {
    fc.assert(
      fc.property(rowsOfClasses, fc.array(fc.integer({ min: 0, max: 7 })), ({ classes, labelIds, logits }, sizes) => {
        const whole = createClassificationMetrics(names(classes));
        whole.update(labelIds, logits);
        const batched = createClassificationMetrics(names(classes));
        const merged = createClassificationMetrics(names(classes));
        let from = 0;
        for (const size of [...sizes, labelIds.length]) {
          const to = Math.min(labelIds.length, from + size);
          const part = createClassificationMetrics(names(classes));
          for (const target of [batched, part])
            target.update(labelIds.subarray(from, to), logits.subarray(from * classes, to * classes));
          merged.merge(part);
          from = to;
        }
        expect(batched.result()).toEqual(whole.result());
        expectClose(merged.result(), whole.result(), 1e-12);
      }),
    );
  });

  it("do not depend on the order of rows", () => {
    fc.assert(
      fc.property(rowsOfClasses, fc.integer(), ({ classes, labelIds, logits }, seed) => {
        const order = createRandom(seed).shuffle(Array.from(labelIds.keys()));
        const straight = createClassificationMetrics(names(classes));
        straight.update(labelIds, logits);
        const shuffled = createClassificationMetrics(names(classes));
        for (const row of order)
          shuffled.update(labelIds.subarray(row, row + 1), logits.subarray(row * classes, (row + 1) * classes));
        expectClose(shuffled.result(), straight.result(), 1e-12);
      }),
    );
  });

  it("only rename classes when classes are permuted", () => {
    fc.assert(
      fc.property(rowsOfClasses, fc.integer(), ({ classes, labelIds, logits }, seed) => {
        // Ties are broken by class order, so they are removed first.
        const untied = logits.map((x, i) => x + (i % classes) / 16);
        const place = createRandom(seed).shuffle(names(classes).map((_, k) => k));
        const moved = new Float32Array(untied.length);
        untied.forEach((x, i) => {
          moved[Math.floor(i / classes) * classes + (place[i % classes] as number)] = x;
        });
        const plain = createClassificationMetrics(names(classes));
        plain.update(labelIds, untied);
        const permuted = createClassificationMetrics(names(classes));
        permuted.update(
          labelIds.map((id) => place[id] as number),
          moved,
        );
        const [a, b] = [plain.result(), permuted.result()];
        expectClose({ ...b, perClass: [], confusion: [] }, { ...a, perClass: [], confusion: [] }, 1e-12);
        a.perClass.forEach((one, k) => {
          expectClose({ ...b.perClass[place[k] as number], label: "" }, { ...one, label: "" }, 1e-12);
        });
      }),
    );
  });

  it("stay in the range that each record states", () => {
    fc.assert(
      fc.property(rowsOfClasses, ({ classes, labelIds, logits }) => {
        const metrics = createClassificationMetrics(names(classes));
        metrics.update(labelIds, logits);
        const report = metrics.result();
        const values = [
          ...Object.entries(scalarMetrics).map(([field, record]) => ({
            record,
            value: report[field as keyof typeof scalarMetrics],
          })),
          ...Object.entries(classMetrics).flatMap(([field, record]) =>
            [report.macro, report.micro, report.weighted, ...report.perClass].map((one) => ({
              record,
              value: one[field as keyof typeof classMetrics],
            })),
          ),
        ];
        for (const { record, value } of values) {
          expect(value, record.name).toBeGreaterThanOrEqual(record.range[0] - 1e-12);
          expect(value, record.name).toBeLessThanOrEqual(record.range[1] + 1e-12);
        }
      }),
    );
  });

  it("read only the first `count` rows of larger arrays", () => {
    const padded = createClassificationMetrics(names(2));
    padded.update([1, 0, 99], Float32Array.of(0, 1, 1, 0, Number.NaN, Number.NaN), 2);
    const exact = createClassificationMetrics(names(2));
    exact.update([1, 0], Float32Array.of(0, 1, 1, 0));
    expect(padded.result()).toEqual(exact.result());
  });

  it("have the empty value of their record without rows", () => {
    const report = createClassificationMetrics(names(2)).result();
    expect(report.examples).toBe(0);
    for (const [field, record] of Object.entries(scalarMetrics))
      expect(report[field as keyof typeof scalarMetrics]).toBe(record.emptyValue);
    for (const [field, record] of Object.entries(classMetrics))
      expect(report.macro[field as keyof typeof classMetrics]).toBe(record.emptyValue);
  });

  it("survive JSON", () => {
    const metrics = createClassificationMetrics(["a", "b"]);
    metrics.update([0, 1, 1], Float32Array.of(1, 0, 3, 1, 0, 2));
    const report = metrics.result();
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it.each([
    ["too few logits", "E_SHAPE", [0, 1], [0, 1, 2], undefined],
    ["too many logits without a count", "E_SHAPE", [0], [0, 1, 2, 3], undefined],
    ["a count above the rows", "E_SHAPE", [0], [0, 1], 2],
    ["a negative count", "E_SHAPE", [0], [0, 1], -1],
    ["a label beyond the classes", "E_DATA", [0, 2], [0, 1, 0, 1], undefined],
    ["an unknown label (-1)", "E_DATA", [0, -1], [0, 1, 0, 1], undefined],
    ["a NaN logit", "E_TRAINING", [0, 1], [0, 1, 0, Number.NaN], undefined],
    ["an infinite logit", "E_TRAINING", [0, 1], [0, 1, 0, Infinity], undefined],
  ] as const)("refuse %s with %s and add nothing", (_, code, labelIds, logits, count) => {
    const metrics = createClassificationMetrics(names(2));
    expect(codeOf(() => metrics.update(labelIds, Float32Array.from(logits), count))).toBe(code);
    expect(metrics.result().examples).toBe(0);
    expect(metrics.sums.confusion.every((n) => n === 0)).toBe(true);
  });

  it("refuse to merge metrics of other labels", () => {
    expect(codeOf(() => createClassificationMetrics(["a", "b"]).merge(createClassificationMetrics(["a", "c"])))).toBe(
      "E_SHAPE",
    );
  });
});

describe("metric records", () => {
  it("are registered under their own name, each with its source", () => {
    for (const [field, record] of Object.entries({ ...scalarMetrics, ...classMetrics })) {
      expect(record.name).toBe(field);
      expect(record.source.length).toBeGreaterThan(10);
      expect(Object.isFrozen(record)).toBe(true);
    }
  });

  it("state the direction in which they really improve", () => {
    // The logit of the right class grows with `skill`, and with it the number of right answers.
    const reportAt = (skill: number): ClassificationReport => {
      const metrics = createClassificationMetrics(names(2));
      for (let row = 0; row < 8; row++)
        metrics.update([row % 2], row % 2 === 0 ? Float32Array.of(skill - row, 0) : Float32Array.of(0, skill - row));
      return metrics.result();
    };
    const [worse, better] = [reportAt(3.5), reportAt(6.5)];
    for (const [field, record] of Object.entries(scalarMetrics)) {
      if (field === "majorityAccuracy") continue; // a property of the set, not of the answers
      const gain = better[field as keyof typeof scalarMetrics] - worse[field as keyof typeof scalarMetrics];
      expect(Math.sign(gain), field).toBe(record.better === "higher" ? 1 : -1);
    }
    for (const [field, record] of Object.entries(classMetrics)) {
      const gain = better.macro[field as keyof typeof classMetrics] - worse.macro[field as keyof typeof classMetrics];
      expect(Math.sign(gain), field).toBe(record.better === "higher" ? 1 : -1);
    }
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
