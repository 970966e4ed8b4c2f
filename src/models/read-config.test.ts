import { describe, expect, it } from "vitest";
import { ARCHITECTURES, goldenArchitecture } from "../../tests/support/golden-architectures.js";

/** Fields that transformers of all years and its friends wrote beside those that matter. */
const NEUTRAL = { torch_dtype: "float16", num_beams: 1, directionality: "bidi", pruned_heads: {}, adapters: null };

// The configurations are those that transformers writes.
describe.each(ARCHITECTURES)("config.json of %s", (name) => {
  const { rawConfig, model } = goldenArchitecture(name);
  const read = (changes: object) => model.readConfig({ ...rawConfig, ...changes });
  /** How the architecture calls a field that all have. */
  const called = (...names: readonly string[]): string => names.find((one) => one in rawConfig) ?? "";

  it("may have fields that change nothing", () => {
    expect(read(NEUTRAL)).toEqual(read({}));
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
    ["of a size that is none", { vocab_size: "many" }, /vocab_size: expected number, got "many"/],
    [
      "of an unknown activation",
      { [called("hidden_act", "hidden_activation", "activation")]: "geglu" },
      /(activation|hidden_act): expected one of .*gelu_new.*, got "geglu"/,
    ],
    [
      "of heads that do not divide the width",
      { [called("num_attention_heads", "n_heads")]: 5 },
      /(hidden_size|dim): expected a multiple of the 5 heads, got \d+/,
    ],
  ])("must not have a field %s", (_, changes, message) => {
    expect(() => read(changes)).toThrow(message);
  });
});
