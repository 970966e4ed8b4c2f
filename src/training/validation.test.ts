import { describe, expect, it } from "vitest";
import { held, run } from "../../tests/support/tiny-training.js";

// Labels that are wrong for every text: the better the model fits, the worse it scores.
const opposed = held.labelIds.map((label) => (label + 1) % 3);

describe("evaluation while training goes on", () => {
  it("comes every so many steps and after the last, and the best of them is kept", async () => {
    const { evaluations, validated, parameters, bestStep, bestEpoch, bestValidation, epochs } = await run({
      options: { epochs: 3, evalSteps: 5, metricForBestModel: "loss", learningRate: 1e-2 },
      validation: opposed,
    });
    expect(evaluations.map(({ step, epoch }) => [step, epoch])).toEqual([
      [5, 1],
      [10, 2],
      [15, 3],
      [18, 3],
    ]);
    const losses = evaluations.map(({ loss }) => loss);
    const best = losses.indexOf(Math.min(...losses));
    expect(parameters).toEqual(validated[best]);
    expect(best).toBeLessThan(3);
    expect([bestStep, bestEpoch]).toEqual([evaluations[best].step, evaluations[best].epoch]);
    expect(bestValidation?.loss).toBe(losses[best]);
    // The sixth and the twelfth step, at which epochs end, were not evaluated; the last was.
    expect(epochs.map(({ validation }) => validation?.loss)).toEqual([undefined, undefined, losses[3]]);
  });

  it("evaluates once where an interval ends with an epoch", async () => {
    const { evaluations, validated } = await run({ options: { evalSteps: 3 }, validation: held.labelIds });
    expect(evaluations.map(({ step }) => step)).toEqual([3, 6, 9, 12]);
    expect(validated).toHaveLength(4);
  });

  it("is asked for by evalStrategy, every 500 steps by default", async () => {
    const { evaluations } = await run({ options: { evalStrategy: "steps" }, validation: held.labelIds });
    expect(evaluations.map(({ step }) => step)).toEqual([12]);
  });

  it("is not lost to a signal that comes within an epoch", async () => {
    const controller = new AbortController();
    const { evaluations, epochs, aborted, parameters, validated } = await run({
      options: { evalSteps: 2 },
      validation: held.labelIds,
      signal: controller.signal,
      callbacks: () => ({ onEvaluation: ({ step }) => (step === 4 ? controller.abort() : undefined) }),
    });
    expect(evaluations.map(({ step }) => step)).toEqual([2, 4]);
    expect([aborted, epochs.length]).toEqual([true, 0]);
    expect(parameters).toEqual(validated[evaluations.findLastIndex(({ best }) => best)]);
  });
});

describe("early stopping", () => {
  const options = { epochs: 8, metricForBestModel: "loss", learningRate: 1e-2 } as const;

  it("ends training after so many evaluations without a better metric, and keeps the best", async () => {
    const whole = await run({ options, validation: opposed });
    const { evaluations, stopped, stoppedEarly, parameters, validated, losses } = await run({
      options: { ...options, earlyStoppingPatience: 2 },
      validation: opposed,
    });
    const best = evaluations.findLastIndex((one) => one.best);
    expect(evaluations).toEqual(whole.evaluations.slice(0, best + 3));
    expect(evaluations.length).toBeLessThan(8);
    expect([stopped, stoppedEarly, losses.length]).toEqual([true, true, 6 * (best + 3)]);
    expect(parameters).toEqual(validated[best]);
    expect(whole.stoppedEarly).toBe(false);
  });

  it("counts no gain that is not above the threshold, as transformers does", async () => {
    const { evaluations, stoppedEarly } = await run({
      options: { ...options, epochs: 12, earlyStoppingPatience: 7, earlyStoppingThreshold: 100 },
      validation: held.labelIds,
    });
    // The first counts as better than nothing; of those that follow some are better than it, none by a hundred.
    expect(evaluations).toHaveLength(8);
    expect(evaluations.slice(1).some(({ best }) => best)).toBe(true);
    expect(stoppedEarly).toBe(true);
  });

  it("is not said of a training that came to its end", async () => {
    const { stoppedEarly, stopped } = await run({
      options: { epochs: 2, learningRate: 1e-9, metricForBestModel: "accuracy", earlyStoppingPatience: 1 },
      validation: held.labelIds,
    });
    expect([stoppedEarly, stopped]).toEqual([false, false]);
  });
});
