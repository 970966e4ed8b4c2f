import { describe, expect, it } from "vitest";
import { createTinyTrainer, labelledBatch, range } from "../../tests/support/tiny-bert.js";
import { DATA, held, run, train } from "../../tests/support/tiny-training.js";
import type { ClassificationReport } from "../metrics/report.js";
import type { StepEnd, TrainBegin, TrainingHistory } from "./callbacks.js";

describe("fit", () => {
  it("learns which words tell the class, and generalises to texts that it has not seen", async () => {
    const { losses, epochs, report } = await run({ options: { epochs: 20, learningRate: 1e-2 } });
    expect(losses).toHaveLength(20 * 6);
    expect(losses[0]).toBeGreaterThan(0.9);
    expect(epochs.at(-1)?.loss).toBeLessThan(0.2);
    expect(epochs.at(-1)?.metrics.accuracy).toBeGreaterThan(0.95);
    expect(report.accuracy).toBeGreaterThan(0.9);
  });

  it("gives the same bits for the same seed, and others for another", async () => {
    const [first, again, other] = [await run({}), await run({}), await run({ options: { seed: 43 } })];
    expect(Buffer.from(again.parameters.buffer).equals(Buffer.from(first.parameters.buffer))).toBe(true);
    expect(again.losses).toEqual(first.losses);
    expect(other.start).toEqual(first.start);
    expect(other.losses[0]).not.toBe(first.losses[0]);
    expect(Buffer.from(other.parameters.buffer).equals(Buffer.from(first.parameters.buffer))).toBe(false);
  });

  it("takes the rate of the schedule at each step: up over the warm-up, down to the end", async () => {
    const rates: number[] = [];
    await run({
      options: { epochs: 2, warmupRatio: 0.25, learningRate: 8e-3 },
      callbacks: () => ({ onStep: ({ learningRate }) => void rates.push(learningRate) }),
    });
    expect(rates).toHaveLength(12); // three of them warm-up
    expect(rates[0]).toBe(0);
    expect(rates[3]).toBe(8e-3);
    for (const [step, rate] of rates.entries()) {
      expect(rate).toBeCloseTo(8e-3 * (step < 3 ? step / 3 : (12 - step) / 9), 12);
    }
  });

  it("counts steps, rows, tokens and time", async () => {
    const steps: StepEnd[] = [];
    let begun: TrainBegin | undefined;
    const { epochs } = await run({
      options: { batchSize: 20, gradientAccumulationSteps: 2 },
      callbacks: () => ({
        onTrainBegin: (event) => {
          begun = event;
        },
        onStep: (event) => void steps.push(event),
      }),
    });
    // 96 rows are 5 batches, 3 steps; two epochs.
    expect(begun).toMatchObject({ steps: 6, epochs: 2, examples: 96, validationExamples: 0, data: { train: DATA } });
    expect(begun?.options).toMatchObject({ batchSize: 20, seed: 42, lrSchedulerType: "linear" });
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(steps.map(({ epoch }) => epoch)).toEqual([1, 1, 1, 2, 2, 2]);
    for (const epoch of [1, 2]) {
      const own = steps.filter((step) => step.epoch === epoch);
      expect(own.reduce((sum, { examples }) => sum + examples, 0)).toBe(96);
      expect(own.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(train.texts.ids.length);
      expect(epochs[epoch - 1].loss).toBeCloseTo(
        own.reduce((sum, { loss, examples }) => sum + loss * examples, 0) / 96,
        10,
      );
    }
    expect(steps[0].milliseconds).toBe(1);
    expect(epochs[0]).toMatchObject({ epoch: 1, seconds: 0.003, examplesPerSecond: 32_000 });
  });

  it("takes the batches in another order in every epoch", async () => {
    const tokens: number[] = [];
    await run({ options: { epochs: 3 }, callbacks: () => ({ onStep: (step) => void tokens.push(step.tokens) }) });
    const orders = [0, 6, 12].map((start) => tokens.slice(start, start + 6));
    expect(new Set(orders.map((order) => order.join())).size).toBe(3);
    expect(new Set(orders.map((order) => order.reduce((sum, count) => sum + count)))).toEqual(
      new Set([train.texts.ids.length]),
    );
  });

  it("ends within an epoch where epochs is no whole number", async () => {
    const { losses } = await run({ options: { epochs: 1.5 } });
    expect(losses).toHaveLength(9);
  });
});

describe("the events of a training", () => {
  it("are told to callbacks: the training, its epochs, steps and evaluations, as they begin and end, and of what is logged", async () => {
    const heard: string[] = [];
    const logged: unknown[] = [];
    await run({
      options: { epochs: 2, batchSize: 48 },
      validation: held.labelIds,
      callbacks: () => ({
        onTrainBegin: () => void heard.push("train begins"),
        onEpochBegin: ({ epoch, epochs, step }) => void heard.push(`epoch ${epoch}/${epochs} begins after ${step}`),
        onStepBegin: ({ step, steps, learningRate }) =>
          void heard.push(`step ${step}/${steps} at ${learningRate.toFixed(5)}`),
        onStep({ step, learningRate }) {
          heard.push(`step ${step} at ${learningRate.toFixed(5)}`);
          return step === 3 ? { log: { threes: 3, more: 1 } } : undefined;
        },
        onLog: (event) => void logged.push(event),
        onEvaluationBegin: ({ step, epoch }) => void heard.push(`evaluation after ${step}, in ${epoch}, begins`),
        onEvaluation: ({ step }) => void heard.push(`evaluation after ${step}`),
        onEpochEnd: ({ epoch }) => void heard.push(`epoch ${epoch}`),
        onTrainEnd: () => void heard.push("train"),
      }),
    });
    const rates = [0, 0.005, (0.005 * 2) / 3, 0.005 / 3];
    const steps = rates.map((rate, i) => [
      `step ${i + 1}/4 at ${rate.toFixed(5)}`,
      `step ${i + 1} at ${rate.toFixed(5)}`,
    ]);
    const epoch = (n: number) => [
      `epoch ${n}/2 begins after ${2 * n - 2}`,
      ...steps.slice(2 * n - 2, 2 * n).flat(),
      `evaluation after ${2 * n}, in ${n}, begins`,
      `evaluation after ${2 * n}`,
      `epoch ${n}`,
    ];
    expect(heard).toEqual(["train begins", ...epoch(1), ...epoch(2), "train"]);
    expect(logged).toEqual([{ step: 3, values: { threes: 3, more: 1 } }]);
  });
});

describe("the best epoch", () => {
  // Labels that are wrong for every text: the better the model fits, the worse it scores.
  const opposed = held.labelIds.map((label) => (label + 1) % 3);

  it("is kept, not the last", async () => {
    for (const metricForBestModel of ["accuracy", "loss"]) {
      const { epochs, bestEpoch, parameters, validated } = await run({
        options: { epochs: 4, learningRate: 1e-2, metricForBestModel },
        validation: opposed,
      });
      const values = epochs.map(
        ({ validation }) => (validation as ClassificationReport)[metricForBestModel as "accuracy" | "loss"],
      );
      const best = metricForBestModel === "loss" ? Math.min(...values) : Math.max(...values);
      expect(bestEpoch).toBe(values.indexOf(best) + 1);
      expect(bestEpoch).toBeLessThan(4);
      expect(parameters).toEqual(validated[values.indexOf(best)]);
      expect(parameters).not.toEqual(validated[3]);
      expect(epochs.map((epoch) => epoch.best)).toEqual(
        values.map((value, i) =>
          values.slice(0, i).every((earlier) => (metricForBestModel === "loss" ? value < earlier : value > earlier)),
        ),
      );
    }
  });

  it("is named but not kept with loadBestModelAtEnd false", async () => {
    const { bestEpoch, parameters, validated } = await run({
      options: { epochs: 4, learningRate: 1e-2, metricForBestModel: "loss", loadBestModelAtEnd: false },
      validation: opposed,
    });
    expect(bestEpoch).toBeLessThan(4);
    expect(parameters).toEqual(validated[3]);
  });

  it("is none without validation, and the last weights stay", async () => {
    let last: Float32Array | undefined;
    const { bestEpoch, parameters } = await run({
      callbacks: (trainer) => ({
        onStep: () => {
          last = trainer.parameters.slice();
        },
      }),
    });
    expect(bestEpoch).toBeUndefined();
    expect(parameters).toEqual(last);
  });
});

describe("a loss that is no number", () => {
  it("stops with one line that says what to do; without validation the weights before the step stay", async () => {
    let good: Float32Array | undefined;
    let kept: Float32Array | undefined;
    let message = "";
    const overflowing = run({
      options: { learningRate: 1e38, warmupSteps: 0 },
      callbacks: (trainer) => ({
        onStep: () => {
          good = trainer.parameters.slice();
        },
      }),
      onThrow: (error, trainer) => {
        message = (error as Error).message;
        kept = trainer.parameters.slice();
      },
    });
    await expect(overflowing).rejects.toMatchObject({ code: "E_TRAINING" });
    expect(message).toMatch(
      /^step \d+: expected a finite loss, got a loss of .*; the weights before this step are kept; try a lower learningRate \(it was 1e\+38\)[^\n]*$/,
    );
    expect(kept).toEqual(good);
    expect(kept?.some(Number.isNaN)).toBe(false);
  });

  it("keeps the weights of the best epoch when there is one", async () => {
    const snapshots: Float32Array[] = [];
    let kept: Float32Array | undefined;
    let message = "";
    const poisoned = run({
      validation: held.labelIds,
      callbacks: (trainer) => ({
        onEpochEnd: () => void snapshots.push(trainer.parameters.slice()),
        onStep: ({ epoch }) => {
          if (epoch === 2) trainer.parameters.fill(Number.NaN);
        },
      }),
      onThrow: (error, trainer) => {
        message = (error as Error).message;
        kept = trainer.parameters.slice();
      },
    });
    await expect(poisoned).rejects.toMatchObject({ code: "E_TRAINING" });
    expect(message).toContain("the weights of epoch 1 are kept");
    expect(kept).toEqual(snapshots[0]);
  });
});

describe("the abort signal", () => {
  it("ends training after the step in progress, and says so", async () => {
    const controller = new AbortController();
    let atAbort: Float32Array | undefined;
    const { losses, aborted, parameters, epochs } = await run({
      signal: controller.signal,
      callbacks: (trainer) => ({
        onStep: ({ step }) => {
          if (step < 3) return;
          controller.abort();
          atAbort = trainer.parameters.slice();
        },
      }),
    });
    expect(losses).toHaveLength(3);
    expect(aborted).toBe(true);
    expect(epochs).toEqual([]);
    expect(parameters).toEqual(atAbort);
  });

  it("takes no step when it comes before the first; an unbroken run is not called aborted", async () => {
    const { losses, aborted, parameters, start } = await run({ signal: AbortSignal.abort() });
    expect([losses.length, aborted]).toEqual([0, true]);
    expect(parameters).toEqual(start);
    expect((await run({ options: { epochs: 1 } })).aborted).toBe(false);
  });

  it("goes back to the best epoch when there was one", async () => {
    const controller = new AbortController();
    const { parameters, validated, bestEpoch } = await run({
      options: { epochs: 3 },
      validation: held.labelIds,
      signal: controller.signal,
      callbacks: () => ({ onStep: ({ step }) => (step === 8 ? controller.abort() : undefined) }),
    });
    expect(bestEpoch).toBe(1);
    expect(parameters).toEqual(validated[0]);
  });
});

it("accumulating two batches of 16 trains as batches of 32 do, within rounding", async () => {
  const stepped = async (sizes: readonly number[]): Promise<Float32Array> => {
    const trainer = await createTinyTrainer();
    for (let step = 0; step < 3; step++) {
      let from = 32 * step;
      const parts = sizes.map((size) => {
        const rows = range(size).map((i) => from + i);
        from += size;
        return labelledBatch(train.texts, train.labelIds, rows);
      });
      await trainer.step(parts, step, 1e-3);
    }
    const parameters = trainer.parameters.slice();
    await trainer.close();
    return parameters;
  };
  const [whole, halves] = [await stepped([32]), await stepped([16, 16])];
  // Adam divides by the gradient's own size: an element whose gradient is all rounding may move by the rate itself.
  const differences = [...whole].map((value, i) => Math.abs(value - halves[i])).sort((a, b) => a - b);
  expect(differences[Math.floor(0.999 * differences.length)]).toBeLessThan(1e-5);
  expect(differences.at(-1)).toBeLessThan(6e-3);
});

describe("callbacks", () => {
  it("may end training, whose epoch is validated then", async () => {
    const { losses, epochs, bestEpoch, stopped, aborted } = await run({
      options: { epochs: 3 },
      validation: held.labelIds,
      callbacks: () => ({ onStep: ({ step }) => (step === 4 ? { stop: true } : undefined) }),
    });
    expect([losses.length, epochs.length, bestEpoch, stopped, aborted]).toEqual([4, 1, 1, true, false]);
  });

  it("may scale the rates of all further steps, several times", async () => {
    const rates: number[] = [];
    const options = { epochs: 1, warmupSteps: 0, lrSchedulerType: "constant", learningRate: 8e-3 } as const;
    await run({
      options,
      callbacks: () => ({
        onStep: ({ step, learningRate }) => {
          rates.push(learningRate);
          return step === 2 || step === 4 ? { learningRateScale: 0.5 } : undefined;
        },
      }),
    });
    expect(rates).toEqual([8e-3, 8e-3, 4e-3, 4e-3, 2e-3, 2e-3]);
  });

  it("that throw lose neither the best weights nor their error, and all hear of it", async () => {
    const heard: unknown[] = [];
    const snapshots: Float32Array[] = [];
    let kept: Float32Array | undefined;
    const failing = run({
      options: { epochs: 3 },
      validation: held.labelIds,
      callbacks: (trainer) => ({
        onEpochEnd: () => void snapshots.push(trainer.parameters.slice()),
        onStep: ({ step }) => {
          if (step === 8) throw new Error("a bug of mine");
        },
        onError: (event) => {
          heard.push(event);
          throw new Error("another one");
        },
      }),
      onThrow: (_, trainer) => {
        kept = trainer.parameters.slice();
      },
    });
    await expect(failing).rejects.toThrow("a bug of mine");
    expect(kept).toEqual(snapshots[0]);
    expect(heard).toEqual([{ error: new Error("a bug of mine"), step: 8, bestEpoch: 1 }]);
  });

  it("hear of every evaluation and of the end, with the history that is returned", async () => {
    const heard: string[] = [];
    let ended: TrainingHistory | undefined;
    const { epochs, losses } = await run({
      options: { epochs: 2 },
      validation: held.labelIds,
      callbacks: () => ({
        onEvaluation: ({ step, epoch, best }) => void heard.push(`${step} ${epoch} ${best}`),
        onEpochEnd: ({ epoch, best }) => void heard.push(`epoch ${epoch} ${best}`),
        onTrainEnd: (history) => {
          ended = history;
        },
      }),
    });
    expect(heard.slice(0, 2)).toEqual(["6 1 true", "epoch 1 true"]);
    expect(heard).toHaveLength(4);
    expect(ended?.epochs).toEqual(epochs);
    expect(ended?.losses).toEqual(losses);
  });
});

describe("reduce_lr_on_plateau", () => {
  it("lowers the rate by what evaluations find, by the metric that is asked for", async () => {
    const rates: number[] = [];
    const { epochs } = await run({
      options: {
        ...{ epochs: 5, lrSchedulerType: "reduce_lr_on_plateau", lrFactor: 0.5, lrPatience: 0 },
        ...{ learningRate: 1e-6, metricForBestModel: "accuracy" },
      },
      validation: held.labelIds,
      callbacks: () => ({
        onStep: ({ learningRate }) => {
          rates.push(learningRate);
        },
      }),
    });
    let best = Number.NEGATIVE_INFINITY;
    let scale = 1;
    const expected = epochs.map(({ validation }) => {
      const rate = 1e-6 * scale;
      const { accuracy } = validation as ClassificationReport;
      if (accuracy > best * 1.0001) best = accuracy;
      else scale *= 0.5;
      return rate;
    });
    // So small a rate changes no prediction: the second evaluation finds nothing better.
    expect(scale).toBeLessThan(0.2);
    expect(rates.filter((_, i) => i % 6 === 0)).toEqual(expected);
  });
});

describe("emaDecay", () => {
  it("evaluates and keeps the average of the weights", async () => {
    const raw = await run({ options: { epochs: 2 }, validation: held.labelIds });
    const averaged = await run({ options: { epochs: 2 }, model: { emaDecay: 0.9 }, validation: held.labelIds });
    // The same steps, seen through an average.
    expect(averaged.losses).toEqual(raw.losses);
    expect(averaged.validated[0]).not.toEqual(raw.validated[0]);
    expect(averaged.parameters).toEqual(averaged.validated[(averaged.bestEpoch as number) - 1]);
  });

  it("keeps the average of the last step where nothing is validated", async () => {
    const options = { epochs: 2, loadBestModelAtEnd: false };
    const averaged = await run({ options, model: { emaDecay: 0.9 } });
    const shown = await run({ options, model: { emaDecay: 0.9 }, validation: held.labelIds });
    expect(averaged.parameters).toEqual(shown.validated[1]);
    expect(averaged.parameters).not.toEqual((await run({ options })).parameters);
  });
});

describe("a greedy soup", () => {
  const opposed = held.labelIds.map((label, row) => (row % 2 === 0 ? label : (label + 1) % 3));

  it("averages the best evaluations' weights, each where the metric does not fall", async () => {
    const options = { epochs: 6, learningRate: 1e-2, metricForBestModel: "loss", greedySoup: 4 } as const;
    const {
      averagedSteps = [],
      epochs,
      evaluations,
      parameters,
      validated,
      validation,
      ...rest
    } = await run({
      options,
      validation: opposed,
    });
    const ranked = evaluations.toSorted((a, b) => a.loss - b.loss);
    // Six epochs, and a look at each of the three that may be added, one of which makes it worse.
    expect(validated).toHaveLength(9);
    expect(averagedSteps).toHaveLength(3);
    expect(averagedSteps[0]).toBe(ranked[0].step);
    expect(ranked.slice(0, 4).map(({ step }) => step)).toEqual(expect.arrayContaining([...averagedSteps]));
    const weightsOf = (step: number): Float32Array => validated[epochs.findIndex((epoch) => epoch.step === step)];
    for (let i = 0; i < parameters.length; i += 97) {
      const mean = averagedSteps.reduce((sum, step) => sum + weightsOf(step)[i], 0) / averagedSteps.length;
      expect(parameters[i]).toBeCloseTo(mean, 5);
    }
    expect((validation as ClassificationReport).loss).toBeLessThanOrEqual(rest.bestValidation?.loss as number);
  });

  it("is the best evaluation alone where the others make it worse", async () => {
    // One step of a rate so high that nothing between is as good as the best.
    const { averagedSteps, bestStep, bestValidation, parameters, validated, validation } = await run({
      options: { epochs: 2, learningRate: 0.5, warmupRatio: 0, metricForBestModel: "loss", greedySoup: 2 },
      validation: held.labelIds,
    });
    expect(averagedSteps).toEqual([bestStep]);
    expect(validation).toEqual(bestValidation);
    expect(parameters).toEqual(validated[(bestStep as number) / 6 - 1]);
  });
});
