import { describe, expect, it } from "vitest";
import { history } from "../../tests/support/training-history.js";
import type { EpochResult } from "./callbacks.js";
import { historyCharts } from "./history-charts.js";
import { learningCurves } from "./learning-curves.js";

describe("learning curves", () => {
  it("put what was measured within an epoch between its beginning and its end", () => {
    const [loss, accuracy] = learningCurves(history);
    expect(loss?.training.map(({ epoch, value }) => [epoch, value])).toEqual([
      [1, 0.9],
      [2, 0.5],
      [3, 0.2],
    ]);
    // The third epoch has two steps where the others have four.
    expect(loss?.validation.map(({ epoch }) => epoch)).toEqual([0.5, 1, 1.5, 2, 3]);
    expect(accuracy?.validation.map(({ value }) => value)).toEqual(history.evaluations.map(({ loss: own }) => 1 - own));
  });

  it("leave out what is no number, and are empty of a training without an epoch", () => {
    const broken = { ...history, epochs: [{ ...(history.epochs[0] as EpochResult), loss: Number.NaN }] };
    expect(learningCurves(broken)[0]?.training).toEqual([]);
    expect(learningCurves({ ...history, epochs: [], evaluations: [] })).toEqual([
      { name: "loss", training: [], validation: [] },
    ]);
  });

  it("are drawn one plot each, with a ring around what was kept", () => {
    const charts = historyCharts(history);
    expect(charts.map(({ name }) => name)).toEqual(["learning-curve-loss", "learning-curve-accuracy"]);
    expect(JSON.stringify(charts[0]?.spec)).toContain('"values":[{"epoch":1,"value":0.6}]');
  });
});
