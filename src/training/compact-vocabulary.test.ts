import { describe, expect, it } from "vitest";
import { createTinyTrainer, labelledBatch, range, TINY_CONFIG, textsOf } from "../../tests/support/tiny-bert.js";
import { sizeOf } from "../graph/shape.js";
import { bert } from "../models/bert/index.js";
import { modelOf } from "../models/registry.js";
import { adamw } from "../optimizers/adamw.js";
import { viewOf } from "../runtime/flat-layout.js";
import { nodeRuntime } from "../runtime/node/onnxruntime.js";
import { singleLabelClassification } from "../tasks/single-label.js";
import { buildTrainingGraph } from "./classifier-graph.js";
import { compactVocabulary, putRows, takeRows } from "./compact-vocabulary.js";
import { parameterGroups } from "./parameter-groups.js";
import { createTrainer, type Trainer } from "./training-step.js";

// Of the ids 0 … 19 these occur: [CLS] 1, [SEP] 2 and seven words; [PAD] 0 is asked for.
const texts = textsOf([[5, 9, 5], [17], [9, 12, 5, 3], [19, 4]]);
const labelIds = [0, 1, 2, 1];
const vocabulary = compactVocabulary([texts], [0], TINY_CONFIG.vocab_size);

describe("compactVocabulary", () => {
  it("has the ids that occur and those asked for, ascending, and renumbers texts by them", () => {
    expect([...vocabulary.rows]).toEqual([0, 1, 2, 3, 4, 5, 9, 12, 17, 19]);
    const small = vocabulary.renumber(texts);
    expect(Array.from(small.ids, (row) => vocabulary.rows[row])).toEqual([...texts.ids]);
    expect(small.offsets).toEqual(texts.offsets);
    expect(vocabulary.rowOf(17)).toBe(8);
  });

  it("takes rows out of a table and puts them back, the others decayed", () => {
    const table = Float32Array.from(range(8), (i) => 10 * i);
    const rows = Uint32Array.of(1, 3);
    const small = takeRows(table, rows, 2);
    expect([...small]).toEqual([20, 30, 60, 70]);
    expect([
      ...putRows(
        table,
        rows,
        small.map((value) => value + 1),
        0.5,
      ),
    ]).toEqual([0, 5, 21, 31, 20, 25, 61, 71]);
  });
});

it("training on the rows that occur is training on the whole table, within rounding", async () => {
  const name = bert.wordEmbeddings;
  const valuesOf = (trainer: Trainer) =>
    new Map(trainer.layout.slots.map((slot) => [slot.name, viewOf(trainer.parameters, slot).slice()] as const));
  const tableOf = (values: ReadonlyMap<string, Float32Array>) => values.get(name) ?? new Float32Array();
  const width = TINY_CONFIG.hidden_size;

  const whole = await createTinyTrainer({ weightDecay: 0.5 });
  const first = valuesOf(whole);
  const config = bert.withDropout(bert.withVocabulary(bert.readConfig(TINY_CONFIG), vocabulary.rows.length), 0);
  const graph = buildTrainingGraph({ model: bert, config, outputs: 3, task: singleLabelClassification });
  const small = await createTrainer({
    runtime: nodeRuntime,
    graph,
    weights: new Map([...first, [name, takeRows(tableOf(first), vocabulary.rows, width)]]),
    ...{ optimizer: adamw, groups: parameterGroups(graph.trained, { weightDecay: 0.5 }) },
    ...{ maxGradNorm: 1, seed: 0, threads: 1 },
  });

  const renumbered = vocabulary.renumber(texts);
  for (const step of range(5)) {
    const rate = 1e-3 * (step + 1);
    const expected = await whole.step([labelledBatch(texts, labelIds, range(4))], step, rate);
    const got = await small.step([labelledBatch(renumbered, labelIds, range(4))], step, rate);
    expect(got.loss).toBeCloseTo(expected.loss, 6);
    expect(got.gradientNorm).toBeCloseTo(expected.gradientNorm, 5);
  }
  const expected = valuesOf(whole);
  const trained = new Map<string, Float32Array>(valuesOf(small));
  trained.set(name, putRows(tableOf(first), vocabulary.rows, tableOf(trained), small.decay(name)));
  for (const [parameter, values] of expected) {
    // Keys' biases have gradients that are all rounding, which Adam makes steps of.
    if (parameter.endsWith("key.bias")) continue;
    const got = trained.get(parameter) ?? new Float32Array();
    expect(got.length).toBe(values.length);
    for (const [i, value] of values.entries()) expect(Math.abs(got[i] - value), `${parameter} ${i}`).toBeLessThan(1e-5);
  }
  // Word 7 does not occur: it decayed, and by enough to see.
  expect(tableOf(expected)[7 * width] / tableOf(first)[7 * width]).toBeLessThan(0.995);
  await whole.close();
  await small.close();
});

it("training XLM-RoBERTa keeps what it needs of the rows that occur, not of all 250,002", async () => {
  const [hidden, occurring, all] = [32, 2_000, 250_002];
  const model = modelOf({ model_type: "xlm-roberta" });
  const config = model.readConfig({
    ...{ vocab_size: all, hidden_size: hidden, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 32 },
    ...{ max_position_embeddings: 34, type_vocab_size: 1, pad_token_id: 1 },
  });
  const spread = textsOf([range(occurring).map((i) => 4 + 125 * i)]);
  const { rows } = compactVocabulary([spread], [1], all);
  const graphOf = (size: number) =>
    buildTrainingGraph({
      model,
      config: model.withVocabulary(config, size),
      outputs: 2,
      task: singleLabelClassification,
    });
  const floatsOf = ({ parameters }: ReturnType<typeof graphOf>): number =>
    parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const graph = graphOf(rows.length);
  const trainer = await createTrainer({
    runtime: nodeRuntime,
    graph,
    weights: new Map(graph.parameters.map(({ name, shape }) => [name, new Float32Array(sizeOf(shape))])),
    ...{ optimizer: adamw, groups: parameterGroups(graph.trained, { weightDecay: 0 }) },
    ...{ maxGradNorm: 1, seed: 0, threads: 1 },
  });
  const kept = [trainer.parameters, trainer.gradients, ...trainer.optimizerState.values()];
  const floats = kept.reduce((sum, { length }) => sum + length, 0);
  await trainer.close();
  // Parameters, gradients and two moments of each; the two special tokens occur too.
  expect(rows.length).toBe(occurring + 2);
  expect(floats / (4 * floatsOf(graph))).toBeCloseTo(1, 1);
  expect(floats).toBeLessThan(0.02 * 4 * floatsOf(graphOf(all)));
});
