import { describe, expect, it } from "vitest";
import { range } from "../../tests/support/tiny-bert.js";
import { held, type Run, type RunOptions, run } from "../../tests/support/tiny-training.js";
import type { Callbacks } from "./callbacks.js";
import type { TrainingOptions } from "./training-options.js";
import type { TrainingState } from "./training-state.js";

describe("a training that goes on from a checkpoint", () => {
  /** A copy as a file would give it back. */
  const stored = (state: TrainingState): TrainingState => ({
    step: state.step,
    facts: JSON.parse(JSON.stringify(state.facts)) as TrainingState["facts"],
    tensors: new Map([...state.tensors].map(([name, values]) => [name, values.slice()])),
  });
  const plain = ({ epochs, losses, evaluations, bestEpoch, averagedSteps, stopped, stoppedEarly, decay }: Run) => ({
    ...{ losses, evaluations, bestEpoch, averagedSteps, stopped, stoppedEarly, decay },
    // Seconds are those of the clock.
    epochs: epochs.map(({ seconds: _, examplesPerSecond: __, ...epoch }) => epoch),
  });
  /** Counts the steps, and halves the rate after seven: its count has to survive. */
  const halving = (): Callbacks => {
    let seen = 0;
    return {
      onStep: () => (++seen === 7 ? { learningRateScale: 0.5 } : undefined),
      state: () => seen,
      restore(state) {
        seen = state as number;
      },
    };
  };

  it.each<[string, RunOptions]>([
    ["with the default options", {}],
    ["accumulating, in parts, without dropout", { options: { gradientAccumulationSteps: 2, tokensPerPass: 60 } }],
    [
      "with an average of the weights, the last kept",
      { model: { emaDecay: 0.9 }, options: { loadBestModelAtEnd: false } },
    ],
    [
      "whose rate goes down on plateaus",
      {
        options: {
          // So small a rate that nothing gets better: it goes down after the second epoch and the third.
          ...{ lrSchedulerType: "reduce_lr_on_plateau", lrPatience: 0, lrFactor: 0.5, learningRate: 1e-6 },
          ...{ metricForBestModel: "accuracy", epochs: 4, saveSteps: 5 },
        },
      },
    ],
    ["evaluated every 4 steps", { options: { evalSteps: 4, saveSteps: 3 } }],
    ["whose best evaluations are averaged", { options: { evalSteps: 3, greedySoup: 3, metricForBestModel: "loss" } }],
    [
      "that stops early, within an epoch",
      // So small a rate that nothing gets better after the first evaluation.
      { options: { evalSteps: 4, earlyStoppingPatience: 1, learningRate: 1e-9, metricForBestModel: "accuracy" } },
    ],
  ])("comes to the same weights and history, to the bit, from every checkpoint: %s", async (_, how) => {
    const options = { epochs: 2, saveSteps: 1, ...how.options };
    const states: TrainingState[] = [];
    const checkpoints = {
      async save(state: TrainingState) {
        states.push(stored(state));
      },
    };
    const base = { ...how, options, validation: held.labelIds, callbacks: halving };
    const unbroken = await run({ ...base, checkpoints });
    expect(states.at(-1)?.step).toBe(unbroken.losses.length);
    expect(states.length).toBe(Math.ceil(unbroken.losses.length / options.saveSteps));
    for (const resumed of states) {
      const again = await run({ ...base, model: { weightSeed: 9, ...how.model }, resumed });
      expect(again.parameters, `from step ${resumed.step}`).toEqual(unbroken.parameters);
      expect(plain(again), `from step ${resumed.step}`).toEqual(plain(unbroken));
    }
  });

  it("is written as the options say, at the end, when it is stopped, and by default every five minutes", async () => {
    const stepsOf = async (options: TrainingOptions, how: Pick<RunOptions, "signal" | "now"> = {}) => {
      const steps: number[] = [];
      const checkpoints = {
        async save({ step }: TrainingState) {
          steps.push(step);
        },
      };
      const { checkpointStep } = await run({ options, checkpoints, ...how });
      expect(checkpointStep).toBe(steps.at(-1));
      return steps;
    };
    expect(await stepsOf({ saveStrategy: "epoch" })).toEqual([6, 12]);
    expect(await stepsOf({ saveSteps: 5 })).toEqual([5, 10, 12]);
    expect(await stepsOf({ saveStrategy: "steps" })).toEqual([12]);
    expect(await stepsOf({ saveStrategy: "no" })).toEqual([]);
    expect(await stepsOf({ saveStrategy: "no" }, { signal: AbortSignal.abort() })).toEqual([0]);
    // A second each time that the clock is read, then a minute.
    let clock = 0;
    expect(await stepsOf({}, { now: () => (clock += 1000) })).toEqual([]);
    const minutes = await stepsOf({}, { now: () => (clock += 60_000) });
    expect(minutes.length).toBeGreaterThan(3);
    expect(minutes.length).toBeLessThan(12);
    expect(minutes.at(-1)).toBe(12);
  });

  it("goes on without a checkpoint that cannot be written, and says so", async () => {
    const said: string[] = [];
    const checkpoints = { save: () => Promise.reject(new Error("the disk is full")) };
    const onWarning = (message: string) => void said.push(message);
    const { losses, checkpointStep } = await run({
      options: { saveStrategy: "epoch" },
      checkpoints,
      callbacks: () => ({ onWarning }),
    });
    expect(losses).toHaveLength(12);
    expect(checkpointStep).toBeUndefined();
    expect(said).toEqual(range(2).map(() => "the disk is full (training goes on; there is none yet)"));
  });
});
