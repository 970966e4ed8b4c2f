import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { goldenCheckpoints, writeVariant } from "../../tests/support/golden-checkpoints.js";
import { fromArrays } from "../data/dataset/dataset-from.js";
import type { FitOptions } from "./fit-options.js";
import { TextClassifier } from "./node/text-classifier.js";
import type { FromPretrainedOptions } from "./open-classifier.js";

const { labels, texts } = goldenCheckpoints;
const rows = Array.from({ length: 22 }, (_, i) => texts[i % texts.length] as string);
const train = fromArrays(
  rows,
  rows.map((_, i) => labels[(i % texts.length) % labels.length] as string),
  { labels },
);
const OPTIONS: FitOptions = { epochs: 3, batchSize: 8, learningRate: 1e-2, maxLength: 16, threads: 1, dropout: 0 };

let place: string;
let model: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune frozen "));
  model = join(place, "model");
  await writeVariant("float32", model);
});
afterAll(() => rm(place, { recursive: true, force: true }));

const scratchFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith("textune-scratch-"));

async function trained(options: FitOptions, opening: FromPretrainedOptions = {}) {
  const classifier = await TextClassifier.fromPretrained(model, { threads: 1, ...opening });
  const said: string[] = [];
  let computed = 0;
  const callbacks = [
    {
      onWarning: (line: string) => void said.push(line),
      onEvaluateProgress: ({ done, total, what }: { done: number; total: number; what?: string }) =>
        void (what === "frozen layers" && done === total && computed++),
    },
  ];
  const history = await classifier.fit(train, { ...OPTIONS, callbacks, ...options });
  const { logits } = await classifier.outputs(train);
  await classifier.close();
  return { history, logits, said: said.join(), computed };
}

it.each<[string, FitOptions, FromPretrainedOptions?]>([
  ["a layer", { freeze: 1 }],
  ["the encoder", { freeze: "encoder" }],
  ["the encoder, mean pooling", { freeze: "encoder" }, { pooling: "mean", labels }],
  ["a layer, and the other in stages", { freeze: 1, gradientCheckpointing: true }],
  ["a layer with an adapter", { freeze: 1, lora: true }],
  ["a layer, in parts, all tokens in the table", { freeze: 1, tokensPerPass: 40, compactVocabulary: false }],
  ["a layer, long texts in windows", { freeze: 1, longTexts: "windows", maxLength: 10 }],
])("with %s frozen, training from what it makes of the texts is training on the texts", async (_, options, opening) => {
  const settings = { ...options, validation: train, maxEvalRows: 9 };
  const cached = await trained(settings, opening);
  const plain = await trained({ ...settings, frozenCache: false }, opening);
  // The training set, and of the validation set the rows of every epoch and all of them at the end.
  expect(cached.computed).toBe(3);
  expect(plain.computed).toBe(0);
  expect(cached.history.losses).toHaveLength(plain.history.losses.length);
  for (const [i, loss] of cached.history.losses.entries())
    expect(loss).toBeCloseTo(plain.history.losses[i] as number, 5);
  expect(cached.history.validation?.loss ?? 0).toBeCloseTo(plain.history.validation?.loss ?? 0, 5);
  const differences = cached.logits.map((value, i) => Math.abs(value - (plain.logits[i] as number)));
  expect(Math.max(...differences)).toBeLessThan(1e-4);
});

it("goes on from a file in float16 where memory is not to be taken, and leaves no file behind", async () => {
  const before = scratchFolders();
  const settings = { freeze: 1, validation: train, maxEvalRows: 9 };
  const cached = await trained({ ...settings, frozenCacheMegabytes: 0 });
  const plain = await trained({ ...settings, frozenCache: false });
  expect(cached.computed).toBe(3);
  expect(cached.said).toContain("GB on disk in float16");
  const differences = cached.history.losses.map((loss, i) => Math.abs(loss - (plain.history.losses[i] as number)));
  expect(Math.max(...differences)).toBeLessThan(2e-3);
  // It is rounded, and so not the same.
  expect(Math.max(...differences)).toBeGreaterThan(1e-7);
  expect(scratchFolders()).toEqual(before);
});

it("keeps nothing of layers with dropout, and says so, and of layers that are trained later", async () => {
  const dropped = await trained({ freeze: 1, dropout: 0.1 });
  expect(dropped.computed).toBe(0);
  expect(dropped.said).toContain("the frozen layers have dropout");
  const thawed = await trained({ freeze: 1, unfreezeAfter: 1 });
  expect(thawed.computed).toBe(0);
});
