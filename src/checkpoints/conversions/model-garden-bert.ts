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
const attention = (layer: string): NameRule[] =>
  ["query", "key", "value"].flatMap((part): NameRule[] => [
    [`${layer}/self_attention/${part}/kernel`, `${LAYER}.attention.self.${part}.weight`, "to-heads"],
    [`${layer}/self_attention/${part}/bias`, `${LAYER}.attention.self.${part}.bias`, "heads"],
  ]);

const output = (stored: string): NameRule[] => [
  [`${stored}/kernel`, `${LAYER}.attention.output.dense.weight`, "from-heads"],
  [`${stored}/bias`, `${LAYER}.attention.output.dense.bias`],
];

const embeddings: NameRule[] = [
  ["word_embeddings/embeddings", "bert.embeddings.word_embeddings.weight"],
  ["position_embedding/embeddings", "bert.embeddings.position_embeddings.weight"],
  ["type_embeddings/embeddings", "bert.embeddings.token_type_embeddings.weight"],
  ...normalization("embeddings/layer_norm", "bert.embeddings.LayerNorm"),
];

export const modelGardenBert: Conversion = {
  name: "BERT of TensorFlow's Model Garden and TensorFlow Hub",
  rules: [
    ...embeddings,
    // The names of the first modules, of 2019 and 2020.
    ["embedding_postprocessor/position_embeddings", "bert.embeddings.position_embeddings.weight"],
    ["embedding_postprocessor/type_embeddings", "bert.embeddings.token_type_embeddings.weight"],
    ...normalization("embedding_postprocessor/layer_norm", "bert.embeddings.LayerNorm"),
    ...output("layer_{n}/self_attention_output"),
    ...attention("layer_{n}"),
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

const SCAFFOLD = "transformer_scaffold{_n}";

/** The modules `talkheads_ggelu_bert_en_base` and `_large` of TensorFlow Hub, whose layers are put together of parts. */
export const modelGardenTalkingHeads: Conversion = {
  name: "BERT with talking heads of TensorFlow's Model Garden and TensorFlow Hub",
  rules: [
    ...embeddings,
    ...attention(SCAFFOLD),
    [`${SCAFFOLD}/self_attention/pre_softmax_weight`, `${LAYER}.attention.self.pre_softmax.weight`],
    [`${SCAFFOLD}/self_attention/post_softmax_weight`, `${LAYER}.attention.self.post_softmax.weight`],
    ...output(`${SCAFFOLD}/self_attention/attention_output`),
    ...normalization(`${SCAFFOLD}/self_attention_layer_norm`, `${LAYER}.attention.output.LayerNorm`),
    ...dense(`${SCAFFOLD}/feedforward/intermediate_0`, `${LAYER}.intermediate.dense`),
    ...dense(`${SCAFFOLD}/feedforward/gate_0`, `${LAYER}.gate.dense`),
    ...dense(`${SCAFFOLD}/feedforward/output_0`, `${LAYER}.output.dense`),
    ...normalization(`${SCAFFOLD}/feedforward/output_layer_norm_0`, `${LAYER}.output.LayerNorm`),
    ...dense("cls_transform", "bert.pooler.dense"),
  ],
  configOfShapes: (shapes) => {
    const config = bertConfigOfShapes(shapes);
    // Model Garden has the tanh form, and here there is no library that has another with the same weights.
    return config && { ...config, model_type: "talking_heads_bert", hidden_act: "gelu_new" };
  },
  source:
    "github.com/tensorflow/models official/nlp/modeling/networks/encoder_scaffold.py, layers/gated_feedforward.py",
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
