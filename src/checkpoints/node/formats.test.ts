/** What holds for every format: damage to real files is met with an error that names the file. */
import { cpSync, mkdtempSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectHonestErrors } from "../../../tests/support/damage.js";
import { writeVariant } from "../../../tests/support/golden-checkpoints.js";
import type { WeightReader } from "../weight-reader.js";
import { findWeights, openWeights, WEIGHT_FORMATS } from "./formats.js";

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune formats "));
});
afterAll(() => rm(place, { recursive: true, force: true }));

const GOLDEN = fileURLToPath(new URL("../../../tests/golden/weight-formats/", import.meta.url));
/** Safetensors stand in the golden of checkpoints, and become files here. */
const SAFETENSORS = mkdtempSync(join(tmpdir(), "textune safetensors "));
await writeVariant("float32", join(SAFETENSORS, "whole"));
await writeVariant("several files", join(SAFETENSORS, "several"));
afterAll(() => rm(SAFETENSORS, { recursive: true, force: true }));
const golden = (path: string): string => join(/^(?:whole|several)\//.test(path) ? SAFETENSORS : GOLDEN, path);

/** A file that is damaged, and the one that is opened then: the same, or one that needs it. */
const FILES: readonly (readonly [damaged: string, opened: string])[] = [
  ["whole/model.safetensors", "whole/model.safetensors"],
  ["several/model-00002-of-00003.safetensors", "several/model.safetensors.index.json"],
  ["pytorch/pytorch_model.bin", "pytorch/pytorch_model.bin"],
  ["pytorch-legacy/pytorch_model.bin", "pytorch-legacy/pytorch_model.bin"],
  ["google-bert/bert_model.ckpt.index", "google-bert/bert_model.ckpt.index"],
  ["google-bert/bert_model.ckpt.data-00000-of-00001", "google-bert/bert_model.ckpt.index"],
  ["saved-model/variables/variables.index", "saved-model/variables/variables.index"],
  ["saved-model/variables/variables.data-00000-of-00001", "saved-model/variables/variables.index"],
  ["keras-hub/model.weights.h5", "keras-hub/model.weights.h5"],
  ["keras-hub-task/task.weights.h5", "keras-hub-task/model.weights.h5"],
  ["tf-model/tf_model.h5", "tf-model/tf_model.h5"],
  ["keras/classifier.keras", "keras/classifier.keras"],
  ["onnx/onnx/model.onnx", "onnx/onnx/model.onnx"],
  ["onnx-dynamo/onnx/model.onnx", "onnx-dynamo/onnx/model.onnx"],
  ["onnx-dynamo/onnx/model.onnx.data", "onnx-dynamo/onnx/model.onnx"],
];

describe.each(FILES)("%s", (damaged, opened) => {
  const bytes = new Uint8Array(readFileSync(golden(damaged)));
  const prepare = (name: string): string => {
    const folder = join(place, name);
    cpSync(dirname(golden(damaged)), folder, { recursive: true });
    return folder;
  };
  const openBeside = async (path: string): Promise<WeightReader> => {
    const found = openWeights(join(dirname(path), basename(opened)));
    if (found === undefined) throw new Error(`${opened} has no format`);
    return (await found).weights;
  };

  it("answers damage with an error that names the file", async () => {
    const path = join(prepare("damaged"), basename(damaged));
    await expectHonestErrors(bytes, path, openBeside, { most: 100_000, numRuns: 60 });
  }, 120_000);

  it("is found to be cut off, wherever that is", async () => {
    const path = join(prepare("cut"), basename(damaged));
    for (const length of [0, 1, 2, 100, bytes.length >> 1, bytes.length - 1]) {
      await writeFile(path, bytes.subarray(0, length));
      const read = openBeside(path).then(async (reader) => {
        try {
          for (const name of reader.names) await reader.read(name);
        } finally {
          await reader.close();
        }
      });
      await expect(read, `${length} bytes`).rejects.toMatchObject({ code: "E_WEIGHTS" });
    }
  });
});

it("finds the weights of a folder, the preferred format first", () => {
  const found = (...files: string[]) => findWeights(files)?.file;
  expect(found("config.json", "pytorch_model.bin", "model.safetensors")).toBe("model.safetensors");
  expect(found("bert_config.json", "bert_model.ckpt.index", "vocab.txt")).toBe("bert_model.ckpt.index");
  expect(found("task.weights.h5", "model.weights.h5")).toBe("model.weights.h5");
  expect(found("config.json", "tf_model.h5")).toBe("tf_model.h5");
  expect(found("config.json", "task.weights.h5")).toBeUndefined();
  expect(found("assets/vocab.txt", "variables/variables.index")).toBe("variables/variables.index");
  expect(found("config.json", "faiss.index")).toBeUndefined();
});

it("are records with names and endings of their own", () => {
  const endings = WEIGHT_FORMATS.flatMap((format) => format.endings);
  expect(new Set(endings).size).toBe(endings.length);
  expect(new Set(WEIGHT_FORMATS.map(({ name }) => name)).size).toBe(WEIGHT_FORMATS.length);
});
