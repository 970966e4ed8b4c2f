/**
 * Thirty training steps of the embedded default model on SST-2 as transformers and PyTorch do them. Needs the optional
 * `shared` folder beside the checkout; tests/parity/tiny-bert.test.ts states the same of a small model anywhere.
 */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { adamw } from "../../src/optimizers/adamw.js";
import { tensorsOf, viewOf } from "../../src/runtime/flat-layout.js";
import { nodeRuntime } from "../../src/runtime/node/onnxruntime.js";
import { singleLabelClassification } from "../../src/tasks/single-label.js";
import { tokenizeTexts } from "../../src/tokenizing/tokenize-texts.js";
import { collate } from "../../src/training/batch.js";
import { buildInferenceGraph, buildTrainingGraph } from "../../src/training/classifier-graph.js";
import { parameterGroups } from "../../src/training/parameter-groups.js";
import { createPredictor } from "../../src/training/predictor.js";
import { createTrainer } from "../../src/training/training-step.js";
import { openMiniLm } from "../support/minilm.js";
import { sharedPath } from "../support/shared.js";

interface Run {
  readonly loss: readonly number[];
  readonly gradNorm: readonly number[];
  readonly lr: readonly number[];
  readonly evalLogitsBefore: readonly (readonly number[])[];
  readonly evalLogitsAfter: readonly (readonly number[])[];
  readonly firstStepGradSumSq: Readonly<Record<string, number>>;
}

const goldenPath = sharedPath("golden/minilm-sst2-trajectory.json");
const trainPath = sharedPath("data/sst2/train.tsv");
const devPath = sharedPath("data/sst2/dev.tsv");
const present = goldenPath !== undefined && trainPath !== undefined && devPath !== undefined;

/** 1e-4, relative where the value is over 1. */
function expectClose(actual: number, expected: number, what: string): void {
  expect(Math.abs(actual - expected), what).toBeLessThan(1e-4 * Math.max(1, Math.abs(expected)));
}

it.skipIf(!present)("follows PyTorch for 30 steps (skipped without ../shared)", { timeout: 300_000 }, async () => {
  const golden = JSON.parse(readFileSync(goldenPath as string, "utf8")) as {
    float64: Run;
    batch: number;
    steps: number;
  };
  const expected = golden.float64;
  const rows = (path: string, count: number) =>
    readFileSync(path, "utf8")
      .split("\n")
      .slice(1, count + 1)
      .map((line) => line.split("\t"));
  const train = rows(trainPath as string, golden.batch * golden.steps);
  const dev = rows(devPath as string, 64);

  const { model, config, tokenizer, weights } = await openMiniLm(2);
  const options = { model, config, outputs: 2, task: singleLabelClassification };
  const graph = buildTrainingGraph(options);
  weights.set(
    "classifier.weight",
    Float32Array.from({ length: 2 * 384 }, (_, i) => 0.02 * Math.sin(i)),
  );

  const trainer = await createTrainer({
    runtime: nodeRuntime,
    graph,
    weights,
    optimizer: adamw,
    groups: parameterGroups(graph.trained, { weightDecay: 0.01 }),
    maxGradNorm: 1,
    seed: 0,
  });
  const predictor = await createPredictor({
    runtime: nodeRuntime,
    graph: buildInferenceGraph(options),
    weights: tensorsOf(trainer.parameters, trainer.layout),
  });
  const collateOptions = { padId: tokenizer.padId, padToMultipleOf: 1, maxLength: 128 };
  const texts = tokenizeTexts(
    train.map(([text]) => text),
    tokenizer,
    { maxLength: 128 },
  );
  const devTexts = tokenizeTexts(
    dev.map(([text]) => text),
    tokenizer,
    { maxLength: 128 },
  );
  const expectLogits = async (wanted: readonly (readonly number[])[], when: string) => {
    const logits = await predictor.logits(
      collate(
        devTexts,
        dev.map((_, row) => row),
        collateOptions,
      ),
    );
    for (const [i, value] of wanted.flat().entries()) expectClose(logits[i], value, `logit ${i} ${when}`);
  };

  await expectLogits(expected.evalLogitsBefore, "before");
  for (let step = 0; step < golden.steps; step++) {
    const chosen = Array.from({ length: golden.batch }, (_, i) => step * golden.batch + i);
    const batch = {
      ...collate(texts, chosen, collateOptions),
      targets: Int32Array.from(chosen, (row) => Number(train[row][1])),
    };
    const { loss, gradientNorm } = await trainer.step([batch], step, expected.lr[step]);
    expectClose(loss, expected.loss[step], `loss of step ${step}`);
    expectClose(gradientNorm, expected.gradNorm[step], `gradient norm of step ${step}`);
    if (step > 0) continue;
    for (const slot of trainer.layout.slots) {
      const sumSquares = viewOf(trainer.gradients, slot).reduce((sum, value) => sum + value * value, 0);
      expectClose(sumSquares, expected.firstStepGradSumSq[slot.name], `gradient of ${slot.name}`);
    }
  }
  await expectLogits(expected.evalLogitsAfter, "after");
  await predictor.close();
  await trainer.close();
});
