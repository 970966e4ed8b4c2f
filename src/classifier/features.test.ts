import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { goldenCheckpoints, writeVariant } from "../../tests/support/golden-checkpoints.js";
import { openCheckpoint } from "../checkpoints/node/open-checkpoint.js";
import { linearLogits } from "../training/linear-head.js";
import { TextClassifier } from "./node/text-classifier.js";

const { texts } = goldenCheckpoints;
let place: string;
let wanted: readonly (readonly number[])[];
let classifier: TextClassifier;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune features "));
  wanted = (await writeVariant("float32", place)).logits ?? [];
  classifier = await TextClassifier.fromPretrained(place, { threads: 1 });
});
afterAll(async () => {
  await classifier.close();
  await rm(place, { recursive: true, force: true });
});

it("is what the last layer reads: times its weights it is the logits of transformers, row by row", async () => {
  const checkpoint = await openCheckpoint(place);
  const [weight, bias] = await Promise.all([
    checkpoint.weights.read("classifier.weight"),
    checkpoint.weights.read("classifier.bias"),
  ]);
  await checkpoint.weights.close();
  const { values, width } = await classifier.features(texts);
  expect(values).toHaveLength(texts.length * width);
  const logits = linearLogits(values, { weight, bias, iterations: 0 });
  const difference = logits.map((value, i) => Math.abs(value - (wanted.flat()[i] as number)));
  expect(wanted).toHaveLength(texts.length);
  expect(Math.max(...difference)).toBeLessThan(1e-5);
});

it("gives a text the same row at any place and in any batch", async () => {
  const { values, width } = await classifier.features(texts);
  const order = texts.map((_, row) => (5 * row + 3) % texts.length);
  expect(new Set(order).size).toBe(texts.length);
  const turned = await classifier.features(
    order.map((row) => texts[row] as string),
    { batchSize: 3 },
  );
  const difference = order.map((row, at) =>
    Math.max(
      ...values
        .subarray(row * width, (row + 1) * width)
        .map((value, i) => Math.abs(value - turned.values[at * width + i])),
    ),
  );
  expect(Math.max(...difference)).toBeLessThan(1e-6);
  const first = values.subarray(0, width);
  expect(turned.values.subarray(0, width)).not.toEqual(first);
});

it("refuses what is no text, and knows of none", async () => {
  await expect(classifier.features(["a", 3 as unknown as string])).rejects.toThrow("features, text 2: expected");
  expect(await classifier.features([])).toEqual({ values: new Float32Array(0), width: expect.any(Number) });
});
