import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Dataset } from "./dataset.js";
import { datasetFrom, fromArrays } from "./dataset-from.js";

const letters = (counts: Record<string, number>): Dataset => {
  const labels = Object.entries(counts).flatMap(([name, n]) => Array<string>(n).fill(name));
  return fromArrays(
    labels.map((label, i) => `${label} text ${i}`),
    labels,
  );
};
const texts = (dataset: Dataset): string[] => [...dataset].map((row) => row.text);

describe("split", () => {
  it("keeps the exact sizes and every class within two rows of its share", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 3, max: 60 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 1000 }),
        (sizes, seed) => {
          const dataset = letters(Object.fromEntries(sizes.map((n, i) => [`c${i}`, n])));
          const { train, validation, test } = dataset.split({ validation: 0.2, test: 0.3, stratify: true, seed });
          expect(validation.length).toBe(Math.round(0.2 * dataset.length));
          expect(test.length).toBe(Math.round(0.3 * dataset.length));
          expect(texts(train).concat(texts(validation), texts(test)).sort()).toEqual(texts(dataset).sort());
          for (const part of [train, validation, test]) {
            part.labels.counts.forEach((count, id) => {
              const share = ((dataset.labels.counts[id] as number) * part.length) / dataset.length;
              expect(Math.abs(count - share)).toBeLessThanOrEqual(2);
            });
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("is the same for a seed on every machine, and another for another seed", () => {
    const dataset = letters({ a: 20, b: 10 });
    const test = (seed: number): string[] => texts(dataset.split({ test: 0.2, stratify: true, seed }).test);
    expect(test(42)).toEqual(test(42));
    expect(test(42)).not.toEqual(test(43));
    expect(dataset.split({ test: 0.2, stratify: true, seed: 42 }).test.fingerprint).toBe(
      "190029d6d69efdf380a7738945d61f55",
    );
  });

  it("keeps the names of the whole in parts that lack a class", () => {
    const { train, rare } = letters({ a: 40, b: 40, z: 1 }).split({ parts: { rare: 8 } });
    expect(rare.labels.names).toEqual(["a", "b", "z"]);
    expect(train.labels.counts[2]).toBe(1);
  });

  it("takes counts, leaves rows over where train is given, and names the further parts", () => {
    const parts = letters({ a: 50, b: 50 }).split({ train: 10, validation: 20, parts: { calibration: 5 } });
    expect([parts.train.length, parts.validation.length, parts.calibration.length]).toEqual([10, 20, 5]);
    const whole = letters({ a: 50, b: 57 }).split({ train: 0.7, test: 0.3 });
    expect(whole.train.length + whole.test.length).toBe(107);
  });

  it("refuses sizes that cannot be and classes that are too small", () => {
    const dataset = letters({ a: 10, b: 2 });
    expect(() => dataset.split({ test: 1.5 })).toThrow(
      /split, test: expected a fraction between 0 and 1 or a whole number of rows, got 1.5/,
    );
    expect(() => dataset.split({ test: -0.1 })).toThrow(/fraction/);
    expect(() => dataset.split({ test: Number.NaN })).toThrow(/fraction/);
    expect(() => dataset.split({ validation: 0.6, test: 0.6 })).toThrow(/fit into 12 rows/);
    expect(() => dataset.split({ test: 12 })).toThrow(/split, train: expected at least one row/);
    expect(() => dataset.split({ validation: 0.2, test: 0.2, stratify: true })).toThrow(
      /at least 3 rows of every class.*got 2 of "b"/,
    );
    expect(dataset.split({ validation: 0.2, test: 0.2 }).train.labels.counts[1]).toBe(2);
    expect(
      dataset.split({ validation: 0.2, test: 0.2, stratify: true, smallClasses: "first" }).train.labels.counts[1],
    ).toBe(2);
  });

  it("never tears a group apart", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 30, maxLength: 80 }),
        fc.integer({ min: 0, max: 99 }),
        (owners, seed) => {
          fc.pre(new Set(owners).size >= 3);
          const dataset = datasetFrom(
            owners.map((owner, i) => ({ text: `t${i}`, label: i % 2 === 0 ? "x" : "y", owner })),
          );
          const { train, test, validation } = dataset.split({ test: 0.3, validation: 0.2, group: "owner", seed });
          const owned = [train, test, validation].map((part) => new Set([...part].map((row) => row.value("owner"))));
          expect(owned.every((set) => set.size > 0)).toBe(true);
          expect(owned.reduce((sum, set) => sum + set.size, 0)).toBe(new Set(owners).size);
          expect(train.length + test.length + validation.length).toBe(owners.length);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("cuts along a column, the latest rows last", () => {
    const dataset = datasetFrom([5, 1, 4, 2, 3, 10].map((day) => ({ text: `day ${day}`, label: "x", day })));
    const { train, test } = dataset.split({ test: 2, order: "day" });
    expect(texts(test).sort()).toEqual(["day 10", "day 5"]);
    expect(texts(train).sort()).toEqual(["day 1", "day 2", "day 3", "day 4"]);
  });

  it("by hash moves no row when others are added, and moves rows only towards a growing part", () => {
    const few = letters({ a: 300 });
    const more = fromArrays([...Array.from({ length: 200 }, (_, i) => `new ${i}`), ...texts(few)]);
    const testOfFew = new Set(texts(few.split({ test: 0.2, by: "hash" }).test));
    const testOfMore = new Set(texts(more.split({ test: 0.2, by: "hash" }).test));
    for (const text of texts(few)) expect(testOfMore.has(text)).toBe(testOfFew.has(text));
    expect(testOfFew.size).toBeGreaterThan(30);
    expect(testOfFew.size).toBeLessThan(90);
    const larger = new Set(texts(few.split({ test: 0.4, by: "hash" }).test));
    for (const text of testOfFew) expect(larger.has(text)).toBe(true);
  });

  it("is a chance at random: every row comes into the test part at about its rate", () => {
    const dataset = letters({ a: 30, b: 10 });
    const hits = new Map<string, number>();
    for (let seed = 0; seed < 400; seed++)
      for (const text of texts(dataset.split({ test: 0.25, stratify: true, seed }).test))
        hits.set(text, (hits.get(text) ?? 0) + 1);
    // 400 draws at 0.25: standard deviation 8.7, so five of them on either side.
    for (const text of texts(dataset)) expect(Math.abs((hits.get(text) ?? 0) - 100)).toBeLessThan(44);
  });
});
