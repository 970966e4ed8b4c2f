/** DistilBERT: Sanh et al. 2019, arXiv:1910.01108. Half of BERT's layers, and neither segments nor a pooler. */
import { z } from "zod";
import type { Value } from "../../graph/graph.js";
import { denseReluHead } from "../../heads/first-token.js";
import { HIDDEN_ACTIVATIONS } from "../../nn/activations.js";
import { attentionBias } from "../../nn/attention.js";
import { type LayerNames, postNormLayer } from "../../nn/post-norm-layer.js";
import { tokenEmbeddings } from "../../nn/token-embeddings.js";
import { bertFileNames } from "../bert-config.js";
import { defineModel, type Model } from "../model.js";
import { activation, checkHeads, probability, readFields, size } from "../read-config.js";

/** The fields have names of their own; the defaults are those of transformers' DistilBertConfig. */
const schema = z.object({
  vocab_size: size,
  dim: size,
  n_layers: size,
  n_heads: size,
  hidden_dim: size,
  max_position_embeddings: size,
  activation: activation.default("gelu"),
  initializer_range: z.number().positive().default(0.02),
  dropout: probability.default(0.1),
  attention_dropout: probability.default(0.1),
  seq_classif_dropout: probability.default(0.2),
  /** How the table of positions was filled before it was trained, which changes nothing any more. */
  sinusoidal_pos_embds: z.boolean().optional(),
});
type DistilBertConfig = z.infer<typeof schema>;

/** All normalisations have it; no configuration says so. */
const EPSILON = 1e-12;

const LAYER: LayerNames = {
  query: "attention.q_lin",
  key: "attention.k_lin",
  value: "attention.v_lin",
  attended: "attention.out_lin",
  attendedNorm: "sa_layer_norm",
  inner: "ffn.lin1",
  output: "ffn.lin2",
  outputNorm: "output_layer_norm",
};

export const distilbert: Model = defineModel<DistilBertConfig>({
  loraTargets: ["q_lin", "v_lin"],
  modelType: "distilbert",
  classNames: { encoder: "DistilBertModel", classifier: "DistilBertForSequenceClassification" },
  readConfig(config) {
    const read = readFields(schema, config);
    checkHeads("dim", read.dim, read.n_heads);
    return read;
  },
  sizes: (config) => ({
    vocabularySize: config.vocab_size,
    maxPositions: config.max_position_embeddings,
    tokenTypes: 1,
    hiddenSize: config.dim,
    layers: config.n_layers,
  }),
  withDropout: (config, dropped) => ({
    ...config,
    dropout: dropped,
    attention_dropout: dropped,
    seq_classif_dropout: dropped,
  }),
  withVocabulary: (config, vocab_size) => ({ ...config, vocab_size }),
  wordEmbeddings: "distilbert.embeddings.word_embeddings.weight",
  encode(scope, config, { inputIds, positionIds, attentionMask }) {
    const model = scope.child("distilbert");
    const embedded = tokenEmbeddings(model.child("embeddings").at(0), {
      width: config.dim,
      words: { ids: inputIds, rows: config.vocab_size },
      positions: { ids: positionIds, rows: config.max_position_embeddings },
      epsilon: EPSILON,
      deviation: config.initializer_range,
      dropout: config.dropout,
    });
    const bias = attentionBias(attentionMask);
    const layers = model.child("transformer.layer");
    const options = {
      names: LAYER,
      heads: config.n_heads,
      innerSize: config.hidden_dim,
      activation: HIDDEN_ACTIVATIONS[config.activation],
      epsilon: EPSILON,
      deviation: config.initializer_range,
      dropout: { weights: config.attention_dropout, attended: 0, output: config.dropout },
    };
    const sequence = Array.from({ length: config.n_layers }).reduce<Value>(
      (x, _, index) => postNormLayer(layers.child(String(index)).at(index + 1), scope.checkpoint(x), bias, options),
      embedded,
    );
    return { sequence };
  },
  head: denseReluHead,
  headDefaults: (config) => ({ dropout: config.seq_classif_dropout, deviation: config.initializer_range }),
  fileNames: bertFileNames("distilbert"),
  source: "transformers models/distilbert/modeling_distilbert.py",
});
