import { describe, expect, it } from "vitest";
import { twoClasses } from "../../tests/support/golden-analysis.js";
import { createRandom } from "../base/random.js";
import { chooseMetric } from "../metrics/choose-metric.js";
import { confidenceInterval } from "./confidence-interval.js";

const accuracy = chooseMetric("accuracy", "binary");

/** `rows` rows, of which a share is answered rightly. */
function answered(rows: number, share: number) {
  const targets = Array.from({ length: rows }, (_, row) => row % 2);
  return twoClasses(
    targets,
    targets.map((target, row) => ((target === 1) === row < rows * share ? 1 : -1)),
  );
}

describe("a bootstrap interval", () => {
  it("of an accuracy is as wide as that of a share drawn at random", async () => {
    const rows = 400;
    const { value, low, high, level } = await confidenceInterval(answered(rows, 0.8), accuracy, { samples: 4000 });
    const deviation = Math.sqrt((0.8 * 0.2) / rows);
    expect(value).toBeCloseTo(0.8, 12);
    expect(level).toBe(0.95);
    // 1.96 deviations to each side; 4,000 samples know the ends to a tenth of one.
    expect(Math.abs(low - (0.8 - 1.96 * deviation))).toBeLessThan(0.15 * deviation);
    expect(Math.abs(high - (0.8 + 1.96 * deviation))).toBeLessThan(0.15 * deviation);
  });

  it("holds the true accuracy in about 90 of 100 sets, where 90 % are asked for", async () => {
    const random = createRandom(8);
    let held = 0;
    for (let set = 0; set < 100; set++) {
      const targets = Array.from({ length: 100 }, () => random.integer(2));
      const logits = targets.map((target) => (random.float() < 0.7 === (target === 1) ? 1 : -1));
      const { low, high } = await confidenceInterval(twoClasses(targets, logits), accuracy, {
        samples: 100,
        level: 0.9,
        seed: set,
      });
      if (low <= 0.7 && high >= 0.7) held++;
    }
    expect(held).toBeGreaterThan(80);
    expect(held).toBeLessThan(98);
  });

  it("is the same for the same seed, and another for another", async () => {
    const of = (seed: number) => confidenceInterval(answered(50, 0.7), accuracy, { samples: 100, seed });
    expect(await of(1)).toEqual(await of(1));
    expect(await of(1)).not.toEqual(await of(2));
  });

  it("is there for metrics that rank, and tells how far it is", async () => {
    const random = createRandom(4);
    const targets = Array.from({ length: 60 }, () => random.integer(2));
    const outputs = twoClasses(
      targets,
      targets.map((target) => random.normal() + target),
    );
    const done: number[] = [];
    const metric = chooseMetric("rocAuc:spam", "binary", outputs.labels);
    const { value, low, high } = await confidenceInterval(outputs, metric, {
      samples: 50,
      onProgress: (count) => void done.push(count),
    });
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect(done.at(-1)).toBe(50);
  });

  it("leaves out samples that do not have the metric, as where one class was not drawn", async () => {
    const metric = chooseMetric("rocAuc:spam", "binary", ["ham", "spam"]);
    const { value, low } = await confidenceInterval(twoClasses([0, 0, 0, 1], [-1, -1, -1, 1]), metric, { samples: 50 });
    expect([value, low]).toEqual([1, 1]);
  });

  it("answers by the threshold that it is given", async () => {
    expect((await confidenceInterval(answered(10, 1), accuracy, { threshold: 1, samples: 10 })).value).toBe(0.5);
  });

  it("stops when it is told to", async () => {
    const stop = new AbortController();
    const onProgress = (done: number): void => {
      if (done === 3) stop.abort();
    };
    await expect(confidenceInterval(answered(10, 0.5), accuracy, { onProgress, signal: stop.signal })).rejects.toThrow(
      /stopped on request/,
    );
  });

  it("is refused where there are no rows", async () => {
    await expect(confidenceInterval(twoClasses([], []), accuracy)).rejects.toThrow(/got no rows/);
  });
});
