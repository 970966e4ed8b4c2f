import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../base/random.js";
import type { Features } from "../classifier/features.js";
import { nodeRuntime } from "../runtime/node/onnxruntime.js";
import { adviceOf } from "./advice.js";
import { agreement } from "./agreement.js";
import { createCoverage } from "./coverage.js";
import { createLinearTrainer, type LinearTrainer } from "./linear-model.js";
import { nearestRows, unitFeatures } from "./nearest.js";
import { checkOrder, checkRows, nextQuestions, strategyNamed } from "./questions.js";
import { STRATEGIES } from "./strategies.js";
import { createStudy } from "./study.js";
import { wilsonShare } from "./wilson.js";

const ROWS = 240;
const WIDTH = 6;
const CLASSES = 3;
const truth = Array.from({ length: ROWS }, (_, row) => (row % 10 === 0 ? 2 : row % 2));
/** Three clouds of points, the third a rare one. */
const features: Features = (() => {
  const random = createRandom(3);
  const values = new Float32Array(ROWS * WIDTH).map(() => 0.45 * random.normal());
  for (const [row, c] of truth.entries()) values[row * WIDTH + c] += 1.5;
  return unitFeatures({ values, width: WIDTH });
})();
let trainer: LinearTrainer;
beforeAll(async () => {
  trainer = await createLinearTrainer(nodeRuntime, features, 1);
  return () => trainer.close();
});
const labelled = (rows: readonly number[]) => ({ rows, classes: rows.map((row) => truth[row]) });

it("finds the nearest rows exactly, the earlier of equals first", () => {
  const query = { values: features.values.slice(0, WIDTH), width: WIDTH };
  const found = nearestRows(features, query, 0, 7, (row) => row !== 3);
  const all = Array.from({ length: ROWS }, (_, row) => {
    let sum = 0;
    for (let i = 0; i < WIDTH; i++) sum += features.values[row * WIDTH + i] * query.values[i];
    return { row, sum };
  });
  const wanted = all.filter(({ row }) => row !== 3).sort((a, b) => b.sum - a.sum || a.row - b.row);
  expect(found.map(({ row }) => row)).toEqual(wanted.slice(0, 7).map(({ row }) => row));
  expect(found[0].similarity).toBeCloseTo(1, 6);
  const twins = unitFeatures({ values: Float32Array.of(0, 2, 0, 0, 0, 5), width: 2 });
  expect(nearestRows(twins, twins, 0, 3)).toEqual([
    { row: 0, similarity: 1 },
    { row: 2, similarity: 1 },
    { row: 1, similarity: 0 },
  ]);
});

it("learns clouds from a few rows, and gives a class without rows no probability", async () => {
  const model = await trainer.train(labelled([1, 2, 3, 4, 5, 6, 7, 8]), CLASSES);
  const probabilities = (await model?.probabilities([0, 1, 2])) as Float32Array;
  for (const row of [0, 1, 2]) {
    const [a, b, c] = probabilities.subarray(row * CLASSES, (row + 1) * CLASSES);
    expect([a + b, c]).toEqual([expect.closeTo(1, 6), 0]);
  }
  expect(probabilities[CLASSES + 1]).toBeGreaterThan(0.5);
  expect(probabilities[2 * CLASSES]).toBeGreaterThan(0.5);
  expect(await trainer.train(labelled([1, 3]), CLASSES)).toBeUndefined();
});

describe.each(STRATEGIES)("$name", (strategy) => {
  it("asks for open rows, each once, as many as are wanted, one in four of them in the order of chance", async () => {
    const order = checkOrder(ROWS, 1);
    const rows = [...order.subarray(0, 12)];
    const model = await trainer.train(labelled(rows), CLASSES);
    const coverage = createCoverage(features);
    for (const row of rows) coverage.add(row);
    const counts = [0, 1, 2].map((c) => rows.filter((row) => truth[row] === c).length);
    const input = {
      ...{ features, model, strategy, classes: CLASSES, counts, order, decided: 12, seed: 1 },
      ...{ distances: coverage.distances, isDecided: (row: number) => rows.includes(row) },
    };
    const questions = await nextQuestions(input, 12);
    expect(new Set(questions.map(({ row }) => row)).size).toBe(12);
    expect(questions.some(({ row }) => rows.includes(row))).toBe(false);
    expect(questions.map(({ isCheck }) => isCheck)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((i) => i % 4 === 0),
    );
    const chance = [...order].filter((row) => !rows.includes(row));
    expect(questions[0].row).toBe(chance[0]);
    expect(await nextQuestions(input, 12)).toEqual(questions);
    expect(await nextQuestions(input, 1000)).toHaveLength(ROWS - 12);
  });
});

describe("what strategies put first", () => {
  const pool = {
    ...{ features, candidates: Uint32Array.of(4, 5, 6, 7), classes: 2, counts: [9, 1], random: createRandom(1) },
    distances: new Float32Array(ROWS),
    probabilities: Float32Array.of(0.9, 0.1, 0.45, 0.55, 0.2, 0.8, 0.99, 0.01),
  };
  const chosen = (name: string, count: number) => strategyNamed(name)?.choose(pool, count);
  it("uncertain: the smallest margin", () => expect(chosen("uncertain", 3)).toEqual([5, 6, 4]));
  it("balanced: the surest of the rarest class", () => expect(chosen("balanced", 2)).toEqual([6, 5]));
  it("mixed: among the least sure, the one in the middle of each group", () => expect(chosen("mixed", 1)).toEqual([5]));
  it("diverse: the one furthest from all that is labelled, then from that too", () => {
    const points = unitFeatures({ values: Float32Array.of(1, 0, 0.9, 0.1, 0, 1, -1, 0.1), width: 2 });
    const coverage = createCoverage(points);
    coverage.add(0);
    const far = { ...pool, features: points, candidates: Uint32Array.of(1, 2, 3), distances: coverage.distances };
    expect(strategyNamed("diverse")?.choose(far, 3)).toEqual([3, 2, 1]);
  });
});

it("measures on rows in the order of chance, up to the first that is open", () => {
  const order = Uint32Array.of(5, 2, 8, 1, 4);
  const decided = new Set([5, 2, 8, 4]);
  expect(
    checkRows(
      order,
      (row) => decided.has(row),
      (row) => row !== 2,
    ),
  ).toEqual([5, 8]);
});

it("measures on the labelled rows that were drawn by chance, and on no others", async () => {
  const order = checkOrder(ROWS, 1);
  const chance = [...order.subarray(0, 14)];
  const chosen = [...order.subarray(100, 110)];
  const study = createStudy({ features, textOf: String, trainer, seed: 1 });
  const decided = { labelled: labelled([...chosen, ...chance]), passed: [order[14]] };
  const { curve } = await study.update(decided, CLASSES, STRATEGIES[0], 4);
  // At 20 labels ten of them were drawn by chance.
  expect(curve.map(({ labels, checked }) => [labels, checked])).toEqual([[20, 10]]);
  expect(curve[0].value).toBeGreaterThan(0.5);
});

it("doubts a label that is wrong, and shows texts that are the same with different labels", async () => {
  const rows = Array.from({ length: 30 }, (_, row) => row);
  const wrong = { rows, classes: rows.map((row) => (row === 7 ? 0 : truth[row])) };
  const study = createStudy({
    ...{ features, trainer, seed: 1 },
    textOf: (row) => (row === 7 ? "The  SAME" : row === 9 ? "the same" : `text ${row}`),
  });
  const { doubts, contradictions } = await study.update({ labelled: wrong, passed: [] }, CLASSES, STRATEGIES[0], 4);
  expect(doubts.find(({ row }) => row === 7)).toMatchObject({ given: 0 });
  expect(contradictions[0]).toEqual({ rows: [7, 9], similarity: 1 });
});

it("advises to stop once two points in a row agree with the model of three quarters of the labels", () => {
  const predicted = Array.from({ length: 100 }, (_, i) => i % 4);
  const other = predicted.map((c, i) => (i < 10 ? (c + 1) % 4 : c));
  const at = (labels: number, values = predicted) => ({ labels, point: undefined, predicted: values });
  expect(agreement(predicted, predicted)).toBe(1);
  expect(agreement([0, 0, 1, 1], [0, 1, 1, 1])).toBeCloseTo(0.5, 12);
  expect(adviceOf([]).sentence).toContain("too early");
  const restless = [at(20), at(40, other), at(60), at(80, other)];
  expect(adviceOf(restless).hasStopped).toBe(false);
  expect(adviceOf([...restless, at(120), at(160, other)]).hasStopped).toBe(false);
  const calm = adviceOf([...restless, at(120), at(160), at(214)]);
  expect(calm.hasStopped).toBe(true);
  expect(calm.sentence).toBe(
    "More labels have stopped helping: the last quarter of the labels, from 161 to 214, changed hardly any prediction.",
  );
});

it("gives Wilson's interval", () => {
  // statsmodels.stats.proportion.proportion_confint(9, 10, method="wilson")
  const { value, low, high } = wilsonShare(9, 10);
  expect([value, low, high]).toEqual([0.9, expect.closeTo(0.5958, 4), expect.closeTo(0.9821, 4)]);
});
