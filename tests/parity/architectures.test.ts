/**
 * A small random classifier of every architecture computes what PyTorch and transformers compute: hidden states, logits,
 * loss and the gradient of every parameter. What makes training faster or smaller changes none of it.
 */
import { describe, expect, it } from "vitest";
import { createGraph, reachableNodes } from "../../src/graph/graph.js";
import { MODELS } from "../../src/models/registry.js";
import { createScope } from "../../src/nn/scope.js";
import { writeModel } from "../../src/onnx/write-model.js";
import { layOut, tensorsOf, viewOf } from "../../src/runtime/flat-layout.js";
import { nodeRuntime } from "../../src/runtime/node/onnxruntime.js";
import { singleLabelClassification } from "../../src/tasks/single-label.js";
import { lengthOf } from "../../src/tokenizing/tokenized-texts.js";
import { collate } from "../../src/training/batch.js";
import { splitBatch } from "../../src/training/batch-plan.js";
import { buildInferenceGraph, buildTrainingGraph } from "../../src/training/classifier-graph.js";
import { compactVocabulary, takeRows } from "../../src/training/compact-vocabulary.js";
import { openGradientProgram } from "../../src/training/gradient-program.js";
import { createPredictor } from "../../src/training/predictor.js";
import { ARCHITECTURES, goldenArchitecture } from "../support/golden-architectures.js";

const TOLERANCE = 1e-4;
const CLASSES = 3;

interface SpeedUps {
  readonly sliceEarly: boolean;
  readonly compact: boolean;
  /** Tokens of a part. */
  readonly tokensPerPass: number;
  readonly gradientCheckpointing: boolean;
}
const OFF: SpeedUps = { sliceEarly: false, compact: false, tokensPerPass: Infinity, gradientCheckpointing: false };

it("every architecture has a golden", () => {
  const covered = new Set(ARCHITECTURES.map((name) => goldenArchitecture(name).model.modelType));
  expect(MODELS.map(({ modelType }) => modelType).filter((type) => type !== "bert" && !covered.has(type))).toEqual([]);
});

describe.each(ARCHITECTURES)("%s", (name) => {
  const golden = goldenArchitecture(name);
  const { model, config, rawConfig, texts } = golden;
  const everyRow = Uint32Array.from({ length: texts.length }, (_, row) => row);

  it("has PyTorch's hidden states", async () => {
    const graph = createGraph();
    const ids = (name: string) => graph.input(name, "int64", ["B", "T"]);
    const { scope, declared } = createScope(graph, false);
    const { sequence } = model.encode(scope, config, {
      inputIds: ids("input_ids"),
      tokenTypeIds: ids("token_type_ids"),
      attentionMask: ids("attention_mask"),
      positionIds: graph.input("position_ids", "int64", ["T"]),
    });
    const session = await nodeRuntime.createSession(writeModel({ sequence }), { threads: 1 });
    const layout = layOut(declared().parameters);
    const flat = new Float32Array(layout.length);
    for (const slot of layout.slots) viewOf(flat, slot).set(golden.weights.get(slot.name) as Float32Array);
    const batch = collate(texts, everyRow, { padId: golden.padId, padToMultipleOf: 1, maxLength: 64 });
    const available = { ...tensorsOf(flat, layout), ...batch.tensors };
    const feeds = Object.fromEntries(session.inputNames.map((name) => [name, available[name]]));
    const result = (await session.run(feeds, { sequence: undefined })).sequence.data as Float32Array;
    await session.close();
    const { hiddenSize } = model.sizes(config);
    const real = Array.from(everyRow, (row) => {
      const start = row * batch.tokens * hiddenSize;
      return [...result.subarray(start, start + lengthOf(texts, row) * hiddenSize)];
    });
    expectClose("hidden states", real.flat(), golden.hidden);
  });

  it.each([false, true])("has PyTorch's logits; sliced early: %s", async (sliceEarly) => {
    const graph = buildInferenceGraph({ model, config, outputs: CLASSES, sliceEarly });
    const weights = Object.fromEntries(
      [...golden.weights].map(([name, data]) => {
        return [name, { dtype: "float32" as const, shape: golden.shapes.get(name) ?? [], data }];
      }),
    );
    const predictor = await createPredictor({ runtime: nodeRuntime, graph, weights, threads: 1 });
    const batch = collate(texts, everyRow, { padId: golden.padId, padToMultipleOf: 1, maxLength: 64 });
    expectClose("logits", await predictor.logits(batch), golden.logits);
    await predictor.close();
  });

  it("computes one token only in the last layer, but for its keys and values, where the head reads one", () => {
    const productsOfAllTokens = (sliceEarly: boolean): number =>
      reachableNodes(
        Object.values(buildInferenceGraph({ model, config, outputs: CLASSES, sliceEarly }).outputs),
      ).filter(
        ({ op, outputs: [{ shape }] }) => /^(Linear|MatMul)$/.test(op.name) && shape.length === 3 && shape[1] === "T",
      ).length;
    // What was attended to, and the two layers of the feed-forward part; where it stands alone, the query too.
    const spared = productsOfAllTokens(false) - productsOfAllTokens(true);
    if (rawConfig.classifier_pooling === "mean") expect(spared).toBe(0);
    else expect(spared).toBeGreaterThanOrEqual(3);
  });

  it.each<[string, Partial<SpeedUps>]>([
    ["nothing that makes it faster", {}],
    ["slices taken early", { sliceEarly: true }],
    ["the vocabulary compacted", { compact: true }],
    ["the batch computed in parts", { tokensPerPass: 24 }],
    ["layers computed anew", { gradientCheckpointing: true }],
    ["all of it", { sliceEarly: true, compact: true, tokensPerPass: 24, gradientCheckpointing: true }],
  ])("has PyTorch's loss and gradients, with %s", async (_, on) => {
    const how = { ...OFF, ...on };
    const { vocabularySize } = model.sizes(config);
    const always = how.compact ? [golden.padId] : Array.from({ length: vocabularySize }, (_, id) => id);
    const vocabulary = compactVocabulary([texts], always, vocabularySize);
    if (how.compact) expect(vocabulary.rows.length).toBeLessThan(vocabularySize);
    const tableOf = (values: ReadonlyMap<string, Float32Array>): Float32Array => {
      const table = values.get(model.wordEmbeddings) as Float32Array;
      return takeRows(table, vocabulary.rows, table.length / vocabularySize);
    };
    const graph = buildTrainingGraph({
      model,
      config: model.withVocabulary(config, vocabulary.rows.length),
      outputs: CLASSES,
      task: singleLabelClassification,
      sliceEarly: how.sliceEarly,
      gradientCheckpointing: how.gradientCheckpointing,
    });
    expect(graph.parameters.map(({ name }) => name).sort()).toEqual([...golden.weights.keys()].sort());
    const layout = layOut(graph.parameters);
    const parameters = new Float32Array(layout.length);
    const gradients = new Float32Array(layout.length);
    const weights = new Map([...golden.weights, [model.wordEmbeddings, tableOf(golden.weights)]]);
    for (const slot of layout.slots) viewOf(parameters, slot).set(weights.get(slot.name) as Float32Array);
    const program = await openGradientProgram({
      ...{ runtime: nodeRuntime, graph, layout, parameters, gradients, seed: 0, threads: 1 },
      allocateSum: () => new Float32Array(layout.length),
    });
    const lengths = Float64Array.from(everyRow, (row) => lengthOf(texts, row));
    const parts = splitBatch(everyRow, lengths, how.tokensPerPass).map((rows) => ({
      ...collate(vocabulary.renumber(texts), rows, {
        padId: vocabulary.rowOf(golden.padId),
        padToMultipleOf: 1,
        maxLength: 64,
      }),
      targets: Int32Array.from(rows, (row) => golden.labelIds[row]),
    }));
    expect(parts.length > 1).toBe(how.tokensPerPass < Infinity);
    const { loss } = await program.compute(parts, 0);
    await program.close();
    expect(Math.abs(loss - golden.loss)).toBeLessThan(TOLERANCE);
    const expected = new Map([...golden.gradients, [model.wordEmbeddings, tableOf(golden.gradients)]]);
    for (const slot of layout.slots)
      expectClose(slot.name, viewOf(gradients, slot), expected.get(slot.name) as Float32Array);
  });
});

function expectClose(what: string, actual: ArrayLike<number>, wanted: Float32Array): void {
  expect(actual.length, what).toBe(wanted.length);
  for (const [i, value] of wanted.entries())
    expect(Math.abs(actual[i] - value), `${what}, element ${i}`).toBeLessThan(TOLERANCE);
}
