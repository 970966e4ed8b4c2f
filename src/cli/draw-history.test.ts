import { expect, it } from "vitest";
import { history } from "../../tests/support/training-history.js";
import { drawHistory } from "./draw-history.js";

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
  expect(drawHistory({ ...history, epochs: history.epochs.slice(0, 1), evaluations: [] }, 80)).toBe("");
});
