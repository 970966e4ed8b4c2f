import { describe, expect, it } from "vitest";
import { chooseHead } from "../heads/head.js";
import { pooledHead } from "../heads/pooled.js";
import { modelOf } from "../models/registry.js";
import { buildLogits } from "./classifier-graph.js";
import { drawModel } from "./draw-model.js";
import { formatSummary } from "./format-summary.js";
import { blocksOf, type LayerSummary, layersOf, type ModelSummary } from "./model-summary.js";

const BERT_BASE = {
  ...{ model_type: "bert", vocab_size: 30_522, hidden_size: 768, num_hidden_layers: 12, num_attention_heads: 12 },
  ...{ intermediate_size: 3072, max_position_embeddings: 512, type_vocab_size: 2, hidden_act: "gelu" },
};

/** Of BERT base, built of its configuration alone. */
function summaryOf(pooled?: Parameters<typeof chooseHead>[1], isFrozen = (_: string): boolean => false): ModelSummary {
  const model = modelOf(BERT_BASE);
  const head = pooled === undefined ? {} : { head: chooseHead(pooledHead, pooled) };
  const { logits, parameters } = buildLogits({ model, config: model.readConfig(BERT_BASE), outputs: 2, ...head }, true);
  const layers = layersOf(logits, logits.graph.nodes, parameters, ({ name }) => !isFrozen(name));
  const sum = (count: (layer: LayerSummary) => number): number => layers.reduce((all, one) => all + count(one), 0);
  const total = sum((layer) => layer.parameters);
  return {
    ...{ name: "bert-base", modelType: "bert", layers, parameters: total, bytes: 4 * total },
    trainable: sum((layer) => layer.trainable),
  };
}

describe("the summary of a model", () => {
  const whole = summaryOf();
  const named = new Map(whole.layers.map((layer) => [layer.name, layer]));

  it("has the parameters that transformers counts in bert-base with two classes", () => {
    expect(whole.parameters).toBe(109_483_778);
    expect(whole.trainable).toBe(109_483_778);
  });

  it("has every layer of the encoder with its shape, its parameters and what it reads", () => {
    expect(named.get("bert.encoder.layer.11.attention.self.key")).toEqual({
      name: "bert.encoder.layer.11.attention.self.key",
      ...{ type: "Dense", outputShape: "[B, T, 768]", parameters: 590_592, trainable: 590_592 },
      ...{ inputs: ["bert.encoder.layer.10.output.LayerNorm"], block: "layer 12" },
    });
    expect(named.get("bert.embeddings.word_embeddings")).toMatchObject({
      ...{ type: "Embedding", outputShape: "[B, T, 768]", parameters: 30_522 * 768, inputs: ["input_ids"] },
    });
    expect(named.get("softmax_12")).toMatchObject({ outputShape: "[B, 12, T, T]", parameters: 0, block: "layer 12" });
    expect(named.get("classifier")).toMatchObject({ outputShape: "[B, 2]", parameters: 1538, block: "head" });
    // A residual: the sum of what a layer reads and what it makes of it.
    const { inputs } = named.get("bert.encoder.layer.3.output.LayerNorm") as LayerSummary;
    const residual = named.get(inputs[0] as string) as LayerSummary;
    expect(residual.type).toBe("Add");
    expect(residual.inputs).toContain("bert.encoder.layer.3.attention.output.LayerNorm");
  });

  it("names each layer once, after those it reads", () => {
    expect(named.size).toBe(whole.layers.length);
    const seen = new Set<string>();
    for (const { name, inputs } of whole.layers) {
      for (const input of inputs) expect(seen, `${name} reads ${input}`).toContain(input);
      seen.add(name);
    }
  });

  it("folds into blocks of the same sum", () => {
    const blocks = blocksOf(whole.layers);
    expect(blocks.map(({ name }) => name)).toEqual([
      ...["input_ids", "token_type_ids", "attention_mask", "position_ids", "embeddings"],
      ...Array.from({ length: 12 }, (_, i) => `layer ${i + 1}`),
      ...["pooler", "head"],
    ]);
    expect(blocks.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(whole.parameters);
    expect(blocks.find(({ name }) => name === "layer 2")).toMatchObject({
      ...{ inputs: ["layer 1", "attention_mask"], outputShape: "[B, T, 768]", parameters: 7_087_872 },
    });
  });

  it("shows the head that is chosen, and leaves out what it does not read", () => {
    const { layers } = summaryOf({ pooling: "max", hiddenLayers: [128], headDropout: 0.5 });
    const head = layers.filter(({ block }) => block === "head");
    expect(head.map(({ type, outputShape }) => `${type} ${outputShape}`)).toEqual(
      expect.arrayContaining([
        "Max [B, 1, 768]",
        "Dropout [B, 768]",
        "Dense [B, 128]",
        "Relu [B, 128]",
        "Dense [B, 2]",
      ]),
    );
    expect(layers.some(({ block }) => block === "pooler")).toBe(false);
  });

  it("tells what is trained from what is not", () => {
    const frozen = summaryOf(undefined, (name) => name.includes("embeddings"));
    expect(frozen.parameters - frozen.trainable).toBe((30_522 + 512 + 2 + 2) * 768);
    const lines = formatSummary(frozen).split("\n");
    expect(lines.find((line) => line.startsWith("bert.embeddings.word_embeddings (Embedding)"))).toMatch(
      /\[B, T, 768\]\s+23,440,896 {2}no$/,
    );
    expect(lines.find((line) => line.startsWith("classifier (Dense)"))).toMatch(/\[B, 2\]\s+1,538 {2}yes$/);
    expect(lines).toContain("Total parameters:         109,483,778 (417.65 MiB)");
    expect(formatSummary(frozen, { detail: "blocks" })).toMatch(/^layer 12 \(18 layers\) +\[B, T, 768\]/m);
  });

  it("is drawn with a box for each and an arrow for each value that goes between them, within the picture", async () => {
    for (const detail of ["blocks", "layers"] as const) {
      const shown = detail === "blocks" ? blocksOf(whole.layers) : whole.layers;
      const svg = await drawModel({ ...whole, name: "<bert> & co" }, { detail });
      expect(svg).toContain("&lt;bert&gt; &amp; co (bert), 109,483,778 parameters");
      expect(svg.match(/rx="4"/g)).toHaveLength(shown.length);
      expect(svg.match(/marker-end/g)).toHaveLength(shown.reduce((sum, { inputs }) => sum + inputs.length, 0));
      const [, width, shift] = /width="([\d.]+)".*?translate\(([\d.-]+) /s.exec(svg) as unknown as [
        string,
        string,
        string,
      ];
      for (const [, path] of svg.matchAll(/<path d="([^"]+)" fill="none"/g))
        for (const [, x] of (path as string).matchAll(/[ML](-?[\d.]+) /g)) {
          expect(Number(x) + Number(shift)).toBeGreaterThanOrEqual(0);
          expect(Number(x) + Number(shift)).toBeLessThanOrEqual(Number(width));
        }
    }
  });
});
