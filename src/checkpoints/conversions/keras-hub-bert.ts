/** BERT and its kin of KerasHub: those whose layers are TransformerEncoder's. */
import { fail } from "../../base/errors.js";
import type { LayerNames } from "../../nn/post-norm-layer.js";
import type { Conversion, JsonObject, NameRule } from "./conversion.js";
import {
  BERT_LAYER,
  bertEmbeddings,
  commonConfig,
  type KerasHubModel,
  kerasHubClassifier,
  kerasHubPreset,
  pair,
  transformerEncoders,
  wordPieces,
  wordsAndPositions,
} from "./keras-hub.js";

const bertEncoder = (layers: string): NameRule[] => [
  ...bertEmbeddings(layers, "bert.embeddings"),
  ...transformerEncoders(layers, "bert.encoder.layer.{n}", BERT_LAYER),
  ...pair(`${layers}/dense`, "bert.pooler.dense", "dense"),
];

/** The names in `model.weights.h5` of a preset of BERT. */
export const kerasHubBackboneRules: readonly NameRule[] = bertEncoder("/layers");

const bert: KerasHubModel = {
  name: "Bert",
  folder: "bert",
  encoder: bertEncoder,
  head: (layers) => pair(`${layers}/dense`, "classifier", "dense"),
  readConfig: (backbone) => ({
    model_type: "bert",
    ...commonConfig(backbone),
    type_vocab_size: backbone.num_segments,
    layer_norm_eps: 1e-12,
  }),
  readTokenizer: wordPieces,
};

/** Keras counts layers of one class: where the embeddings are as wide as the layers, "dense" is a pooler nobody uses. */
const electra = (isProjected: boolean): KerasHubModel => ({
  name: "Electra",
  folder: "electra",
  encoder: (layers) => [
    ...bertEmbeddings(layers, "electra.embeddings"),
    ...transformerEncoders(layers, "electra.encoder.layer.{n}", BERT_LAYER),
    ...(isProjected ? pair(`${layers}/dense`, "electra.embeddings_project", "dense") : []),
  ],
  readConfig: (backbone) =>
    isProjected === (backbone.embedding_dim !== backbone.hidden_dim)
      ? {
          model_type: "electra",
          ...commonConfig(backbone),
          embedding_size: backbone.embedding_dim,
          type_vocab_size: backbone.num_segments,
          layer_norm_eps: 1e-12,
        }
      : undefined,
  readTokenizer: wordPieces,
});

const ALBERT_LAYER: LayerNames = {
  query: "attention.query",
  key: "attention.key",
  value: "attention.value",
  attended: "attention.dense",
  attendedNorm: "attention.LayerNorm",
  inner: "ffn",
  output: "ffn_output",
  outputNorm: "full_layer_layer_norm",
};

const albert: KerasHubModel = {
  name: "Albert",
  folder: "albert",
  encoder: (layers) => [
    ...bertEmbeddings(layers, "albert.embeddings"),
    ...pair(`${layers}/dense`, "albert.encoder.embedding_hidden_mapping_in", "dense"),
    ...transformerEncoders(layers, "albert.encoder.albert_layer_groups.{n}.albert_layers.0", ALBERT_LAYER),
    ...pair(`${layers}/dense_1`, "albert.pooler", "dense"),
  ],
  head: (layers) => pair(`${layers}/dense`, "classifier", "dense"),
  readConfig: (backbone) => ({
    model_type: "albert",
    ...commonConfig(backbone),
    hidden_act: "gelu_new",
    embedding_size: backbone.embedding_dim,
    num_hidden_groups: backbone.num_groups,
    inner_group_num: oneLayerEach(backbone),
    type_vocab_size: backbone.num_segments,
    layer_norm_eps: 1e-12,
  }),
  readTokenizer: () => ({ tokenizer_class: "AlbertTokenizer" }),
  assets: { "assets/tokenizer/vocabulary.spm": "spiece.model" },
};

/** No model that was ever published has groups of more layers. */
function oneLayerEach({ num_inner_repetitions: layers }: JsonObject): 1 {
  if (layers === 1) return layers;
  return fail("E_WEIGHTS", {
    where: "config.json, num_inner_repetitions",
    expected: "1",
    got: JSON.stringify(layers),
    fix: "convert the model with transformers and open that",
  });
}

const DISTILBERT_LAYER: LayerNames = {
  query: "attention.q_lin",
  key: "attention.k_lin",
  value: "attention.v_lin",
  attended: "attention.out_lin",
  attendedNorm: "sa_layer_norm",
  inner: "ffn.lin1",
  output: "ffn.lin2",
  outputNorm: "output_layer_norm",
};

const distilbert: KerasHubModel = {
  name: "DistilBert",
  folder: "distil_bert",
  encoder: (layers) => [
    ...wordsAndPositions(layers, "distilbert.embeddings"),
    ...transformerEncoders(layers, "distilbert.transformer.layer.{n}", DISTILBERT_LAYER),
  ],
  head: (layers) => [
    ...pair(`${layers}/dense`, "pre_classifier", "dense"),
    ...pair(`${layers}/dense_1`, "classifier", "dense"),
  ],
  readConfig: (backbone) => ({
    model_type: "distilbert",
    vocab_size: backbone.vocabulary_size,
    dim: backbone.hidden_dim,
    n_layers: backbone.num_layers,
    n_heads: backbone.num_heads,
    hidden_dim: backbone.intermediate_dim,
    max_position_embeddings: backbone.max_sequence_length,
    dropout: backbone.dropout,
    attention_dropout: backbone.dropout,
  }),
  readTokenizer: wordPieces,
};

export const kerasHubBert = kerasHubPreset(bert);
export const kerasHubBertClassifier = kerasHubClassifier(bert);
export const kerasHubElectra = kerasHubPreset(electra(true));
export const kerasHubWideElectra: Conversion = {
  ...kerasHubPreset(electra(false)),
  name: "ElectraBackbone of KerasHub, its embeddings as wide as its layers",
};
export const kerasHubAlbert = kerasHubPreset(albert);
export const kerasHubAlbertClassifier = kerasHubClassifier(albert);
export const kerasHubDistilbert = kerasHubPreset(distilbert);
export const kerasHubDistilbertClassifier = kerasHubClassifier(distilbert);
