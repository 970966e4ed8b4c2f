/** The same weights give the same logits, bit for bit, from whatever file they come. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
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
