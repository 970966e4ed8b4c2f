import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goldenCheckpoints, writeVariant } from "../../tests/support/golden-checkpoints.js";
import { openSafetensors } from "../checkpoints/node/safetensors-file.js";
import { fromArrays } from "../data/dataset/dataset-from.js";
import type { FitOptions } from "./fit-options.js";
import { TextClassifier } from "./node/text-classifier.js";
import type { FromPretrainedOptions } from "./open-classifier.js";

const { labels, texts } = goldenCheckpoints;
const rows = Array.from({ length: 24 }, (_, i) => texts[i % texts.length] as string);
const train = fromArrays(
  rows,
  rows.map((_, i) => labels[(i % texts.length) % labels.length] as string),
  { labels },
);
const OPTIONS: FitOptions = { epochs: 2, batchSize: 8, learningRate: 1e-2, maxLength: 16, threads: 1, lora: true };

let place: string;
let model: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune lora "));
  model = join(place, "model");
  await writeVariant("float32", model);
});
afterAll(async () => {
  await Promise.all(opened.map((classifier) => classifier.close()));
  await rm(place, { recursive: true, force: true });
});

const opened: TextClassifier[] = [];
async function openModel(folder = model, options: FromPretrainedOptions = {}): Promise<TextClassifier> {
  const classifier = await TextClassifier.fromPretrained(folder, { threads: 1, ...options });
  opened.push(classifier);
  return classifier;
}
const logitsOf = async (classifier: TextClassifier) => (await classifier.outputs(train)).logits;

async function trained(options: FitOptions, folder?: string): Promise<Float32Array> {
  const classifier = await openModel();
  await classifier.fit(train, options);
  if (folder !== undefined) await classifier.save(folder);
  return logitsOf(classifier);
}

async function weightsIn(path: string): Promise<Map<string, Float32Array>> {
  const reader = await openSafetensors(path);
  const all = new Map<string, Float32Array>();
  for (const name of reader.names) all.set(name, await reader.read(name));
  await reader.close();
  return all;
}

function expectClose(actual: Float32Array, wanted: Float32Array, tolerance = 1e-5): void {
  const differences = actual.map((value, i) => Math.abs(value - (wanted[i] as number)));
  expect(Math.max(...differences)).toBeLessThan(tolerance);
}

describe("a training with lora", () => {
  it("moves adapters and head alone, stores these, and opens to the same answers", async () => {
    const folder = join(place, "adapter");
    const classifier = await openModel();
    const before = await logitsOf(classifier);
    await classifier.fit(train, OPTIONS);
    const after = await logitsOf(classifier);
    expect(after).not.toEqual(before);
    await classifier.save(folder);
    const stored = await weightsIn(join(folder, "adapter_model.safetensors"));
    // Two layers with two targets each, and the classifier.
    expect(stored.size).toBe(2 * 2 * 2 + 2);
    const again = await openModel(folder);
    expectClose(await logitsOf(again), after);

    classifier.merge();
    const merged = join(place, "merged");
    await classifier.save(merged);
    const own = await weightsIn(join(model, "model.safetensors"));
    const moved = [...(await weightsIn(join(merged, "model.safetensors")))].filter(
      ([name, values]) => !values.every((value, i) => value === own.get(name)?.[i]),
    );
    expect(moved.map(([name]) => name.replace(/^bert.encoder.layer.|weight|bias/g, "")).sort()).toEqual([
      "0.attention.self.query.",
      "0.attention.self.value.",
      "1.attention.self.query.",
      "1.attention.self.value.",
      "classifier.",
      "classifier.",
    ]);
  });

  it("trains the classifier of other classes, and a pooler that the model lacks, and stores both", async () => {
    const bare = join(place, "bare");
    await writeVariant("without pooler", bare);
    const folder = join(place, "with pooler");
    const classifier = await openModel(bare, { labels });
    await classifier.fit(train, OPTIONS);
    await classifier.save(folder);
    const { modules_to_save: saved } = JSON.parse(readFileSync(join(folder, "adapter_config.json"), "utf8"));
    expect(saved).toEqual(["classifier", "bert.pooler.dense"]);
    const again = await openModel(folder);
    expectClose(await logitsOf(again), await logitsOf(classifier));
  });

  it("goes on with an adapter that was opened", async () => {
    const folder = join(place, "first half");
    await trained({ ...OPTIONS, loraRank: 3, loraAlpha: 6, loraTargets: ["key", "intermediate.dense"] }, folder);
    const classifier = await openModel(folder);
    await expect(classifier.fit(train, { ...OPTIONS, loraRank: 4 })).rejects.toThrow(
      "option loraRank: expected 3, as the adapter has that is trained on, got 4",
    );
    const before = await logitsOf(classifier);
    const { losses } = await classifier.fit(train, { ...OPTIONS, seed: 1 });
    const anew = await openModel();
    const first = await anew.fit(train, { ...OPTIONS, seed: 1 });
    expect(losses[0]).toBeLessThan(first.losses[0] as number);
    expect(await logitsOf(classifier)).not.toEqual(before);
    const again = join(place, "second half");
    await classifier.save(again);
    const config = JSON.parse(readFileSync(join(again, "adapter_config.json"), "utf8"));
    expect([config.r, config.lora_alpha, config.target_modules]).toEqual([3, 6, ["intermediate.dense", "key"]]);
    expect(config.base_model_name_or_path).toBe(model);
  });

  it("begins a further training where the last one ended, in the process and from the folder", async () => {
    const folder = join(place, "where it ended");
    const classifier = await openModel();
    await classifier.fit(train, OPTIONS);
    await classifier.save(folder);
    const wanted = await logitsOf(classifier);
    for (const one of [classifier, await openModel(folder)]) {
      await one.fit(train, { ...OPTIONS, epochs: 1, learningRate: 1e-12 });
      expectClose(await logitsOf(one), wanted);
    }
  });

  it.each<[string, FitOptions]>([
    ["gradient checkpointing", { gradientCheckpointing: true }],
    ["the whole vocabulary", { compactVocabulary: false }],
  ])("comes to the same with %s", async (_, options) => {
    expectClose(await trained({ ...OPTIONS, dropout: 0, ...options }), await trained({ ...OPTIONS, dropout: 0 }), 1e-3);
  });

  it("leaves frozen layers without training", async () => {
    const folder = join(place, "frozen");
    await trained({ ...OPTIONS, freeze: 1 }, folder);
    const stored = await weightsIn(join(folder, "adapter_model.safetensors"));
    const sizeOf = (layer: number) =>
      [...stored]
        .filter(([name]) => name.includes(`layer.${layer}.`) && name.includes("lora_B"))
        .flatMap(([, values]) => [...values])
        .reduce((sum, value) => sum + Math.abs(value), 0);
    expect(sizeOf(0)).toBe(0);
    expect(sizeOf(1)).toBeGreaterThan(0);
  });

  it("goes on where it was stopped, to the bit", async () => {
    const checkpointDir = join(place, "checkpoints");
    const stop = new AbortController();
    const options: FitOptions = { ...OPTIONS, dropout: 0.1, loraDropout: 0.2, emaDecay: 0.9 };
    const classifier = await openModel();
    const callbacks = [{ onStep: ({ step }: { step: number }) => void (step === 4 && stop.abort()) }];
    await classifier.fit(train, { ...options, checkpointDir, callbacks, signal: stop.signal });
    const resumed = await trained({ ...options, checkpointDir, resume: true });
    expect(resumed).toEqual(await trained(options));
  });
});

describe("before training starts", () => {
  it.each<[string, FitOptions, string]>([
    [
      "a target that no layer has",
      { loraTargets: ["query", "q_lin"] },
      "option loraTargets: expected names of the model's layers, got q_lin; choose one of",
    ],
    [
      "a module that the model lacks",
      { loraModulesToSave: ["poler"] },
      'option loraModulesToSave: expected names of the model\'s layers, got poler; did you mean "pooler"?',
    ],
    ["no target", { loraTargets: [] }, "option loraTargets"],
    ["adapters that are all frozen", { freeze: "encoder" }, "option freeze: expected layers left whose adapters"],
    ["a rank without lora", { lora: false, loraRank: 4 }, "option loraRank: expected lora, which it belongs to, got 4"],
  ])("%s is refused", async (_, options, message) => {
    const classifier = await openModel();
    await expect(classifier.fit(train, { ...OPTIONS, ...options })).rejects.toThrow(message);
  });

  it("an adapter to weights that stand nowhere is refused", async () => {
    const classifier = await openModel();
    await classifier.fit(train, { ...OPTIONS, lora: false, epochs: 1 });
    await expect(classifier.fit(train, OPTIONS)).rejects.toThrow("got one that was trained as a whole");
  });
});

describe("opening an adapter", () => {
  const damaged = async (name: string, change: (config: Record<string, unknown>) => Record<string, unknown>) => {
    const folder = join(place, name);
    await trained({ ...OPTIONS, epochs: 1 }, folder);
    const path = join(folder, "adapter_config.json");
    await writeFile(path, JSON.stringify(change(JSON.parse(readFileSync(path, "utf8")))));
    return openModel(folder);
  };

  it("says what is missing or cannot be read", async () => {
    await expect(
      damaged("no base", (config) => ({ ...config, base_model_name_or_path: join(place, "gone") })),
    ).rejects.toThrow("base_model_name_or_path: expected the model that the adapter stands beside");
    await expect(damaged("dora", (config) => ({ ...config, use_dora: true }))).rejects.toThrow(
      "use_dora: expected a plain LoRA adapter with a base model, got true",
    );
    await expect(damaged("rank", (config) => ({ ...config, r: 5 }))).rejects.toThrow("matrices of rank 5");
  });
});
