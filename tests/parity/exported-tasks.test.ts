/**
 * Exports of every task and of pairs of texts, and of a model too large for one file, in transformers.js: its pipeline where
 * it has the task, its model and tokenizer otherwise. And in plain onnxruntime, where nothing but the file says what to do.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  env,
  pipeline,
  type TextClassificationOutput,
  type TextClassificationPipeline,
} from "@huggingface/transformers";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { nodePlatform } from "../../src/classifier/node/platform.js";
import { openClassifier } from "../../src/classifier/open-classifier.js";
import { Classifier } from "../../src/classifier/text-classifier.js";
import { exportFolder } from "../../src/export/node/export-folder.js";
import { TextClassifier } from "../../src/index.js";
import { printModel } from "../../src/onnx/print-model.js";
import { writeVariant } from "../support/golden-checkpoints.js";

const TEXTS = ["a good film", "what a waste of time", "日本語 😀", "ok"];
const PAIRS = [
  { text: "a good film", textPair: "what a waste of time" },
  { text: "ok", textPair: "is it a good film or not" },
];
const SAME = 1e-5;

let place: string;
let source: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune export tasks "));
  source = join(place, "source");
  await writeVariant("float32", source);
  env.allowRemoteModels = false;
});
afterAll(() => rm(place, { recursive: true, force: true }));

/** The scores of `texts` in the pipeline of transformers.js, by label. */
async function inPipeline(folder: string, texts: readonly string[]): Promise<Record<string, number>[]> {
  const options = { dtype: "fp32", device: "cpu" } as const;
  const classify = (await pipeline("text-classification", folder, options)) as TextClassificationPipeline;
  const all: Record<string, number>[] = [];
  for (const text of texts) {
    const answer = (await classify(text, { top_k: null })) as TextClassificationOutput;
    all.push(Object.fromEntries(answer.map(({ label, score }) => [label, score])));
  }
  await classify.dispose();
  return all;
}

/** The logits [N][C] of texts, or pairs of them, by the model and the tokenizer of transformers.js. */
async function inModel(folder: string, texts: readonly string[], pairs?: readonly string[]): Promise<number[][]> {
  const tokenizer = await AutoTokenizer.from_pretrained(folder);
  const model = await AutoModelForSequenceClassification.from_pretrained(folder, { dtype: "fp32", device: "cpu" });
  const all: number[][] = [];
  for (const [i, text] of texts.entries()) {
    const inputs = tokenizer(text, pairs === undefined ? {} : { text_pair: pairs[i] });
    const { logits } = (await model(inputs)) as { logits: { data: Float32Array } };
    all.push([...logits.data]);
  }
  await model.dispose();
  return all;
}

/** The logits of one text in plain onnxruntime, its ids by transformers.js' tokenizer. */
async function inOnnxruntime(folder: string, text: string): Promise<number[]> {
  const tokenizer = await AutoTokenizer.from_pretrained(folder);
  const ids = BigInt64Array.from(tokenizer.encode(text), BigInt);
  const session = await InferenceSession.create(join(folder, "onnx", "model.onnx"));
  const int64 = (values: BigInt64Array) => new Tensor("int64", values, [1, ids.length]);
  const { logits } = await session.run({
    input_ids: int64(ids),
    attention_mask: int64(ids.map(() => 1n)),
    token_type_ids: int64(ids.map(() => 0n)),
  });
  await session.release();
  return [...(logits.data as Float32Array)];
}

function largest(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i])));
}
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

it("several labels: each with its own probability", async () => {
  const labels = ["bad", "good", "long"];
  const classifier = await TextClassifier.fromPretrained(source, { labels, problemType: "multi_label_classification" });
  const expected = (await classifier.predict(TEXTS)).map(({ scores }) => labels.map((label) => scores[label]));
  const folder = join(place, "labels");
  await classifier.export(folder, { dtype: "fp32" });
  await classifier.close();
  const theirs = (await inPipeline(folder, TEXTS)).map((scores) => labels.map((label) => scores[label]));
  expect(largest(theirs.flat(), expected.flat())).toBeLessThan(SAME);
  // They are no shares of one.
  expect(Math.abs(expected[0].reduce((a, b) => a + b) - 1)).toBeGreaterThan(0.1);
  expect(largest((await inOnnxruntime(folder, TEXTS[0])).map(sigmoid), expected[0])).toBeLessThan(SAME);
});

it("two classes told by one output: the probability of the second", async () => {
  const options = { labels: ["bad", "good"], problemType: "binary_classification" } as const;
  const classifier = await TextClassifier.fromPretrained(source, options);
  const expected = (await classifier.predict(TEXTS)).map(({ scores }) => scores.good);
  const folder = join(place, "binary");
  await classifier.export(folder, { dtype: "fp32" });
  await classifier.close();
  const theirs = await inPipeline(folder, TEXTS);
  expect(
    largest(
      theirs.map(({ good }) => good),
      expected,
    ),
  ).toBeLessThan(SAME);
});

it("numbers: the logits themselves, as the pipeline has no such task, which is said", async () => {
  const options = { labels: ["stars", "length"], problemType: "regression" } as const;
  const classifier = await TextClassifier.fromPretrained(source, options);
  const expected = (await classifier.predict(TEXTS)).map(({ values }) => [values.stars, values.length]);
  const folder = join(place, "numbers");
  const said: string[] = [];
  await classifier.export(folder, { dtype: "fp32", onWarning: (line) => void said.push(line) });
  await classifier.close();
  expect(said.join()).toMatch(/pipeline makes probabilities of numbers: call its model there/);
  expect(largest((await inModel(folder, TEXTS)).flat(), expected.flat())).toBeLessThan(SAME);
  expect(largest(await inOnnxruntime(folder, TEXTS[1]), expected[1])).toBeLessThan(SAME);
});

it("a head of its own: the mean over the tokens and a hidden layer", async () => {
  const labels = ["bad", "good", "long"];
  const options = { labels, pooling: "mean", hiddenLayers: [12], headActivation: "gelu" } as const;
  const classifier = await TextClassifier.fromPretrained(source, options);
  const expected = (await classifier.predict(TEXTS)).map(({ scores }) => labels.map((label) => scores[label]));
  const folder = join(place, "head");
  await classifier.export(folder, { dtype: "fp32", license: "mit" });
  await classifier.close();
  const theirs = (await inPipeline(folder, TEXTS)).map((scores) => labels.map((label) => scores[label]));
  expect(largest(theirs.flat(), expected.flat())).toBeLessThan(SAME);
  expect(printModel(readFileSync(join(folder, "onnx", "model.onnx")))).toContain("metadata license = mit");
});

it("pairs of texts: each text with its own segment", async () => {
  const classifier = await TextClassifier.fromPretrained(source);
  const { labels } = classifier;
  const expected = (await classifier.predict(PAIRS)).map(({ scores }) => labels.map((label) => scores[label]));
  const joined = await classifier.predict(PAIRS.map(({ text, textPair }) => `${text} ${textPair}`));
  const folder = join(place, "pairs");
  await classifier.export(folder, { dtype: "fp32" });
  await classifier.close();
  const logits = await inModel(
    folder,
    PAIRS.map(({ text }) => text),
    PAIRS.map(({ textPair }) => textPair),
  );
  const theirs = logits.map((row) => {
    const powers = row.map(Math.exp);
    return powers.map((power) => power / powers.reduce((a, b) => a + b));
  });
  expect(largest(theirs.flat(), expected.flat())).toBeLessThan(SAME);
  expect(Math.abs(joined[0].scores[labels[0]] - expected[0][0])).toBeGreaterThan(1e-4);
});

it("what other programs do not follow is said: temperature, threshold, the ends of long texts", async () => {
  const classifier = await TextClassifier.fromPretrained(source, { labels: ["bad", "good"] });
  classifier.decide({ temperature: 2, threshold: 0.7 });
  const said: string[] = [];
  await classifier.export(join(place, "decided"), { dtype: "fp32", onWarning: (line) => void said.push(line) });
  const expected = await classifier.predict(TEXTS);
  await classifier.close();
  expect(said).toEqual([expect.stringContaining("temperature of 2"), expect.stringContaining("threshold")]);
  const again = await TextClassifier.fromPretrained(join(place, "decided"));
  expect((await again.predict(TEXTS)).map(({ label }) => label)).toEqual(expected.map(({ label }) => label));
  await again.close();
});

it("a model beyond the size of one file has its tensors beside it, where transformers.js and optimum look", async () => {
  const state = await openClassifier(nodePlatform, source, {});
  // The limit of 2 GB is lowered to a size that this model has.
  const limited = {
    ...nodePlatform,
    exportModels: (
      folder: string,
      content: Parameters<typeof exportFolder>[1],
      options: Parameters<typeof exportFolder>[2],
    ) => exportFolder(folder, content, { ...options, largestFile: 4000 }),
  };
  const classifier = new Classifier(limited, state);
  const expected = await classifier.predict(TEXTS);
  const folder = join(place, "large");
  const { files } = await classifier.export(folder, { dtype: "fp32,q8" });
  await classifier.close();
  const there = readdirSync(join(folder, "onnx"));
  expect(there).toContain("model.onnx_data");
  const size = (name: string): number => statSync(join(folder, "onnx", name)).size;
  expect(files[0].bytes).toBe(size("model.onnx") + size("model.onnx_data"));
  expect(size("model.onnx_data")).toBeGreaterThan(4000);
  const config = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
  expect(config["transformers.js_config"].use_external_data_format["model.onnx"]).toBe(true);
  const scoresOf = ({ scores }: { scores: Readonly<Record<string, number>> }): number[] =>
    state.labels.map((label) => scores[label]);
  const theirs = (await inPipeline(folder, TEXTS)).flatMap((scores) => scoresOf({ scores }));
  expect(largest(theirs, expected.flatMap(scoresOf))).toBeLessThan(SAME);
  const again = await TextClassifier.fromPretrained(folder);
  expect(largest((await again.predict(TEXTS)).flatMap(scoresOf), expected.flatMap(scoresOf))).toBeLessThan(SAME);
  await again.close();
});
