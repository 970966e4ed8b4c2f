/** ELECTRA's discriminator as its authors released it: `electra_small` and `vocab.txt`, without a configuration. */
import { bertLayers, type Conversion, dense, type JsonObject, normalization, type StoredShapes } from "./conversion.js";

export const googleElectra: Conversion = {
  name: "ELECTRA of google-research/electra",
  rules: [
    ["electra/embeddings/word_embeddings", "electra.embeddings.word_embeddings.weight"],
    ["electra/embeddings/token_type_embeddings", "electra.embeddings.token_type_embeddings.weight"],
    ["electra/embeddings/position_embeddings", "electra.embeddings.position_embeddings.weight"],
    ...normalization("electra/embeddings/LayerNorm", "electra.embeddings.LayerNorm"),
    ...dense("electra/embeddings_project", "electra.embeddings_project"),
    ...bertLayers("electra/encoder/layer_{n}", "electra.encoder.layer.{n}"),
  ],
  configOfShapes,
  source: "github.com/google-research/electra model/modeling.py, util/training_utils.py (get_bert_config)",
};

/** Heads are always 64 wide: `max(1, hidden_size // 64)`. */
function configOfShapes({ of, layers }: StoredShapes): JsonObject | undefined {
  const [vocabulary, width] = of("electra.embeddings.word_embeddings.weight") ?? [];
  const [positions] = of("electra.embeddings.position_embeddings.weight") ?? [];
  const [types] = of("electra.embeddings.token_type_embeddings.weight") ?? [];
  const [hidden, inner] = of("electra.encoder.layer.0.intermediate.dense.weight") ?? [];
  if (hidden === undefined) return undefined;
  return {
    model_type: "electra",
    vocab_size: vocabulary,
    embedding_size: width,
    hidden_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: Math.max(1, Math.floor(hidden / 64)),
    intermediate_size: inner,
    max_position_embeddings: positions,
    type_vocab_size: types,
    hidden_act: "gelu",
    layer_norm_eps: 1e-12,
  };
}
