import { describe, expect, it } from "vitest";
import { MODELS, modelOf } from "./registry.js";

/** A `config.json` of each architecture, with fields that transformers of all years wrote beside those that matter. */
const sizes = { vocab_size: 20, hidden_size: 8, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 8 };
const SMALL = { ...sizes, max_position_embeddings: 16, torch_dtype: "float16", id2label: { 0: "a" }, num_beams: 1 };

/** What a configuration of some architectures has to say besides. */
const OWN: Readonly<Record<string, object>> = {
  "deberta-v2": {
    ...{ relative_attention: true, share_att_key: true, position_biased_input: false },
    ...{ norm_rel_ebd: "layer_norm", pos_att_type: "p2c|c2p", position_buckets: 4 },
  },
};

describe.each(MODELS)("config.json of $modelType", (model) => {
  const own = { ...SMALL, ...OWN[model.modelType] };
  const read = (config: object) => modelOf({ model_type: model.modelType }).readConfig({ ...own, ...config });
  const activation = model.modelType === "modernbert" ? "hidden_activation" : "hidden_act";

  it("may have fields that change nothing", () => {
    expect(model.sizes(read({}))).toMatchObject({ vocabularySize: 20, hiddenSize: 8, layers: 1 });
    expect(read({ is_decoder: false, pruned_heads: {}, adapters: null })).toEqual(read({}));
    // What exporting writes for transformers.js.
    expect(read({ "transformers.js_config": { dtype: "q8" } })).toEqual(read({}));
  });

  it.each<[string, object, RegExp]>([
    [
      "that nobody knows",
      { adapters: { houlsby: 1 } },
      /config\.json, adapters: expected no such field, got \{"houlsby":1\}/,
    ],
    ["of another kind of model", { is_decoder: true }, /is_decoder: expected false, got true/],
    ["of other positions", { position_embedding_type: "relative_key" }, /position_embedding_type: expected "absolute"/],
    ["of an unknown activation", { [activation]: "geglu" }, /hidden_act.*: expected one of .*gelu_new.*, got "geglu"/],
    ["of a size that is none", { vocab_size: "many" }, /vocab_size: expected number, got "many"/],
    [
      "of heads that do not divide the width",
      { num_attention_heads: 3 },
      /hidden_size: expected a multiple of the 3 heads, got 8/,
    ],
  ])("must not have a field %s", (_, config, message) => {
    expect(() => read(config)).toThrow(message);
  });
});
