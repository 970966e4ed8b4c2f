import { describe, expect, it } from "vitest";
import {
  createTinyPredictor,
  createTinyTrainer,
  labelledBatch,
  range,
  TINY_CONFIG,
  type TinyOptions,
  tinyGraph,
  tinyTexts,
} from "../../tests/support/tiny-bert.js";
import { bert } from "../models/bert/index.js";
import { adamw } from "../optimizers/adamw.js";
import { viewOf } from "../runtime/flat-layout.js";
import { nodeRuntime } from "../runtime/node/onnxruntime.js";
import { singleLabelClassification } from "../tasks/single-label.js";
import { buildTrainingGraph } from "./classifier-graph.js";
import type { LabelledBatch } from "./gradient-program.js";
import { parameterGroups } from "./parameter-groups.js";
import { createStages } from "./stages.js";
import { createTrainer, type Trainer } from "./training-step.js";

const { texts, labelIds } = tinyTexts(64);
const batch = (from: number, to: number): LabelledBatch =>
  labelledBatch(
    texts,
    labelIds,
    range(to - from).map((i) => from + i),
  );
const valuesOf = (trainer: Trainer, buffer: Float32Array, name: string): Float32Array => {
  const slot = trainer.layout.slots.find((candidate) => candidate.name === name);
  if (slot === undefined) throw new Error(`no parameter ${name}`);
  return viewOf(buffer, slot);
};

async function withTrainer<T>(options: TinyOptions, work: (trainer: Trainer) => Promise<T>): Promise<T> {
  const trainer = await createTinyTrainer(options);
  try {
    return await work(trainer);
  } finally {
    await trainer.close();
  }
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

describe("a step computed in parts", () => {
  it.each([
    { parts: [16, 16], name: "2 x 16" },
    { parts: [5, 20, 7], name: "5 + 20 + 7" },
  ])("of $name rows has the gradients of 32 rows at once, within rounding", async ({ parts }) => {
    await withTrainer({}, async (trainer) => {
      const whole = await trainer.computeGradients([batch(0, 32)], 0);
      const expected = trainer.gradients.slice();
      expect(Math.max(...expected)).toBeGreaterThan(1e-2);
      let from = 0;
      const batches = parts.map((size) => {
        from += size;
        return batch(from - size, from);
      });
      const inParts = await trainer.computeGradients(batches, 0);
      expect(inParts.loss).toBeCloseTo(whole.loss, 6);
      expect(largestDifference(trainer.gradients, expected)).toBeLessThan(1e-6);
      expect(
        largestDifference(
          inParts.logits.flatMap((logits) => [...logits]),
          whole.logits[0],
        ),
      ).toBeLessThan(1e-6);

      // What one step left in the buffers does not leak into the next.
      await trainer.computeGradients([batch(0, 32)], 0);
      expect(trainer.gradients).toEqual(expected);
    });
  });
});

describe("padding changes nothing", () => {
  it("in the logits of a text alone and beside longer ones", async () => {
    await withTrainer({}, async (trainer) => {
      const predictor = await createTinyPredictor(trainer);
      const together = await predictor.logits(labelledBatch(texts, labelIds, range(24), { padToMultipleOf: 8 }));
      for (const row of range(24)) {
        const alone = await predictor.logits(labelledBatch(texts, labelIds, [row]));
        expect(largestDifference(alone, together.subarray(3 * row, 3 * row + 3))).toBeLessThan(1e-5);
      }
      expect(largestDifference(together.subarray(0, 3), together.subarray(3, 6))).toBeGreaterThan(1e-3);
      await predictor.close();
    });
  });

  it("in the loss and the gradients; the padding token itself gets none", async () => {
    await withTrainer({}, async (trainer) => {
      const tight = await trainer.computeGradients([batch(0, 8)], 0);
      const expected = trainer.gradients.slice();
      const padded = await trainer.computeGradients(
        [labelledBatch(texts, labelIds, range(8), { padToMultipleOf: 24 })],
        0,
      );
      expect(padded.loss).toBeCloseTo(tight.loss, 6);
      expect(largestDifference(trainer.gradients, expected)).toBeLessThan(1e-6);
      const words = valuesOf(trainer, trainer.gradients, "bert.embeddings.word_embeddings.weight");
      expect(new Set(words.subarray(0, 16))).toEqual(new Set([0])); // row 0 is [PAD]
      expect(words.subarray(16, 32).some((value) => Math.abs(value) > 1e-4)).toBe(true); // row 1 is [CLS]
    });
  });
});

describe("dropout", () => {
  const lossAt = (options: TinyOptions, step: number): Promise<number> =>
    withTrainer(options, async (trainer) => (await trainer.computeGradients([batch(0, 32)], step)).loss);

  it("depends on the seed and the step alone", async () => {
    const first = await lossAt({ dropout: 0.3, seed: 1 }, 4);
    expect(await lossAt({ dropout: 0.3, seed: 1 }, 4)).toBe(first);
    expect(await lossAt({ dropout: 0.3, seed: 1 }, 5)).not.toBe(first);
    expect(await lossAt({ dropout: 0.3, seed: 2 }, 4)).not.toBe(first);
    expect(await lossAt({ dropout: 0, seed: 1 }, 4)).toBe(await lossAt({ dropout: 0, seed: 2 }, 5));
  });

  it("draws new masks for each part of a step", async () => {
    await withTrainer({ dropout: 0.3 }, async (trainer) => {
      const { logits } = await trainer.computeGradients([batch(0, 16), batch(0, 16)], 0);
      expect(largestDifference(logits[0], logits[1])).toBeGreaterThan(1e-3);
    });
  });

  it("leaves the expected loss about where it is", async () => {
    await withTrainer({ dropout: 0.1 }, async (trainer) => {
      let sum = 0;
      for (let step = 0; step < 50; step++) sum += (await trainer.computeGradients([batch(0, 32)], step)).loss;
      const without = await lossAt({}, 0);
      expect(Math.abs(sum / 50 - without)).toBeLessThan(0.02);
    });
  });
});

describe("gradient checkpointing", () => {
  it("changes no bit of the loss and, within rounding, no gradient, dropout and parts included", async () => {
    const computeWith = (gradientCheckpointing: boolean) =>
      withTrainer({ dropout: 0.3, gradientCheckpointing }, async (trainer) => {
        const { loss } = await trainer.computeGradients([batch(0, 20), batch(20, 32)], 3);
        return { loss, gradients: trainer.gradients.slice() };
      });
    const kept = await computeWith(false);
    const anew = await computeWith(true);
    expect(anew.loss).toBe(kept.loss);
    expect(Math.max(...kept.gradients)).toBeGreaterThan(1e-2);
    expect(largestDifference(anew.gradients, kept.gradients)).toBeLessThan(1e-6);
  });

  it("trains what is trained only", async () => {
    const trained = ({ name }: { name: string }) => name.startsWith("classifier");
    const gradients = (gradientCheckpointing: boolean) =>
      withTrainer({ trained, gradientCheckpointing }, async (trainer) => {
        await trainer.computeGradients([batch(0, 32)], 0);
        return trainer.gradients.slice();
      });
    expect(largestDifference(await gradients(true), await gradients(false))).toBeLessThan(1e-6);
  });

  it("opens one session for all layers that are alike", async () => {
    const layers = 5;
    const config = bert.readConfig({ ...TINY_CONFIG, num_hidden_layers: layers });
    const graph = buildTrainingGraph({
      model: bert,
      config,
      outputs: 3,
      task: singleLabelClassification,
      gradientCheckpointing: true,
    });
    let sessions = 0;
    const stages = await createStages(
      {
        createSession: (model, options) => {
          sessions++;
          return nodeRuntime.createSession(model, options);
        },
      },
      graph.stages,
      { threads: 1 },
    );
    await stages.close();
    expect(graph.stages).toHaveLength(2 * layers + 1);
    // Forward and backward of the embeddings and of a layer, and the last layer with the loss.
    expect(sessions).toBe(5);
  });
});

describe("a step", () => {
  it("moves trained parameters only, and decays all but biases and normalisations", async () => {
    const trained = ({ name }: { name: string }) => name.startsWith("classifier") || name.includes("LayerNorm");
    await withTrainer({ trained, weightDecay: 100 }, async (trainer) => {
      const before = trainer.parameters.slice();
      await trainer.step([batch(0, 32)], 0, 1e-6);
      for (const { name } of trainer.layout.slots) {
        const old = valuesOf(trainer, before, name);
        const now = valuesOf(trainer, trainer.parameters, name);
        if (!trained({ name })) expect(now, name).toEqual(old);
        else {
          // AdamW's first step is the learning rate; a decay of 1e-4 of the weight shows beside it.
          const decay = name === "classifier.weight" ? 1e-4 : 0;
          const moved = [...now].map((value, i) => Math.abs(Math.abs(value - old[i] * (1 - decay)) - 1e-6));
          expect(Math.max(...moved), name).toBeLessThan(2e-7);
        }
      }
    });
  });

  it("tells the norm that the gradients have before clipping", async () => {
    const step = (maxGradNorm: number) =>
      withTrainer({ maxGradNorm }, async (trainer) => (await trainer.step([batch(0, 32)], 0, 1e-3)).gradientNorm);
    const norm = await step(1e9);
    expect(norm).toBeGreaterThan(0.1);
    expect(await step(1e-3)).toBe(norm);
  });

  it("leaves the parameters as they are when the loss is no number", async () => {
    await withTrainer({}, async (trainer) => {
      valuesOf(trainer, trainer.parameters, "classifier.bias")[0] = Number.NaN;
      const before = trainer.parameters.slice();
      const { loss } = await trainer.step([batch(0, 32)], 0, 1e-3);
      expect(loss).toBeNaN();
      expect(trainer.parameters).toEqual(before);
    });
  });
});

it("goes on from parameters and optimizer state of another trainer as if it were that one, to the bit", async () => {
  const steps = (trainer: Trainer, from: number, to: number) =>
    range(to - from).reduce<Promise<unknown>>(
      (before, i) => before.then(() => trainer.step([batch(0, 16)], from + i, 1e-3)),
      Promise.resolve(),
    );
  await withTrainer({ dropout: 0.1 }, async (unbroken) => {
    await steps(unbroken, 0, 3);
    await withTrainer({ dropout: 0.1, weightSeed: 2 }, async (resumed) => {
      resumed.restore(unbroken.snapshot());
      for (const [name, values] of unbroken.optimizerState) resumed.optimizerState.get(name)?.set(values);
      await steps(unbroken, 3, 6);
      await steps(resumed, 3, 6);
      expect(resumed.parameters).toEqual(unbroken.parameters);
      expect(resumed.decay("classifier.weight")).toBe(unbroken.decay("classifier.weight"));
      expect(resumed.decay("classifier.weight")).toBeLessThan(1);
      expect(resumed.decay("classifier.bias")).toBe(1);
    });
  });
});

describe("a graph that trains more", () => {
  const isHead = ({ name }: { name: string }) => name.startsWith("classifier");

  it("goes on with what the optimizer keeps, and leaves the rest as it is until then", async () => {
    const everTrained = () => true;
    await withTrainer({ trained: isHead, everTrained, dropout: 0.1 }, async (trainer) => {
      const before = trainer.parameters.slice();
      for (const step of range(3)) await trainer.step([batch(0, 16)], step, 1e-3);
      for (const { name } of trainer.layout.slots)
        if (!isHead({ name }))
          expect(valuesOf(trainer, trainer.parameters, name), name).toEqual(valuesOf(trainer, before, name));
      const stepsOf = () => [...(trainer.optimizerState.get("step") ?? [])];
      expect(stepsOf()).toEqual([0, 3, 0, 3]);
      expect(trainer.decay("bert.embeddings.word_embeddings.weight")).toBe(1);

      // The same from here on as a training that starts at these weights with this state and trains all.
      await withTrainer({ weightSeed: 2, dropout: 0.1 }, async (whole) => {
        for (const { name } of whole.layout.slots)
          valuesOf(whole, whole.parameters, name).set(valuesOf(trainer, trainer.parameters, name));
        for (const [name, values] of trainer.optimizerState)
          if (name.includes("/")) whole.optimizerState.get(name)?.set(values);
        await trainer.useGraph(tinyGraph({ dropout: 0.1 }));
        const { loss } = await trainer.computeGradients([batch(0, 16)], 3);
        expect((await whole.computeGradients([batch(0, 16)], 3)).loss).toBe(loss);
        for (const { name } of trainer.layout.slots)
          expect(valuesOf(trainer, trainer.gradients, name), name).toEqual(valuesOf(whole, whole.gradients, name));
      });
      await trainer.step([batch(0, 16)], 3, 1e-3);
      expect(stepsOf()).toEqual([1, 4, 1, 4]);
      const words = "bert.embeddings.word_embeddings.weight";
      expect(trainer.decay(words)).toBe(1 - 1e-3 * 0.01);
      expect(valuesOf(trainer, trainer.parameters, words)).not.toEqual(valuesOf(trainer, before, words));
    });
  });
});

describe("the moving average of the weights", () => {
  it("stands in their place when shown, and they are back for the next step", async () => {
    const steps = 6;
    const raw: Float32Array[] = [];
    await withTrainer({ dropout: 0.1 }, async (plain) => {
      raw.push(plain.parameters.slice());
      for (const step of range(steps)) {
        await plain.step([batch(0, 16)], step, 1e-3);
        raw.push(plain.parameters.slice());
      }
    });
    // The warm-up's decays are 0.18, 0.25, 0.31 and then larger ones.
    const decay = 0.3;
    let expected = [...raw[0]];
    await withTrainer({ dropout: 0.1, emaDecay: decay }, async (trainer) => {
      for (const step of range(steps)) {
        await trainer.step([batch(0, 16)], step, 1e-3);
        expect(trainer.parameters).toEqual(raw[step + 1]);
        trainer.showAverage();
        trainer.showAverage();
        const d = Math.min(decay, (2 + step) / (11 + step));
        expected = expected.map((value, i) => d * value + (1 - d) * raw[step + 1][i]);
        expect(largestDifference(trainer.parameters, expected)).toBeLessThan(1e-6);
      }
      expect(largestDifference(trainer.parameters, raw[steps])).toBeGreaterThan(1e-4);
      const shown = trainer.snapshot();
      await trainer.step([batch(0, 16)], steps, 1e-3);
      trainer.restore(shown);
      // Weights that were put back are not hidden by another average.
      trainer.showAverage();
      expect(trainer.parameters).toEqual(shown.parameters);
      expect(trainer.decay("classifier.weight")).toBe(shown.decays[0]);
    });
  });
});

it("weights that are missing or of the wrong size are named", async () => {
  const graph = buildTrainingGraph({
    model: bert,
    config: bert.readConfig(TINY_CONFIG),
    outputs: 3,
    task: singleLabelClassification,
  });
  const weights = new Map(
    graph.parameters.map(({ name, shape }) => [name, new Float32Array(shape.reduce((a, b) => a * b, 1))]),
  );
  const create = () =>
    createTrainer({
      runtime: nodeRuntime,
      graph,
      weights,
      optimizer: adamw,
      groups: parameterGroups(graph.trained, { weightDecay: 0 }),
      maxGradNorm: 1,
      seed: 0,
    });
  weights.set("classifier.bias", new Float32Array(2));
  await expect(create()).rejects.toThrow("classifier.bias: expected 3 values, got 2");
  weights.delete("classifier.bias");
  await expect(create()).rejects.toThrow("classifier.bias: expected 3 values, got none");
});
