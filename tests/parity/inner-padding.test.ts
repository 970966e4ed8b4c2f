/**
 * A text that itself holds the padding token: each token has the position where it stands. transformers gives RoBERTa's
 * and MPNet's tokens other positions then, with which it computes something else; with these, the same.
 */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { nodeRuntime } from "../../src/runtime/node/onnxruntime.js";
import { collate } from "../../src/training/batch.js";
import { buildInferenceGraph } from "../../src/training/classifier-graph.js";
import { createPredictor } from "../../src/training/predictor.js";
import { goldenArchitecture } from "../support/golden-architectures.js";

const golden = JSON.parse(readFileSync(new URL("../golden/inner-padding.json", import.meta.url), "utf8")) as {
  readonly ids: readonly number[];
  readonly models: Readonly<Record<string, Readonly<Record<"logits" | "counted", readonly number[]>>>>;
};

it.each(Object.entries(golden.models))(
  "%s counts on through padding within a text",
  async (name, { logits, counted }) => {
    const { model, config, weights, shapes, padId } = goldenArchitecture(name);
    const ids = Int32Array.from(golden.ids);
    const texts = { length: 1, ids, offsets: Float64Array.of(0, ids.length), truncated: 0 };
    const graph = buildInferenceGraph({ model, config, outputs: counted.length });
    const tensors = [...weights].map(([parameter, data]) => {
      return [parameter, { dtype: "float32" as const, shape: shapes.get(parameter) ?? [], data }] as const;
    });
    const predictor = await createPredictor({
      ...{ runtime: nodeRuntime, graph, weights: Object.fromEntries(tensors), threads: 1 },
    });
    // Padding behind the text, too.
    const batch = collate(texts, Uint32Array.of(0), { padId, padToMultipleOf: 8, maxLength: 64 });
    const found = await predictor.logits(batch);
    await predictor.close();
    const farthest = (wanted: readonly number[]) => Math.max(...wanted.map((logit, i) => Math.abs(logit - found[i])));
    expect(farthest(counted)).toBeLessThan(1e-4);
    expect(farthest(logits)).toBeGreaterThan(0.01);
  },
);
