/** ALBERT as its authors released it: `model.ckpt-best` with `albert_config.json` and `30k-clean.model`; and of Model Garden. */
import { type Conversion, dense, type JsonObject, type NameRule, normalization } from "./conversion.js";

/** All layers share the weights of one. */
const GROUP = "albert.encoder.albert_layer_groups.0.albert_layers.0";
const STORED = "bert/encoder/transformer/group_0/inner_group_0";

export const googleAlbert: Conversion = {
  name: "ALBERT of google-research/albert",
  rules: [
    ["bert/embeddings/word_embeddings", "albert.embeddings.word_embeddings.weight"],
    ["bert/embeddings/token_type_embeddings", "albert.embeddings.token_type_embeddings.weight"],
    ["bert/embeddings/position_embeddings", "albert.embeddings.position_embeddings.weight"],
    ...normalization("bert/embeddings/LayerNorm", "albert.embeddings.LayerNorm"),
    ...dense("bert/encoder/embedding_hidden_mapping_in", "albert.encoder.embedding_hidden_mapping_in"),
    ...["query", "key", "value"].flatMap((part) =>
      dense(`${STORED}/attention_1/self/${part}`, `${GROUP}.attention.${part}`),
    ),
    ...dense(`${STORED}/attention_1/output/dense`, `${GROUP}.attention.dense`),
    ...normalization(`${STORED}/LayerNorm`, `${GROUP}.attention.LayerNorm`),
    ...dense(`${STORED}/ffn_1/intermediate/dense`, `${GROUP}.ffn`),
    ...dense(`${STORED}/ffn_1/intermediate/output/dense`, `${GROUP}.ffn_output`),
    ...normalization(`${STORED}/LayerNorm_1`, `${GROUP}.full_layer_layer_norm`),
    ...dense("bert/pooler/dense", "albert.pooler"),
    ["/output_weights", "classifier.weight"],
    ["/output_bias", "classifier.bias"],
  ],
  configFile: "albert_config.json",
  readConfig: (config) =>
    "embedding_size" in config ? { ...config, model_type: "albert", hidden_act: ownGelu(config) } : undefined,
  source: "github.com/google-research/albert modeling.py; transformers 4 modeling_albert.py, load_tf_weights_in_albert",
};

/** "gelu" is the form with tanh there, which transformers calls otherwise; its files for version 2 say so. */
const ownGelu = ({ hidden_act: act = "gelu" }: JsonObject): unknown => (act === "gelu" ? "gelu_new" : act);

const attention = (part: string): NameRule[] => [
  [`transformer/self_attention/${part}/kernel`, `${GROUP}.attention.${part}.weight`, "to-heads"],
  [`transformer/self_attention/${part}/bias`, `${GROUP}.attention.${part}.bias`, "heads"],
];

/** The number of layers is in no weight: `config.json` or `albert_config.json` has to be beside them. */
export const modelGardenAlbert: Conversion = {
  name: "ALBERT of TensorFlow's Model Garden and TensorFlow Hub",
  rules: [
    ["word_embeddings/embeddings", "albert.embeddings.word_embeddings.weight"],
    ["position_embedding/embeddings", "albert.embeddings.position_embeddings.weight"],
    ["type_embeddings/embeddings", "albert.embeddings.token_type_embeddings.weight"],
    ...normalization("embeddings/layer_norm", "albert.embeddings.LayerNorm"),
    ...dense("embedding_projection", "albert.encoder.embedding_hidden_mapping_in"),
    ...["query", "key", "value"].flatMap(attention),
    ["transformer/self_attention/attention_output/kernel", `${GROUP}.attention.dense.weight`, "from-heads"],
    ["transformer/self_attention/attention_output/bias", `${GROUP}.attention.dense.bias`],
    ...normalization("transformer/self_attention_layer_norm", `${GROUP}.attention.LayerNorm`),
    ...dense("transformer/intermediate", `${GROUP}.ffn`),
    ...dense("transformer/output", `${GROUP}.ffn_output`),
    ...normalization("transformer/output_layer_norm", `${GROUP}.full_layer_layer_norm`),
    ...dense("pooler_transform", "albert.pooler"),
  ],
  configFile: "albert_config.json",
  readConfig: googleAlbert.readConfig as NonNullable<Conversion["readConfig"]>,
  source: "github.com/tensorflow/models official/nlp/modeling/networks/albert_encoder.py",
};
