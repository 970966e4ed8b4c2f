/**
 * BERT of TensorFlow's Model Garden, by the names of its variables: its checkpoints, and the modules of TensorFlow Hub
 * (`bert_en_uncased_L-12_H-768_A-12`, `small_bert/…`, `experts/bert/…`) that were made with it.
 */
import {
  type Conversion,
  dense,
  type JsonObject,
  type NameRule,
  normalization,
  type StoredShapes,
} from "./conversion.js";

const LAYER = "bert.encoder.layer.{n}";

/** The attention has an axis for the heads: kernels [D, H, K], biases [H, K], the output's kernel [H, K, D]. */
const attention: NameRule[] = ["query", "key", "value"].flatMap((part): NameRule[] => [
  [`layer_{n}/self_attention/${part}/kernel`, `${LAYER}.attention.self.${part}.weight`, "to-heads"],
  [`layer_{n}/self_attention/${part}/bias`, `${LAYER}.attention.self.${part}.bias`, "heads"],
]);

const output = (stored: string): NameRule[] => [
  [`${stored}/kernel`, `${LAYER}.attention.output.dense.weight`, "from-heads"],
  [`${stored}/bias`, `${LAYER}.attention.output.dense.bias`],
];

export const modelGardenBert: Conversion = {
  name: "BERT of TensorFlow's Model Garden and TensorFlow Hub",
  rules: [
    ["word_embeddings/embeddings", "bert.embeddings.word_embeddings.weight"],
    ["position_embedding/embeddings", "bert.embeddings.position_embeddings.weight"],
    ["type_embeddings/embeddings", "bert.embeddings.token_type_embeddings.weight"],
    ...normalization("embeddings/layer_norm", "bert.embeddings.LayerNorm"),
    // The names of the first modules, of 2019 and 2020.
    ["embedding_postprocessor/position_embeddings", "bert.embeddings.position_embeddings.weight"],
    ["embedding_postprocessor/type_embeddings", "bert.embeddings.token_type_embeddings.weight"],
    ...normalization("embedding_postprocessor/layer_norm", "bert.embeddings.LayerNorm"),
    ...output("layer_{n}/self_attention_output"),
    ...attention,
    ...output("layer_{n}/self_attention/attention_output"),
    ...normalization("layer_{n}/self_attention_layer_norm", `${LAYER}.attention.output.LayerNorm`),
    ...dense("layer_{n}/intermediate", `${LAYER}.intermediate.dense`),
    ...dense("layer_{n}/output", `${LAYER}.output.dense`),
    ...normalization("layer_{n}/output_layer_norm", `${LAYER}.output.LayerNorm`),
    ...dense("pooler_transform", "bert.pooler.dense"),
  ],
  configOfShapes: bertConfigOfShapes,
  source: "github.com/tensorflow/models official/nlp/tools/tf1_bert_checkpoint_converter_lib.py",
};

/** BERT's configuration, where the query's kernel [D, H, K] tells the number of heads. */
function bertConfigOfShapes({ of, layers }: StoredShapes): JsonObject | undefined {
  const [vocabulary, hidden] = of("bert.embeddings.word_embeddings.weight") ?? [];
  const [positions] = of("bert.embeddings.position_embeddings.weight") ?? [];
  const [types] = of("bert.embeddings.token_type_embeddings.weight") ?? [];
  const [, inner] = of("bert.encoder.layer.0.intermediate.dense.weight") ?? [];
  const query = of("bert.encoder.layer.0.attention.self.query.weight");
  if (query?.length !== 3) return undefined;
  return {
    model_type: "bert",
    vocab_size: vocabulary,
    hidden_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: query[1],
    intermediate_size: inner,
    max_position_embeddings: positions,
    type_vocab_size: types,
    hidden_act: "gelu",
    layer_norm_eps: 1e-12,
  };
}
