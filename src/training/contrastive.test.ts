import { expect, it } from "vitest";
import { createTinyTrainer, labelledBatch, range, TINY_CONFIG, tinyTexts } from "../../tests/support/tiny-bert.js";
import { createRandom } from "../base/random.js";
import { bert } from "../models/bert/index.js";
import { adamw } from "../optimizers/adamw.js";
import { viewOf } from "../runtime/flat-layout.js";
import { nodeRuntime } from "../runtime/node/onnxruntime.js";
import { contrastiveBatches } from "./contrastive-batches.js";
import { buildContrastiveGraph } from "./contrastive-graph.js";
import { parameterGroups } from "./parameter-groups.js";
import { createTrainer } from "./training-step.js";

const CLASSES = 3;

/** The loss over all pairs, by hand. */
function pairLoss(features: Float32Array, classIds: readonly number[]): number {
  const width = features.length / classIds.length;
  const cosine = (i: number, j: number): number => {
    let [ij, ii, jj] = [0, 0, 0];
    for (let d = 0; d < width; d++) {
      const [a, b] = [features[i * width + d] as number, features[j * width + d] as number];
      ij += a * b;
      ii += a * a;
      jj += b * b;
    }
    return ij / Math.sqrt(ii * jj);
  };
  const near: number[] = [];
  const far: number[] = [];
  for (const i of range(classIds.length))
    for (const j of range(i))
      if (classIds[i] === classIds[j]) near.push((cosine(i, j) - 1) ** 2);
      else far.push(cosine(i, j) ** 2);
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
  return 0.5 * mean(near) + 0.5 * mean(far);
}

async function contrastiveTrainer() {
  const config = bert.withDropout(bert.readConfig(TINY_CONFIG), 0);
  const graph = buildContrastiveGraph({ model: bert, config, outputs: CLASSES, classes: CLASSES });
  const first = await createTinyTrainer();
  const weights = new Map(
    first.layout.slots.map((slot) => [slot.name, viewOf(first.parameters, slot).slice()] as const),
  );
  await first.close();
  return createTrainer({
    ...{ runtime: nodeRuntime, graph, weights, optimizer: adamw, seed: 0, threads: 1, maxGradNorm: 1 },
    groups: parameterGroups(graph.trained, { weightDecay: 0 }),
  });
}

const { texts, labelIds } = tinyTexts(24);
const batchOf = (rows: readonly number[]) => {
  const targets = new Float32Array(rows.length * CLASSES);
  for (const [i, row] of rows.entries()) targets[i * CLASSES + (labelIds[row] as number)] = 1;
  return { ...labelledBatch(texts, labelIds, rows), targets };
};

it("the loss is that of all pairs of a batch, those of one class and of two in equal parts", async () => {
  const trainer = await contrastiveTrainer();
  for (const rows of [range(24), [0, 1, 2, 3, 4], range(24).filter((row) => labelIds[row] === 1)]) {
    const { loss, logits } = await trainer.computeGradients([batchOf(rows)], 0);
    const wanted = pairLoss(
      logits[0] as Float32Array,
      rows.map((row) => labelIds[row] as number),
    );
    expect(loss).toBeCloseTo(wanted, 5);
  }
  await trainer.close();
});

it("a few steps bring texts of one class together, and leave the last layer as it was", async () => {
  const trainer = await contrastiveTrainer();
  const slot = trainer.layout.slots.find(({ name }) => name === "classifier.weight");
  if (slot === undefined) throw new Error("no classifier");
  const before = viewOf(trainer.parameters, slot).slice();
  const first = await trainer.step([batchOf(range(24))], 0, 5e-3);
  let last = first;
  for (const step of range(40)) last = await trainer.step([batchOf(range(24))], step + 1, 5e-3);
  expect(last.loss).toBeLessThan(first.loss / 4);
  expect(viewOf(trainer.parameters, slot)).toEqual(before);
  await trainer.close();
});

it("batches hold as many rows of each class, and every row comes before one comes again", () => {
  const classIds = [0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3];
  const batches = contrastiveBatches(classIds, 8, createRandom(1));
  const counts = new Map<number, number>();
  for (let i = 0; i < 60; i++) {
    const rows = [...batches.next().value];
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows.length).toBeLessThanOrEqual(8);
    const classes = new Set(rows.map((row) => classIds[row]));
    expect(classes.size).toBe(4);
    for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1);
  }
  const ofFirst = range(6).map((row) => counts.get(row) ?? 0);
  expect(Math.max(...ofFirst) - Math.min(...ofFirst)).toBeLessThanOrEqual(2);
  // More classes than there is room for two of each: some are drawn.
  const many = contrastiveBatches(
    range(40).flatMap((id) => [id, id]),
    8,
    createRandom(1),
  );
  expect(many.next().value).toHaveLength(8);
});
