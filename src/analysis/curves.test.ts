import { describe, expect, it } from "vitest";
import { analysisCases, outputsOf, twoClasses } from "../../tests/support/golden-analysis.js";
import { curvesOf } from "./curves.js";

describe("curves", () => {
  it.each(analysisCases.filter(({ roc }) => roc !== undefined).map((one) => [one.name, one] as const))(
    "of %s are scikit-learn's",
    (_, one) => {
      const { roc, precisionRecall } = curvesOf(outputsOf(one));
      expect(roc.length).toBe(1);
      expectClose(roc[0].falsePositiveRate, one.roc?.falsePositiveRate);
      expectClose(roc[0].truePositiveRate, one.roc?.truePositiveRate);
      expectClose(
        precisionRecall[0].precision,
        untilAllAreFound(one.precisionRecall?.recall, one.precisionRecall?.precision),
      );
      expectClose(
        precisionRecall[0].recall,
        untilAllAreFound(one.precisionRecall?.recall, one.precisionRecall?.recall),
      );
      expect(roc[0].label).toBe(one.labels[1]);
    },
  );

  it("have each threshold beside the point that it brings", () => {
    const { roc, precisionRecall } = curvesOf(twoClasses([0, 1, 1], [0, Math.log(3), Math.log(3)]));
    expect(roc[0].thresholds.slice(1).map((threshold) => threshold.toFixed(3))).toEqual(["0.750", "0.500"]);
    expect(precisionRecall[0]).toMatchObject({ precision: [1, 2 / 3], recall: [1, 1], averagePrecision: 1 });
  });

  it("leave out labels that have none, and show several classes each against the rest", () => {
    const outputs = {
      family: "single-label" as const,
      labels: ["a", "b", "none"],
      rows: 2,
      targets: [0, 1],
      logits: Float32Array.of(2, 0, 0, 0, 2, 0),
    };
    const { roc, precisionRecall } = curvesOf(outputs);
    expect(roc.map(({ label }) => label)).toEqual(["a", "b"]);
    expect(precisionRecall.map(({ label }) => label)).toEqual(["a", "b"]);
  });

  it("show how reliable answers are", () => {
    const { reliability } = curvesOf(twoClasses([1, 0], [Math.log(2.5), Math.log(2.5)]), 4);
    expect(reliability.map(({ count }) => count)).toEqual([0, 0, 2, 0]);
    expect(reliability[2]).toMatchObject({ from: 0.5, to: 0.75, accuracy: 0.5 });
    expect(reliability[2].confidence).toBeCloseTo(2.5 / 3.5, 6);
  });
});

/** scikit-learn ends its curve where the last positive was found; what comes after is only lower. */
function untilAllAreFound(recall: readonly number[] = [], values: readonly number[] = []): readonly number[] {
  return values.slice(0, recall.length);
}

function expectClose(actual: readonly number[], expected: readonly number[] | undefined): void {
  expect(actual.length).toBe(expected?.length);
  for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(expected?.[i] as number, 10);
}
