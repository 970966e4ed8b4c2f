/**
 * A small random model of every architecture through everything that users do: open, train, save, predict, export. The
 * exported model gives the same answers in plain onnxruntime and, where it knows the architecture, in transformers.js.
 */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  env,
  pipeline,
  type TextClassificationOutput,
  type TextClassificationPipeline,
} from "@huggingface/transformers";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onnxPath } from "../../src/checkpoints/onnx-files.js";
import { fromArrays, type Prediction, TextClassifier } from "../../src/index.js";
import { loadTokenizer } from "../../src/tokenizers/tokenizer.js";
import { ARCHITECTURES } from "../support/golden-architectures.js";
import { writeRandomCheckpoint } from "../support/random-checkpoint.js";

const LABELS = ["bad", "good", "so so"];
const TEXTS = [
  "A wonderful little film.",
  "What a waste of time, I would never see it again.",
  "日本語 😀 naïve café",
  "ok",
];
const TRAIN = fromArrays(
  [...TEXTS, "very good", "not good at all", "I liked the book", "boring and long"],
  ["good", "bad", "so so", "so so", "good", "bad", "good", "bad"],
);
/** Not in Hugging Face's libraries. */
const OWN = ["talking-heads-bert"];
const SAME = 1e-5;

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune architectures "));
  env.allowRemoteModels = false;
});
afterAll(() => rm(place, { recursive: true, force: true }));

const scoresOf = (predictions: readonly Prediction[]): number[] =>
  predictions.flatMap(({ scores }) => LABELS.map((label) => scores[label]));
const largestDifference = (a: readonly number[], b: readonly number[]): number => {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i])));
};

describe.each(ARCHITECTURES)("%s", { timeout: 120_000 }, (name) => {
  it("is trained, saved, opened again and exported", async () => {
    const source = join(place, name);
    const saved = join(place, `${name} saved`);
    const exported = join(place, `${name} exported`);
    await writeRandomCheckpoint(name, source, LABELS);
    const classifier = await TextClassifier.fromPretrained(source, { threads: 1 });
    expect(classifier.loading).toMatchObject({ created: [], ignored: [] });
    const before = scoresOf(await classifier.predict(TEXTS));
    const { epochs } = await classifier.fit(TRAIN, { epochs: 6, batchSize: 4, learningRate: 5e-3, maxLength: 24 });
    const losses = epochs.map(({ loss }) => loss);
    expect(losses.at(-1)).toBeLessThan(losses[0]);
    const expected = scoresOf(await classifier.predict(TEXTS));
    expect(largestDifference(expected, before)).toBeGreaterThan(0.01);
    await classifier.save(saved);
    await classifier.export(exported, { dtype: ["fp32"] });
    await classifier.close();

    for (const folder of [saved, exported]) {
      const again = await TextClassifier.fromPretrained(folder, { threads: 1 });
      expect(largestDifference(scoresOf(await again.predict(TEXTS)), expected)).toBeLessThan(SAME);
      await again.close();
    }
    expect(largestDifference(await inPlainOnnxruntime(exported), expected)).toBeLessThan(SAME);
    if (!OWN.includes(name)) expect(largestDifference(await inTransformersJs(exported), expected)).toBeLessThan(SAME);
  });
});

async function inPlainOnnxruntime(folder: string): Promise<number[]> {
  const tokenizer = loadTokenizer({ "tokenizer.json": readFileSync(join(folder, "tokenizer.json"), "utf8") });
  const session = await InferenceSession.create(join(folder, onnxPath("fp32")));
  const scores: number[] = [];
  for (const text of TEXTS) {
    const ids = BigInt64Array.from(tokenizer.encode(text, { maxLength: 24 }).ids, BigInt);
    const inputs = { input_ids: ids, attention_mask: ids.map(() => 1n), token_type_ids: ids.map(() => 0n) };
    const named = Object.entries(inputs).filter(([input]) => session.inputNames.includes(input));
    const { logits } = await session.run(
      Object.fromEntries(named.map(([input, values]) => [input, new Tensor("int64", values, [1, values.length])])),
    );
    const powers = Array.from(logits.data as Float32Array, Math.exp);
    const sum = powers.reduce((a, b) => a + b);
    scores.push(...powers.map((power) => power / sum));
  }
  await session.release();
  return scores;
}

async function inTransformersJs(folder: string): Promise<number[]> {
  const classify = (await pipeline("text-classification", folder, {
    dtype: "fp32",
    device: "cpu",
  })) as TextClassificationPipeline;
  const scores: number[] = [];
  for (const text of TEXTS) {
    const answer = (await classify(text, { top_k: null })) as TextClassificationOutput;
    scores.push(...LABELS.map((label) => answer.find((one) => one.label === label)?.score ?? Number.NaN));
  }
  await classify.dispose();
  return scores;
}
