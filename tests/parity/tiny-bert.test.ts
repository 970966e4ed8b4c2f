/**
 * A small random BERT trains as transformers and PyTorch train it: loss, gradient norm, gradients, final
 * parameters and logits. The golden file says in its `recipe` how weights and batches are made.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bert } from "../../src/models/bert/index.js";
import { adamw } from "../../src/optimizers/adamw.js";
import { tensorsOf, viewOf } from "../../src/runtime/flat-layout.js";
import { nodeRuntime } from "../../src/runtime/node/onnxruntime.js";
import { singleLabelClassification } from "../../src/tasks/single-label.js";
import type { TokenizedTexts } from "../../src/tokenizing/tokenized-texts.js";
import { collate, int64Vector } from "../../src/training/batch.js";
import { buildInferenceGraph, buildTrainingGraph } from "../../src/training/classifier-graph.js";
import type { LabelledBatch } from "../../src/training/gradient-program.js";
import { parameterGroups } from "../../src/training/parameter-groups.js";
import { createPredictor } from "../../src/training/predictor.js";
import { createTrainer } from "../../src/training/training-step.js";

interface Row {
  readonly ids: readonly number[];
  readonly types: readonly number[];
  readonly label: number;
}
interface Run {
  readonly loss: readonly number[];
  readonly gradNorm: readonly number[];
  readonly learningRate: readonly number[];
  readonly evalLogitsBefore: readonly (readonly number[])[];
  readonly evalLogitsAfter: readonly (readonly number[])[];
  readonly firstStepGradSumSquares: Readonly<Record<string, number>>;
  readonly firstStepGradients: Readonly<Record<string, readonly number[]>>;
  readonly finalSumSquares: Readonly<Record<string, number>>;
  readonly finalParameters: Readonly<Record<string, readonly number[]>>;
}
interface Golden {
  readonly config: Record<string, unknown>;
  readonly training: { readonly steps: number; readonly weightDecay: number; readonly maxGradNorm: number };
  readonly parameters: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly offset: number;
    readonly scale: number;
  }[];
  readonly batches: readonly (readonly Row[])[];
  readonly evalRows: readonly Row[];
  readonly float64: Run;
}

const golden = JSON.parse(
  readFileSync(new URL("../golden/tiny-bert-trajectory.json", import.meta.url), "utf8"),
) as Golden;
const expected = golden.float64;

/** The elements of parameter number `p`, by the formula of the recipe. */
function parameterValues(p: number, { shape, offset, scale }: Golden["parameters"][number]): Float32Array {
  const size = shape.reduce((product, dim) => product * dim, 1);
  return Float32Array.from(
    { length: size },
    (_, i) => offset + scale * (((7919 * i * i + 104729 * i + 1299709 * (p + 1)) % 65521) / 65521 - 0.5),
  );
}
const weights = new Map(golden.parameters.map((parameter, p) => [parameter.name, parameterValues(p, parameter)]));

function batchOf(rows: readonly Row[]): LabelledBatch {
  const offsets = new Float64Array(rows.length + 1);
  for (const [row, { ids }] of rows.entries()) offsets[row + 1] = offsets[row] + ids.length;
  const texts: TokenizedTexts = {
    length: rows.length,
    ids: Int32Array.from(rows.flatMap(({ ids }) => ids)),
    offsets,
    truncated: 0,
  };
  const batch = collate(
    texts,
    rows.map((_, row) => row),
    { padId: 0, padToMultipleOf: 1, maxLength: 40 },
  );
  const types = rows.flatMap((row) => Array.from({ length: batch.tokens }, (_, token) => row.types[token] ?? 0));
  const token_type_ids = { ...int64Vector(types), shape: [batch.size, batch.tokens] };
  return {
    ...batch,
    tensors: { ...batch.tensors, token_type_ids },
    targets: Int32Array.from(rows, ({ label }) => label),
  };
}

const config = bert.withDropout(bert.readConfig(golden.config), 0);

describe.each([
  { sliceEarly: true, inParts: false, gradientCheckpointing: false },
  { sliceEarly: false, inParts: false, gradientCheckpointing: false },
  { sliceEarly: true, inParts: true, gradientCheckpointing: false },
  { sliceEarly: true, inParts: true, gradientCheckpointing: true },
  { sliceEarly: false, inParts: false, gradientCheckpointing: true },
])("with %o", ({ sliceEarly, inParts, gradientCheckpointing }) => {
  it("follows PyTorch's trajectory", async () => {
    const graph = buildTrainingGraph({
      model: bert,
      config,
      outputs: 3,
      task: singleLabelClassification,
      sliceEarly,
      gradientCheckpointing,
    });
    const trainer = await createTrainer({
      runtime: nodeRuntime,
      graph,
      weights,
      optimizer: adamw,
      groups: parameterGroups(graph.trained, { weightDecay: golden.training.weightDecay }),
      maxGradNorm: golden.training.maxGradNorm,
      seed: 0,
      threads: 1,
    });
    expect([...trainer.layout.slots.map(({ name }) => name)].sort()).toEqual(
      golden.parameters.map(({ name }) => name).sort(),
    );
    const predictor = await createPredictor({
      runtime: nodeRuntime,
      graph: buildInferenceGraph({ model: bert, config, outputs: 3, sliceEarly }),
      weights: tensorsOf(trainer.parameters, trainer.layout),
      threads: 1,
    });
    const evalBatch = batchOf(golden.evalRows);
    expectClose(await predictor.logits(evalBatch), expected.evalLogitsBefore.flat(), 1e-5);

    await trainer.computeGradients([batchOf(golden.batches[0])], 0);
    for (const slot of trainer.layout.slots) {
      const gradient = viewOf(trainer.gradients, slot);
      const sumSquares = gradient.reduce((sum, value) => sum + value * value, 0);
      expect(Math.abs(sumSquares - expected.firstStepGradSumSquares[slot.name]), slot.name).toBeLessThan(1e-6);
      const exact = expected.firstStepGradients[slot.name];
      if (exact !== undefined) expectClose(gradient, exact, 1e-5);
    }

    for (let step = 0; step < golden.training.steps; step++) {
      const rows = golden.batches[step];
      const parts = inParts ? [rows.slice(0, 2), rows.slice(2)] : [rows];
      const { loss, gradientNorm } = await trainer.step(parts.map(batchOf), step, expected.learningRate[step]);
      expect(Math.abs(loss - expected.loss[step]), `loss of step ${step}`).toBeLessThan(1e-5);
      expect(Math.abs(gradientNorm - expected.gradNorm[step]), `norm of step ${step}`).toBeLessThan(1e-4);
    }
    for (const slot of trainer.layout.slots) {
      const values = viewOf(trainer.parameters, slot);
      const sumSquares = expected.finalSumSquares[slot.name];
      if (sumSquares !== undefined)
        expect(values.reduce((sum, value) => sum + value * value, 0) / sumSquares, slot.name).toBeCloseTo(1, 4);
      const exact = expected.finalParameters[slot.name];
      if (exact !== undefined) expectClose(values, exact, 1e-4);
    }
    expectClose(await predictor.logits(evalBatch), expected.evalLogitsAfter.flat(), 1e-4);
    await predictor.close();
    await trainer.close();
  });
});

function expectClose(actual: ArrayLike<number>, wanted: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(wanted.length);
  for (const [i, value] of wanted.entries())
    expect(Math.abs(actual[i] - value), `element ${i}`).toBeLessThan(tolerance * Math.max(1, Math.abs(value)));
}
