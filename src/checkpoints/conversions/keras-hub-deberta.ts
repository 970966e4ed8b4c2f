/** DeBERTa-v3 of KerasHub. */
import type { NameRule } from "./conversion.js";
import { commonConfig, type KerasHubModel, kerasHubClassifier, kerasHubPreset, pair } from "./keras-hub.js";

function encoder(layers: string): NameRule[] {
  const block = `${layers}/disentangled_attention_encoder{_n}`;
  const attention = `${block}/_self_attention_layer`;
  const layer = "deberta.encoder.layer.{n}";
  return [
    [`${layers}/reversible_embedding/vars/0`, "deberta.embeddings.word_embeddings.weight"],
    ...pair(`${layers}/layer_normalization`, "deberta.embeddings.LayerNorm"),
    [`${layers}/relative_embedding/vars/0`, "deberta.encoder.rel_embeddings.weight"],
    ...pair(`${layers}/relative_embedding/layer_norm`, "deberta.encoder.LayerNorm"),
    ...["query", "key", "value"].flatMap((part) =>
      pair(`${attention}/_${part}_dense`, `${layer}.attention.self.${part}_proj`, "to-heads", "heads"),
    ),
    ...pair(`${attention}/_output_dense`, `${layer}.attention.output.dense`, "dense"),
    ...pair(`${block}/_self_attention_layer_norm`, `${layer}.attention.output.LayerNorm`),
    ...pair(`${block}/_feedforward_intermediate_dense`, `${layer}.intermediate.dense`, "dense"),
    ...pair(`${block}/_feedforward_output_dense`, `${layer}.output.dense`, "dense"),
    ...pair(`${block}/_feedforward_layer_norm`, `${layer}.output.LayerNorm`),
  ];
}

const deberta: KerasHubModel = {
  name: "DebertaV3",
  folder: "deberta_v3",
  encoder,
  head: (layers) => [
    ...pair(`${layers}/dense`, "pooler.dense", "dense"),
    ...pair(`${layers}/dense_1`, "classifier", "dense"),
  ],
  readConfig: (backbone) => ({
    model_type: "deberta-v2",
    ...commonConfig(backbone),
    position_buckets: backbone.bucket_size,
    relative_attention: true,
    share_att_key: true,
    norm_rel_ebd: "layer_norm",
    position_biased_input: false,
    pos_att_type: "p2c|c2p",
    type_vocab_size: 0,
    layer_norm_eps: 1e-7,
  }),
  readTokenizer: () => ({ tokenizer_class: "DebertaV2Tokenizer" }),
  assets: { "assets/tokenizer/vocabulary.spm": "spm.model" },
};

export const kerasHubDeberta = kerasHubPreset(deberta);
export const kerasHubDebertaClassifier = kerasHubClassifier(deberta);
