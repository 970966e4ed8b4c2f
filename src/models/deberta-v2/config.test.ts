import { describe, expect, it } from "vitest";
import { readDebertaConfig } from "./config.js";

/** microsoft/deberta-v3-base. */
const BASE = {
  model_type: "deberta-v2",
  attention_probs_dropout_prob: 0.1,
  hidden_act: "gelu",
  hidden_dropout_prob: 0.1,
  hidden_size: 768,
  initializer_range: 0.02,
  intermediate_size: 3072,
  max_position_embeddings: 512,
  relative_attention: true,
  position_buckets: 256,
  norm_rel_ebd: "layer_norm",
  share_att_key: true,
  pos_att_type: "p2c|c2p",
  layer_norm_eps: 1e-7,
  max_relative_positions: -1,
  position_biased_input: false,
  num_attention_heads: 12,
  num_hidden_layers: 12,
  type_vocab_size: 0,
  vocab_size: 128100,
};

describe("readDebertaConfig", () => {
  it("takes the farthest distance from the positions, where nothing is said of it", () => {
    expect(readDebertaConfig(BASE).farthest).toBe(512);
    expect(readDebertaConfig({ ...BASE, max_relative_positions: 128 }).farthest).toBe(128);
  });

  it("reads the list of kinds that transformers writes", () => {
    expect(readDebertaConfig({ ...BASE, pos_att_type: ["p2c", "c2p"] }).pos_att_type).toEqual(["p2c", "c2p"]);
  });

  it.each([
    ["pos_att_type", { pos_att_type: "c2p" }],
    ["conv_kernel_size", { conv_kernel_size: 3 }],
    ["share_att_key", { share_att_key: false }],
    ["position_biased_input", { position_biased_input: true }],
    ["relative_attention", { relative_attention: undefined }],
    ["pooler_hidden_size", { pooler_hidden_size: 128 }],
  ])("refuses another %s than it computes", (field, change) => {
    expect(() => readDebertaConfig({ ...BASE, ...change })).toThrow(
      expect.objectContaining({ code: "E_WEIGHTS", message: expect.stringContaining(field) }),
    );
  });
});
