/**
 * What makes training faster or smaller changes no number beyond rounding: fifty steps of the first two layers of the
 * embedded default model on the support tickets of `examples/data`, with each of it off and on.
 */
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../src/base/random.js";
import { readDataset } from "../../src/data/dataset/node/read-dataset.js";
import type { ClassificationReport } from "../../src/metrics/report.js";
import { adamw } from "../../src/optimizers/adamw.js";
import { tensorsOf } from "../../src/runtime/flat-layout.js";
import { nodeRuntime } from "../../src/runtime/node/onnxruntime.js";
import { singleLabelClassification } from "../../src/tasks/single-label.js";
import { tokenizeTexts } from "../../src/tokenizing/tokenize-texts.js";
import { lengthOf, type TokenizedTexts } from "../../src/tokenizing/tokenized-texts.js";
import { type CollateOptions, collate } from "../../src/training/batch.js";
import { planBatches, splitBatch } from "../../src/training/batch-plan.js";
import { buildInferenceGraph, buildTrainingGraph } from "../../src/training/classifier-graph.js";
import { compactVocabulary, takeRows } from "../../src/training/compact-vocabulary.js";
import { evaluate, logitsOf } from "../../src/training/evaluate.js";
import { parameterGroups } from "../../src/training/parameter-groups.js";
import { createPredictor } from "../../src/training/predictor.js";
import { createTrainer } from "../../src/training/training-step.js";
import { type MiniLm, openMiniLm } from "../support/minilm.js";

const STEPS = 50;
const BATCH = 8;
const EVALUATED = 64;
const MAX_LENGTH = 32;

interface SpeedUps {
  readonly sliceEarly: boolean;
  readonly compact: boolean;
  /** Tokens of a part; Infinity computes batches whole. */
  readonly tokensPerPass: number;
  readonly padToMultipleOf: number;
  readonly gradientCheckpointing: boolean;
}
const OFF: SpeedUps = {
  sliceEarly: false,
  compact: false,
  tokensPerPass: Number.POSITIVE_INFINITY,
  padToMultipleOf: 1,
  gradientCheckpointing: false,
};

interface Outcome {
  readonly losses: readonly number[];
  readonly logits: Float32Array;
  readonly accuracy: number;
}

let minilm: MiniLm;
let all: TokenizedTexts;
let labelIds: Int32Array;
let labels: readonly string[];
let off: Outcome;

async function train(how: SpeedUps): Promise<Outcome> {
  const { model, config, tokenizer, weights } = minilm;
  const { vocabularySize, hiddenSize } = model.sizes(config);
  const always = how.compact ? [tokenizer.padId] : Array.from({ length: vocabularySize }, (_, id) => id);
  const vocabulary = compactVocabulary([all], always, vocabularySize);
  const texts = vocabulary.renumber(all);
  const graphOptions = {
    model,
    config: model.withVocabulary(config, vocabulary.rows.length),
    outputs: labels.length,
    task: singleLabelClassification,
    sliceEarly: how.sliceEarly,
  };
  const table = weights.get(model.wordEmbeddings) as Float32Array;
  const graph = buildTrainingGraph({ ...graphOptions, gradientCheckpointing: how.gradientCheckpointing });
  const trainer = await createTrainer({
    runtime: nodeRuntime,
    graph,
    weights: new Map([...weights, [model.wordEmbeddings, takeRows(table, vocabulary.rows, hiddenSize)]]),
    ...{ optimizer: adamw, groups: parameterGroups(graph.trained, { weightDecay: 0.01 }), maxGradNorm: 1, seed: 0 },
  });
  const collateOptions: CollateOptions = {
    padId: vocabulary.rowOf(tokenizer.padId),
    padToMultipleOf: how.padToMultipleOf,
    maxLength: MAX_LENGTH,
  };
  const lengths = Float64Array.from({ length: texts.length }, (_, row) => lengthOf(texts, row));
  const plan = { batchSize: BATCH, groupByLength: true, shuffle: true };
  const losses: number[] = [];
  for (const rows of planBatches(lengths, plan, createRandom(3)).slice(0, STEPS)) {
    const parts = splitBatch(rows, lengths, how.tokensPerPass).map((part) => ({
      ...collate(texts, part, collateOptions),
      targets: Int32Array.from(part, (row) => labelIds[row]),
    }));
    losses.push((await trainer.step(parts, losses.length, 2e-4)).loss);
  }
  const predictor = await createPredictor({
    runtime: nodeRuntime,
    graph: buildInferenceGraph(graphOptions),
    weights: tensorsOf(trainer.parameters, trainer.layout),
  });
  const some: TokenizedTexts = { ...texts, length: EVALUATED };
  const options = { ...collateOptions, batchSize: 32 };
  const logits = await logitsOf(predictor, some, labels.length, { ...options, family: "single-label" });
  const report = await evaluate(
    predictor,
    some,
    { data: labelIds.subarray(0, EVALUATED), width: 1 },
    { ...options, task: singleLabelClassification, labels },
  );
  await predictor.close();
  await trainer.close();
  return { losses, logits, accuracy: (report as ClassificationReport).accuracy };
}

beforeAll(async () => {
  const tickets = await readDataset(
    fileURLToPath(new URL("../../examples/data/support-tickets.csv", import.meta.url)),
    { text: "text", label: "label" },
  );
  labels = tickets.labels.names;
  minilm = await openMiniLm(labels.length, 2);
  const rows = createRandom(1).shuffle(Array.from({ length: tickets.length }, (_, row) => row));
  all = tokenizeTexts(
    rows.map((row) => tickets.text(row)),
    minilm.tokenizer,
    { maxLength: MAX_LENGTH },
  );
  labelIds = Int32Array.from(rows, (row) => labels.indexOf(tickets.label(row) as string));
  off = await train(OFF);
}, 300_000);

describe("fifty steps", () => {
  it("learn something, so that the comparison is worth it", () => {
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(off.losses.slice(-10))).toBeLessThan(0.9 * mean(off.losses.slice(0, 10)));
  });

  it.each<[string, Partial<SpeedUps>]>([
    ["slices taken early", { sliceEarly: true }],
    ["the vocabulary compacted", { compact: true }],
    ["batches computed in parts", { tokensPerPass: 64 }],
    ["lengths padded to a multiple of 8", { padToMultipleOf: 8 }],
    ["layers computed anew", { gradientCheckpointing: true }],
    [
      "all of it",
      { sliceEarly: true, compact: true, tokensPerPass: 64, padToMultipleOf: 8, gradientCheckpointing: true },
    ],
  ])("are the same with %s", { timeout: 300_000 }, async (_, on) => {
    const outcome = await train({ ...OFF, ...on });
    for (const [step, loss] of outcome.losses.entries())
      expect(Math.abs(loss - off.losses[step]), `loss of step ${step}`).toBeLessThan(1e-5);
    expect(outcome.logits).toHaveLength(EVALUATED * labels.length);
    for (const [i, logit] of outcome.logits.entries())
      expect(Math.abs(logit - off.logits[i]), `logit ${i}`).toBeLessThan(1e-4);
    expect(outcome.accuracy).toBe(off.accuracy);
  });
});
