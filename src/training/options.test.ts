import { describe, expect, expectTypeOf, it } from "vitest";
import type { z } from "zod";
import { TextuneError } from "../base/errors.js";
import { resolveTrainingOptions, trainingOptions } from "./options.js";
import type { ResolvedTrainingOptions, TrainingOptions } from "./training-options.js";

function complaintOf(options: Record<string, unknown>): string {
  try {
    resolveTrainingOptions(options as TrainingOptions);
  } catch (error) {
    expect(error).toBeInstanceOf(TextuneError);
    expect((error as TextuneError).code).toBe("E_CONFIG");
    return (error as TextuneError).message;
  }
  throw new Error("nothing was refused");
}

describe("resolveTrainingOptions", () => {
  it("needs no option, and fills in what Hugging Face's users expect", () => {
    expect(resolveTrainingOptions({})).toMatchObject({
      epochs: 3,
      learningRate: 5e-5,
      lrSchedulerType: "linear",
      adamBeta1: 0.9,
      adamBeta2: 0.999,
      adamEpsilon: 1e-8,
      maxGradNorm: 1,
      gradientAccumulationSteps: 1,
      seed: 42,
    });
  });

  it("keeps what is given", () => {
    const given = {
      epochs: 0.5,
      batchSize: 7,
      learningRate: 1e-3,
      lrSchedulerType: "cosine",
      dropout: 0,
      warmupSteps: 0,
    } as const;
    expect(resolveTrainingOptions(given)).toMatchObject(given);
  });

  it.each([
    ["learning_rate", "learningRate"],
    ["batchsize", "batchSize"],
    ["epoch", "epochs"],
    ["wamupRatio", "warmupRatio"],
    ["weightdecay", "weightDecay"],
  ])("names the nearest option for %s", (wrong, meant) => {
    expect(complaintOf({ [wrong]: 1 })).toMatch(new RegExp(`^option ${wrong}: .*did you mean "${meant}"`));
  });

  it.each([
    [{ learningRate: Number.NaN }, /^option learningRate: expected .*got NaN/],
    [{ learningRate: Number.POSITIVE_INFINITY }, /^option learningRate: expected .*got Infinity/],
    [{ learningRate: 0 }, /^option learningRate: expected a number above 0, got 0/],
    [{ epochs: -1 }, /^option epochs: expected a number above 0, got -1/],
    [{ batchSize: 1.5 }, /^option batchSize: expected a whole number, got 1.5/],
    [{ warmupRatio: 1.1 }, /^option warmupRatio: expected a number of at most 1, got 1.1/],
    [{ dropout: 1 }, /^option dropout: expected a number below 1, got 1/],
    [{ adamBeta2: 1 }, /^option adamBeta2: expected a number below 1, got 1/],
    [{ seed: "42" }, /^option seed: expected a number, got "42"/],
    [
      { lrSchedulerType: "lineer" },
      /^option lrSchedulerType: expected one of linear, .*got "lineer"; did you mean "linear"/,
    ],
    [{ groupByLength: "yes" }, /^option groupByLength: expected true or false, got "yes"/],
    [{ maxGradNorm: null }, /^option maxGradNorm: expected a number, got null/],
  ])("refuses %o in one line that names the option, what it takes and what it got", (options, message) => {
    expect(complaintOf(options)).toMatch(message);
    expect(complaintOf(options)).not.toContain("\n");
  });

  it("has types that say what the schema takes and gives", () => {
    expectTypeOf<Required<TrainingOptions>>().toEqualTypeOf<Readonly<Required<z.input<typeof trainingOptions>>>>();
    expectTypeOf<Required<ResolvedTrainingOptions>>().toEqualTypeOf<
      Readonly<Required<z.output<typeof trainingOptions>>>
    >();
  });

  it("takes a number of layers to freeze as a number and as text, and a pattern", () => {
    for (const freeze of [2, "2", "/query|key/"]) expect(resolveTrainingOptions({ freeze }).freeze).toBe(freeze);
  });

  it.each([
    [{ freeze: 1.5 }, /^option freeze: expected none, embeddings, encoder, a number of layers or a .*got 1.5/],
    [{ freeze: "/(/" }, /^option freeze: .*got "\/\(\/"/],
    [{ freeze: "head" }, /^option freeze: .*got "head"/],
    [{ momentum: 0.5 }, /^option momentum: expected another optimizer than adamw, which it belongs to, got 0.5/],
    [{ optim: "lion", adamBeta1: 0.8 }, /^option adamBeta1: expected another optimizer than lion/],
    [{ lrNumCycles: 2 }, /^option lrNumCycles: expected lrSchedulerType cosine or cosine_with_restarts, .*got 2/],
    [{ lrPatience: 3 }, /^option lrPatience: expected lrSchedulerType reduce_lr_on_plateau/],
    [{ unfreezeAfter: 1 }, /^option unfreezeAfter: expected something that freeze names/],
    [{ freeze: "encoder", unfreezeLayersPerEpoch: 1 }, /^option unfreezeLayersPerEpoch: expected unfreezeAfter/],
    [{ freeze: "encoder", unfreezeAfter: 3 }, /^option unfreezeAfter: expected fewer than the 3 epochs, got 3/],
    [{ earlyStoppingThreshold: 0.1 }, /^option earlyStoppingThreshold: expected earlyStoppingPatience/],
    [{ earlyStoppingPatience: 0 }, /^option earlyStoppingPatience: expected .*got 0/],
    [{ sampling: "oversample", classWeights: "balanced" }, /^option classWeights: .*sampling oversample makes all/],
    [{ mode: "linear", epochs: 5 }, /^option epochs: expected mode full, which it belongs to, got 5/],
    [{ mode: "linear", learningRate: 1e-3 }, /^option learningRate: expected mode full or contrastive/],
    [{ mode: "contrastive", epochs: 5 }, /^option epochs: expected mode full/],
    [{ emaDecay: 1 }, /^option emaDecay: expected a number below 1, got 1/],
    [{ layerwiseLrDecay: 1.1 }, /^option layerwiseLrDecay: expected a number of at most 1, got 1.1/],
  ])("refuses %o, which cannot be or does nothing", (options, message) => {
    expect(complaintOf(options)).toMatch(message);
  });

  it("takes what belongs together", () => {
    const together: readonly TrainingOptions[] = [
      { optim: "sgd", momentum: 0.5, nesterov: true },
      { optim: "adam", adamBeta1: 0.8 },
      { lrSchedulerType: "cosine_with_restarts", lrNumCycles: 3 },
      { freeze: "encoder", unfreezeAfter: 1, unfreezeLayersPerEpoch: 2 },
      { mode: "contrastive", learningRate: 1e-4 },
      resolveTrainingOptions({}),
    ];
    for (const options of together) expect(() => resolveTrainingOptions(options)).not.toThrow();
  });

  it("describes every option, for help texts", () => {
    for (const [name, option] of Object.entries(trainingOptions.shape))
      expect(option.description, name).toMatch(/\w{3,}/);
  });
});
