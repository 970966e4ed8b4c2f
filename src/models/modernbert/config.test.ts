import { describe, expect, it } from "vitest";
import { readModernBertConfig } from "./config.js";

/** The fields of answerdotai/ModernBERT-base that decide what is computed, as transformers 4 wrote them. */
const BASE = {
  model_type: "modernbert",
  vocab_size: 50368,
  hidden_size: 768,
  num_hidden_layers: 22,
  num_attention_heads: 12,
  intermediate_size: 1152,
  max_position_embeddings: 8192,
  norm_eps: 1e-5,
  norm_bias: false,
  attention_bias: false,
  mlp_bias: false,
  hidden_activation: "gelu",
  local_attention: 128,
  global_attn_every_n_layers: 3,
  global_rope_theta: 160000.0,
  local_rope_theta: 10000.0,
  classifier_pooling: "mean",
  decoder_bias: true,
  deterministic_flash_attn: false,
  position_embedding_type: "absolute",
  reference_compile: null,
  sparse_prediction: false,
  sparse_pred_ignore_index: -100,
};

describe("readModernBertConfig", () => {
  it("reads that every third layer sees all, with slower rotation", () => {
    const { attentions, theta } = readModernBertConfig(BASE);
    const whole = attentions.flatMap((kind, layer) => (kind === "full_attention" ? [layer] : []));
    expect(whole).toEqual([0, 3, 6, 9, 12, 15, 18, 21]);
    expect(theta).toEqual({ full_attention: 160000, sliding_attention: 10000 });
  });

  it("reads the same as transformers 5 writes it", () => {
    const { global_attn_every_n_layers, global_rope_theta, local_rope_theta, ...shared } = BASE;
    const { attentions, theta } = readModernBertConfig({
      ...shared,
      layer_types: readModernBertConfig(BASE).attentions,
      rope_parameters: {
        full_attention: { rope_type: "default", rope_theta: global_rope_theta },
        sliding_attention: { rope_type: "default", rope_theta: local_rope_theta },
      },
    });
    expect([attentions, theta]).toEqual([readModernBertConfig(BASE).attentions, readModernBertConfig(BASE).theta]);
    expect(global_attn_every_n_layers).toBe(3);
  });

  it.each([
    ["norm_bias", { norm_bias: true }],
    ["rope_parameters", { rope_parameters: { full_attention: { rope_type: "yarn", rope_theta: 1, factor: 4 } } }],
    ["layer_types", { layer_types: ["full_attention"] }],
    ["hidden_size", { num_attention_heads: 7 }],
  ])("refuses another %s than it computes", (field, change) => {
    expect(() => readModernBertConfig({ ...BASE, ...change })).toThrow(
      expect.objectContaining({ code: "E_WEIGHTS", message: expect.stringContaining(field) }),
    );
  });
});
