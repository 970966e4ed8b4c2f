/** ALBERT: Lan et al. 2019, arXiv:1909.11942. Layers share their weights, and embeddings are narrower than layers. */
import { z } from "zod";
import type { Value } from "../../graph/graph.js";
import type { Encoded } from "../../heads/head.js";
import { poolerHead } from "../../heads/pooler.js";
import { HIDDEN_ACTIVATIONS } from "../../nn/activations.js";
import { attentionBias } from "../../nn/attention.js";
import { dense } from "../../nn/layers.js";
import { firstToken } from "../../nn/pooling.js";
import { type LayerNames, postNormLayer } from "../../nn/post-norm-layer.js";
import type { Scope } from "../../nn/scope.js";
import { tokenEmbeddings } from "../../nn/token-embeddings.js";
import { tanh } from "../../ops/activation.js";
import { bertFields, bertFileNames, bertRecord, readBertFields } from "../bert-config.js";
import { defineModel, type EncoderInputs, type Model } from "../model.js";
import { activation, probability, size } from "../read-config.js";

/** The defaults are those of transformers' AlbertConfig: version 2 of the models. Version 1 says "gelu" and its dropout. */
const schema = bertFields.omit({ classifier_dropout: true }).extend({
  embedding_size: size.default(128),
  num_hidden_groups: size.default(1),
  inner_group_num: size.default(1),
  hidden_act: activation.default("gelu_new"),
  hidden_dropout_prob: probability.default(0),
  attention_probs_dropout_prob: probability.default(0),
  classifier_dropout_prob: probability.default(0.1),
  /** What TensorFlow's configurations say of memory and of an untried kind of layer. */
  net_structure_type: z.literal(0).optional(),
  num_memory_blocks: z.literal(0).optional(),
  gap_size: z.literal(0).optional(),
  down_scale_factor: z.literal(1).optional(),
  /** What those of the largest models say besides: all layers, normalised behind each part. */
  layers_to_keep: z.array(z.number()).max(0).optional(),
  ln_type: z.literal("postln").optional(),
});
type AlbertConfig = z.infer<typeof schema>;

const LAYER: LayerNames = {
  query: "attention.query",
  key: "attention.key",
  value: "attention.value",
  attended: "attention.dense",
  attendedNorm: "attention.LayerNorm",
  inner: "ffn",
  output: "ffn_output",
  outputNorm: "full_layer_layer_norm",
};

/** @source transformers modeling_albert.py AlbertModel */
function encode(scope: Scope, config: AlbertConfig, inputs: EncoderInputs): Encoded {
  const { hidden_size: width, initializer_range: deviation, layer_norm_eps: epsilon } = config;
  const model = scope.child("albert");
  const embedded = tokenEmbeddings(model.child("embeddings").at(0), {
    width: config.embedding_size,
    words: { ids: inputs.inputIds, rows: config.vocab_size },
    segments: { ids: inputs.tokenTypeIds, rows: config.type_vocab_size },
    positions: { ids: inputs.positionIds, rows: config.max_position_embeddings },
    epsilon,
    deviation,
    dropout: config.hidden_dropout_prob,
  });
  const encoder = model.child("encoder");
  const bias = attentionBias(inputs.attentionMask);
  const options = {
    names: LAYER,
    heads: config.num_attention_heads,
    innerSize: config.intermediate_size,
    activation: HIDDEN_ACTIVATIONS[config.hidden_act],
    epsilon,
    deviation,
    dropout: { weights: config.attention_probs_dropout_prob, attended: config.hidden_dropout_prob, output: 0 },
  };
  const { num_hidden_layers: layers, num_hidden_groups: groups, inner_group_num: inner } = config;
  let sequence: Value = dense(encoder.at(0).child("embedding_hidden_mapping_in"), embedded, width, deviation);
  for (let index = 0; index < layers * inner; index++) {
    // Group after group, each passed through as often as it takes to make `layers`; a group has `inner` layers.
    const group = Math.floor(Math.floor(index / inner) / (layers / groups));
    const within = index % inner;
    const own = encoder.child(`albert_layer_groups.${group}.albert_layers.${within}`).at(group * inner + within + 1);
    sequence = postNormLayer(own, scope.checkpoint(sequence), bias, options);
  }
  return {
    sequence,
    pooled: () => tanh(dense(model.at("pooler").child("pooler"), firstToken(sequence), width, deviation)),
  };
}

export const albert: Model = defineModel<AlbertConfig>({
  loraTargets: ["query", "value"],
  modelType: "albert",
  classNames: { encoder: "AlbertModel", classifier: "AlbertForSequenceClassification" },
  readConfig: (config) => readBertFields(schema, config),
  // Layers that share their weights are one layer, for what is frozen and what has a rate of its own.
  sizes: (config) => ({ ...bertRecord.sizes(config), layers: config.num_hidden_groups * config.inner_group_num }),
  withDropout: (config, dropped) => ({
    ...config,
    hidden_dropout_prob: dropped,
    attention_probs_dropout_prob: dropped,
    classifier_dropout_prob: dropped,
  }),
  withVocabulary: (config, vocab_size) => ({ ...config, vocab_size }),
  wordEmbeddings: "albert.embeddings.word_embeddings.weight",
  encode,
  head: poolerHead,
  headDefaults: (config) => ({ dropout: config.classifier_dropout_prob, deviation: config.initializer_range }),
  fileNames: bertFileNames("albert"),
  source: "transformers models/albert/modeling_albert.py",
});
