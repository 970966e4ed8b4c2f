/** The same weights give the same logits, bit for bit, from whatever file they come. */
import { readdirSync } from "node:fs";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { googleAlbert, modelGardenAlbert } from "../../src/checkpoints/conversions/google-albert.js";
import { googleElectra } from "../../src/checkpoints/conversions/google-electra.js";
import { openCheckpoint } from "../../src/checkpoints/node/open-checkpoint.js";
import { TextClassifier } from "../../src/classifier/node/text-classifier.js";
import { fromArrays } from "../../src/data/dataset/dataset-from.js";
import { albert } from "../../src/models/albert/index.js";
import { electra } from "../../src/models/electra/index.js";
import { buildInferenceGraph } from "../../src/training/classifier-graph.js";
import { classify, goldenCheckpoints, writeVariant } from "../support/golden-checkpoints.js";
import { writeFormat } from "../support/weight-formats.js";

const { labels, texts, tokenIds } = goldenCheckpoints;

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune formats "));
});
afterAll(() => rm(place, { recursive: true, force: true }));

it.each([
  ["pytorch", "float32", true],
  ["pytorch-legacy", "float32", true],
  ["pytorch-sharded", "float16", true],
  ["google-bert", "float32", false],
  // Modules of TensorFlow Hub have no head: the same new one is made for both.
  ["saved-model", "without prefix and head", false],
  ["keras-hub", "without prefix and head", false],
  ["keras-hub-task", "float32", false],
  ["keras", "float32", false],
  ["tf-model", "float32", true],
  ["onnx", "float32", true],
  ["onnx-dynamo", "float32", true],
  ["onnx-float16", "float16", true],
])("%s is read as safetensors are: %s", async (format, variant, ofHuggingFace) => {
  const folder = join(place, format);
  await writeFormat(format, folder, ofHuggingFace);
  await writeVariant(variant, join(place, variant));
  const wanted = await classify(join(place, variant), texts, labels.length);
  const result = await classify(folder, texts, labels.length);
  expect(result.tokenIds).toEqual(tokenIds);
  expect(result.report.created).toEqual(wanted.report.created);
  expect(result.logits).toEqual(wanted.logits);
});

it("trains alike from whatever file it is opened", async () => {
  // Other classes than those of the heads that some of them have.
  const classes = ["left", "right", "neither"];
  const trained = async (folder: string): Promise<readonly (readonly number[])[]> => {
    const classifier = await TextClassifier.fromPretrained(folder, { labels: classes });
    try {
      const rows = fromArrays(
        texts,
        texts.map((_, i) => classes[i % 3] as string),
      );
      await classifier.fit(rows, { epochs: 2, batchSize: 4, learningRate: 1e-2, maxLength: 24, seed: 3 });
      return (await classifier.predict(texts)).map(({ scores }) => Object.values(scores));
    } finally {
      await classifier.close();
    }
  };
  const roads = [
    ["float32", ["pytorch", "google-bert", "keras-hub-task", "keras", "tf-model"]],
    ["without prefix and head", ["saved-model", "keras-hub"]],
  ] as const;
  for (const [variant, formats] of roads) {
    await writeVariant(variant, join(place, `trained ${variant}`));
    const wanted = await trained(join(place, `trained ${variant}`));
    for (const format of formats) {
      const folder = join(place, `trained ${format}`);
      await writeFormat(format, folder, ["pytorch", "tf-model"].includes(format));
      expect(await trained(folder), format).toEqual(wanted);
    }
  }
});

it.each([
  ["uncased_L-2_H-8_A-2.zip", "google-bert"],
  ["small_bert_1.tar.gz", "saved-model"],
])("%s is read as the folder in it, and nothing stays behind", async (archive, format) => {
  const folder = join(place, format);
  await writeFormat(format, folder, false);
  await writeFormat("archives", join(place, "archives"), false);
  const { logits } = await classify(join(place, "archives", archive), texts, labels.length);
  expect(logits).toEqual((await classify(folder, texts, labels.length)).logits);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`textune-model-${process.pid}-`))).toEqual([]);
});

it.each([
  ["ℝ", true],
  ["The", false],
])("a vocabulary of Google's with %s is uncased: %s", async (token, uncased) => {
  const folder = join(place, `vocabulary ${token}`);
  await writeFormat("google-bert", folder, false);
  await appendFile(join(folder, "vocab.txt"), `${token}\n`);
  const { weights, tokenizerFiles } = await openCheckpoint(folder);
  await weights.close();
  expect(JSON.parse(tokenizerFiles["tokenizer_config.json"] ?? "")).toEqual({ do_lower_case: uncased });
});

it.each(["google-bert", "keras-hub-task", "keras"])("the head of %s has classes, if without names", async (format) => {
  const folder = join(place, `head of ${format}`);
  await writeFormat(format, folder, false);
  const { config, weights } = await openCheckpoint(folder);
  await weights.close();
  expect(config.id2label).toEqual({ 0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2" });
});

it("a checkpoint of TensorFlow can be named as TensorFlow names it", async () => {
  await writeFormat("google-bert", join(place, "google-bert"), false);
  const { report } = await classify(join(place, "google-bert", "bert_model.ckpt"), texts, labels.length);
  expect(report.created).toEqual([]);
  // What an optimizer and the heads of pre-training left in the file.
  expect([...report.ignored].sort()).toEqual([
    "bert/pooler/dense/bias/adam_m",
    "cls/predictions/output_bias",
    "global_step",
  ]);
});

it("a file of weights can be named instead of its folder", async () => {
  const folder = join(place, "named");
  await writeFormat("pytorch", folder, true);
  const { logits } = await classify(join(folder, "pytorch_model.bin"), texts, labels.length);
  expect(logits).toEqual((await classify(folder, texts, labels.length)).logits);
  await expect(classify(join(folder, "config.json"), texts, labels.length)).rejects.toMatchObject({
    code: "E_WEIGHTS",
    message: expect.stringContaining(".safetensors"),
  });
});

it.each([
  [googleAlbert, albert, { hidden_act: "gelu", layers_to_keep: [], ln_type: "postln", num_hidden_groups: 1 }],
  [modelGardenAlbert, albert, {}],
  [googleElectra, electra, { model_type: "electra" }],
])("the names of $name lead to every weight of the encoder", ({ rules, readConfig }, model, own) => {
  const sizes = { vocab_size: 30, hidden_size: 8, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 16 };
  const config = { ...sizes, max_position_embeddings: 16, embedding_size: 4, ...own };
  const read = model.readConfig(readConfig?.(config) ?? config);
  const graph = buildInferenceGraph({ model, config: read, outputs: 3 });
  const places = new Set(rules.map(([, name]) => name));
  const isPlaced = (name: string): boolean => places.has(name.replace(/\.layer\.\d+\./, ".layer.{n}."));
  const encoder = graph.parameters.map(({ name }) => name).filter((name) => !name.startsWith("classifier."));
  expect(encoder.filter((name) => !model.fileNames(name).some(isPlaced))).toEqual([]);
  expect(encoder.length).toBeGreaterThan(20);
});
