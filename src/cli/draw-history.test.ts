import { expect, it } from "vitest";
import type { EpochResult, EvaluationResult, TrainingHistory } from "../training/callbacks.js";
import { drawHistory } from "./draw-history.js";

const ends = [4, 8, 10];
const LOSSES = [0.9, 0.5, 0.2];
const epochs = LOSSES.map(
  (loss, i): EpochResult => ({
    ...{ epoch: i + 1, step: ends[i] as number, loss, metrics: { accuracy: 1 - loss } },
    ...{ best: false, seconds: 1, examplesPerSecond: 1 },
  }),
);
const evaluations = [0.8, 0.6, 0.7, 0.75, 0.8].map(
  (loss, i): EvaluationResult => ({ step: 2 * (i + 1), epoch: 1, loss, metrics: { accuracy: 1 - loss }, best: i < 2 }),
);
const history: TrainingHistory = {
  ...{ epochs, evaluations, losses: [], bestEpoch: 1, bestStep: 4, aborted: false, stopped: false },
  ...{ bestValidation: undefined, validation: undefined, stoppedEarly: false, checkpointStep: undefined },
};

it("draws learning curves in a terminal no wider than it is, a mark for each part", () => {
  for (const width of [40, 100]) {
    const lines = drawHistory(history, width).split("\n");
    expect(lines[0]).toBe("loss  • training 0.9 to 0.2   × validation 0.8 to 0.8");
    const [loss] = drawHistory(history, width).split("\n\n") as [string];
    const chart = loss.split("\n").slice(1).join("\n");
    expect([...chart.matchAll(/•/g)].length).toBe(3);
    expect([...chart.matchAll(/×/g)].length).toBe(5);
    for (const line of chart.split("\n")) expect(line.length).toBeLessThanOrEqual(width);
  }
  expect(drawHistory({ ...history, epochs: epochs.slice(0, 1), evaluations: [] }, 80)).toBe("");
});
