/** LoRA adapters go both ways between Textune and PEFT: the same files, logits and gradients. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { convertModel } from "../../src/checkpoints/node/convert-model.js";
import { openCheckpoint } from "../../src/checkpoints/node/open-checkpoint.js";
import { TextClassifier } from "../../src/classifier/node/text-classifier.js";
import { fromArrays } from "../../src/data/dataset/dataset-from.js";
import { bert } from "../../src/models/bert/index.js";
import { loraAdapter } from "../../src/nn/lora.js";
import { adamw } from "../../src/optimizers/adamw.js";
import { viewOf } from "../../src/runtime/flat-layout.js";
import { nodeRuntime } from "../../src/runtime/node/onnxruntime.js";
import { singleLabelClassification } from "../../src/tasks/single-label.js";
import { loadTokenizer } from "../../src/tokenizers/tokenizer.js";
import { tokenizeTexts } from "../../src/tokenizing/tokenize-texts.js";
import { collate } from "../../src/training/batch.js";
import { buildTrainingGraph } from "../../src/training/classifier-graph.js";
import { isTrainedWith } from "../../src/training/lora.js";
import { parameterGroups } from "../../src/training/parameter-groups.js";
import { createTrainer } from "../../src/training/training-step.js";
import { goldenCheckpoints, writeVariant } from "../support/golden-checkpoints.js";

interface Golden {
  readonly labelIds: readonly number[];
  readonly adapters: readonly {
    readonly name: string;
    readonly files: Readonly<Record<string, string>>;
    readonly logits: readonly (readonly number[])[];
    readonly gradients: Readonly<Record<string, readonly number[]>>;
    readonly saved: { readonly sha256: string; readonly config: object };
  }[];
}

const golden = JSON.parse(readFileSync(new URL("../golden/peft-adapter.json", import.meta.url), "utf8")) as Golden;
const { texts, labels } = goldenCheckpoints;
const TOLERANCE = 1e-4;
const dataset = fromArrays(
  [...texts],
  golden.labelIds.map((id) => labels[id] as string),
  { labels },
);

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune adapter "));
  await writeVariant("float32", join(place, "base"));
  for (const { name, files } of golden.adapters) {
    await mkdir(join(place, name));
    for (const [file, content] of Object.entries(files))
      await writeFile(join(place, name, file), Buffer.from(content, "base64"));
  }
});
afterAll(() => rm(place, { recursive: true, force: true }));

async function logitsIn(folder: string): Promise<Float32Array> {
  await using classifier = await TextClassifier.fromPretrained(folder, { threads: 1 });
  return (await classifier.outputs(dataset)).logits;
}

function largestDifference(actual: ArrayLike<number>, wanted: readonly number[]): number {
  expect(actual.length).toBe(wanted.length);
  return Math.max(...wanted.map((value, i) => Math.abs((actual[i] as number) - value)));
}

describe.each(golden.adapters)("an adapter that PEFT wrote, $name,", ({ name, logits, gradients, saved }) => {
  it("has PEFT's logits, merged into the weights", async () => {
    expect(largestDifference(await logitsIn(join(place, name)), logits.flat())).toBeLessThan(TOLERANCE);
  });

  it("has PEFT's logits and gradients beside the weights", async () => {
    const { adapter, config: raw, tokenizerFiles, weights } = await openCheckpoint(join(place, name));
    if (adapter === undefined) throw new Error("no adapter");
    const config = bert.withDropout(bert.readConfig(raw), 0);
    const lora = { ...adapter.lora, dropout: 0 };
    const graph = buildTrainingGraph({
      ...{ model: bert, config, outputs: labels.length, task: singleLabelClassification, adapter: loraAdapter(lora) },
      trained: (parameter) => isTrainedWith(lora, parameter),
    });
    const values = new Map<string, Float32Array>([...adapter.tensors, ...adapter.frozen]);
    for (const { name } of graph.parameters) if (!values.has(name)) values.set(name, await weights.read(name));
    const trainer = await createTrainer({
      ...{ runtime: nodeRuntime, graph, weights: values, optimizer: adamw, seed: 0, threads: 1, maxGradNorm: 1 },
      groups: parameterGroups(graph.trained, { weightDecay: 0 }),
    });
    const tokenizer = loadTokenizer(tokenizerFiles);
    const tokens = tokenizeTexts(texts, tokenizer, { maxLength: 24 });
    const rows = texts.map((_, row) => row);
    const batch = collate(tokens, rows, { padId: tokenizer.padId, padToMultipleOf: 1, maxLength: 24 });
    const result = await trainer.computeGradients([{ ...batch, targets: Int32Array.from(golden.labelIds) }], 0);
    expect(largestDifference(result.logits[0] as Float32Array, logits.flat())).toBeLessThan(TOLERANCE);
    const trained = trainer.layout.slots.filter(({ start }) => start < trainer.gradients.length);
    expect(trained.map((slot) => slot.name).sort()).toEqual(Object.keys(gradients).sort());
    for (const slot of trained)
      expect(largestDifference(viewOf(trainer.gradients, slot), gradients[slot.name] as number[])).toBeLessThan(
        TOLERANCE,
      );
    await trainer.close();
    await weights.close();
  });

  it("is saved as the files that PEFT reads with the same logits", async () => {
    const folder = join(place, `${name} saved`);
    await using classifier = await TextClassifier.fromPretrained(join(place, name), { threads: 1 });
    await classifier.save(folder);
    const file = (path: string) => readFileSync(join(folder, path));
    expect(createHash("sha256").update(file("adapter_model.safetensors")).digest("hex")).toBe(saved.sha256);
    const { base_model_name_or_path: base, ...config } = JSON.parse(file("adapter_config.json").toString());
    expect(config).toEqual(saved.config);
    expect(base).toBe(join(place, "base"));
    expect(readdirSync(folder)).not.toContain("model.safetensors");
  });
});

it("becomes a whole model by merging, and by convert", async () => {
  const [{ name, logits }] = golden.adapters as [Golden["adapters"][number]];
  const [merged, converted] = [join(place, "merged"), join(place, "converted")];
  await using classifier = await TextClassifier.fromPretrained(join(place, name), { threads: 1 });
  classifier.merge();
  await classifier.save(merged);
  await convertModel(join(place, name), converted);
  for (const folder of [merged, converted]) {
    expect(readdirSync(folder)).toContain("model.safetensors");
    expect(largestDifference(await logitsIn(folder), logits.flat())).toBeLessThan(TOLERANCE);
  }
});
