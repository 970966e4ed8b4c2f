import { describe, expect, it } from "vitest";
import { chooseHead } from "../heads/head.js";
import { modelOf } from "../models/registry.js";
import { optimizerOf } from "../optimizers/registry.js";
import { singleLabelClassification } from "../tasks/single-label.js";
import { buildTrainingGraph } from "../training/classifier-graph.js";
import { estimateMemory } from "../training/memory-estimate.js";
import { resolveTrainingOptions } from "../training/options.js";
import { trainingLoss } from "../training/training-loss.js";
import type { TrainingOptions } from "../training/training-options.js";
import type { ClassifierState } from "./classifier-state.js";
import { fitMemory } from "./fit-memory.js";

const MIB = 2 ** 20;
const rawConfig = {
  ...{ model_type: "bert", vocab_size: 1000, hidden_size: 128, num_hidden_layers: 4, num_attention_heads: 2 },
  ...{ intermediate_size: 512, max_position_embeddings: 512, type_vocab_size: 2, hidden_act: "gelu" },
};
const model = modelOf(rawConfig);
const config = model.readConfig(rawConfig);
const labels = ["no", "yes"];
const state = { model, config, head: chooseHead(model.head), task: singleLabelClassification, labels };
const loss = trainingLoss({}, singleLabelClassification, labels, { rows: 2, counts: [1, 1] });

const peakOf = (B: number, T: number, gradientCheckpointing = false): number =>
  estimateMemory({
    graph: buildTrainingGraph({ ...state, outputs: 2, gradientCheckpointing }),
    ...{ optimizer: optimizerOf("adamw"), dims: { B, T }, copies: 0 },
  }).activations;

describe("the memory that a training is predicted to take", () => {
  it("goes with the rows, and with the square of the tokens beyond them", () => {
    expect(peakOf(8, 64) / peakOf(4, 64)).toBeCloseTo(2, 1);
    expect(peakOf(4, 256) / peakOf(4, 128)).toBeGreaterThan(2.1);
  });

  it("holds at least what backward needs of every layer: attention weights, and the inner layer before and after GELU", () => {
    const [B, T] = [4, 128];
    expect(peakOf(B, T)).toBeGreaterThan(4 * 4 * (2 * B * T * T + 2 * B * T * 512));
    // With dropout masks, scores and their gradients it is not more than some times that.
    expect(peakOf(B, T)).toBeLessThan(4 * 4 * 4 * (2 * B * T * T + 2 * B * T * 512));
  });

  it("is less where layers are computed anew", () => {
    expect(peakOf(4, 256, true)).toBeLessThan(0.6 * peakOf(4, 256));
  });
});

describe("autoFindBatchSize", () => {
  const said: string[] = [];
  const fitted = (free: number, options: TrainingOptions = {}) =>
    fitMemory(state as unknown as ClassifierState, resolveTrainingOptions({ autoFindBatchSize: true, ...options }), {
      ...{ loss, isValidated: true, free, onNotice: (message: string) => void said.push(message) },
    });

  it("leaves what fits, halves the parts where they do not, and computes layers anew only where that is not enough", () => {
    expect(fitted(8192 * MIB)).toMatchObject({ tokensPerPass: 1024, gradientCheckpointing: false });
    expect(said).toEqual([]);
    const sizes = [400, 350, 320, 300, 290, 280, 270, 260].map((free) => {
      const { tokensPerPass, gradientCheckpointing } = fitted(free * MIB);
      return tokensPerPass - (gradientCheckpointing ? 10_000 : 0);
    });
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(sizes.some((size) => size > 0 && size < 1024)).toBe(true);
    expect(said[0]).toMatch(/^\d+ tokens at once.*: training takes about [\d,]+ MiB of the [\d,]+ MiB that are free$/);
  });

  it("says what is missing where one text is too much, and does nothing unless it is asked", () => {
    expect(() => fitted(100 * MIB)).toThrow(
      /^option autoFindBatchSize: expected [\d,]+ MiB of free memory.*got 100 MiB/,
    );
    expect(fitted(100 * MIB, { autoFindBatchSize: false }).tokensPerPass).toBe(1024);
  });
});
