import { expect, it } from "vitest";
import { run } from "../../tests/support/tiny-training.js";
import { grownLoss } from "./grown-loss.js";

it("speaks of a loss that is a hundredfold of the first ones, once", () => {
  const calm = Array.from({ length: 30 }, (_, i) => 0.7 - i / 100);
  expect(grownLoss(calm)).toBeUndefined();
  expect(grownLoss([...calm, 69])).toBe("step 31: the loss has grown a hundredfold, from 0.655 to 69");
  expect(grownLoss([...calm, 69, 80])).toBeUndefined();
  expect(grownLoss([0.7, 71])).toContain("step 2");
  expect(grownLoss([71])).toBeUndefined();
  // Ten times as much is noise, and so is a hundredth of nothing.
  expect(grownLoss([...calm, 7])).toBeUndefined();
  expect(grownLoss([...calm.map((loss) => loss / 1e6), 0.5])).toBeUndefined();
});

it("is what training says when its rate is absurd", async () => {
  const said: string[] = [];
  const options = { learningRate: 1000, warmupRatio: 0, maxGradNorm: 1e9, epochs: 2 };
  await run({ options, callbacks: () => ({ onWarning: (line) => void said.push(line) }) });
  expect(said).toEqual([
    expect.stringMatching(/^step \d+: the loss has grown .*; try a lower learningRate \(it is 1000\)/),
  ]);
});
