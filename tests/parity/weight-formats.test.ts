/** The same weights give the same logits, bit for bit, from whatever file they come. */
import { readdirSync } from "node:fs";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openCheckpoint } from "../../src/checkpoints/node/open-checkpoint.js";
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
  ["keras", "float32", false],
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
