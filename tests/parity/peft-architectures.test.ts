/** LoRA beside the layers of other architectures than BERT has PEFT's logits and gradients. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type LoraConfig, loraAdapter } from "../../src/nn/lora.js";
import { adamw } from "../../src/optimizers/adamw.js";
import { viewOf } from "../../src/runtime/flat-layout.js";
import { nodeRuntime } from "../../src/runtime/node/onnxruntime.js";
import { singleLabelClassification } from "../../src/tasks/single-label.js";
import { collate } from "../../src/training/batch.js";
import { buildTrainingGraph } from "../../src/training/classifier-graph.js";
import { isTrainedWith } from "../../src/training/lora.js";
import { parameterGroups } from "../../src/training/parameter-groups.js";
import { createTrainer } from "../../src/training/training-step.js";
import { floats, type GoldenParameter, goldenArchitecture, valuesOf } from "../support/golden-architectures.js";

interface Case {
  readonly architecture: string;
  readonly lora: LoraConfig;
  readonly adapters: readonly GoldenParameter[];
  readonly logits: string;
  readonly gradients: Readonly<Record<string, string>>;
}

const file = new URL("../golden/peft-architectures.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: readonly Case[] };
const TOLERANCE = 1e-4;

function expectClose(what: string, actual: ArrayLike<number>, wanted: Float32Array): void {
  expect(actual.length, what).toBe(wanted.length);
  expect(Math.max(...wanted.map((value, i) => Math.abs((actual[i] as number) - value))), what).toBeLessThan(TOLERANCE);
}

describe.each(cases)("LoRA beside $lora.targets of $architecture", ({ architecture, lora, adapters, ...wanted }) => {
  it("has PEFT's logits and gradients", async () => {
    const { model, config, texts, labelIds, padId, ...golden } = goldenArchitecture(architecture);
    const graph = buildTrainingGraph({
      ...{ model, config, outputs: 3, task: singleLabelClassification, adapter: loraAdapter(lora) },
      trained: (parameter) => isTrainedWith(lora, parameter),
    });
    const own = adapters.map((one, i) => [one.name, valuesOf(golden.weights.size + i, one)] as const);
    const trainer = await createTrainer({
      ...{ runtime: nodeRuntime, graph, optimizer: adamw, seed: 0, threads: 1, maxGradNorm: 1 },
      weights: new Map([...golden.weights, ...own]),
      groups: parameterGroups(graph.trained, { weightDecay: 0 }),
    });
    const rows = Uint32Array.from({ length: texts.length }, (_, row) => row);
    const batch = collate(texts, rows, { padId, padToMultipleOf: 1, maxLength: 64 });
    const result = await trainer.computeGradients([{ ...batch, targets: labelIds }], 0);
    expectClose("logits", result.logits[0] as Float32Array, floats(wanted.logits));
    const trained = trainer.layout.slots.filter(({ start }) => start < trainer.gradients.length);
    expect(trained.map(({ name }) => name).sort()).toEqual(Object.keys(wanted.gradients).sort());
    for (const slot of trained)
      expectClose(slot.name, viewOf(trainer.gradients, slot), floats(wanted.gradients[slot.name] as string));
    await trainer.close();
  });
});
