/**
 * What the models of KerasHub (formerly KerasNLP) have in common: presets, and models that were saved as `.weights.h5`
 * or `.keras`.
 */
import { given } from "../../base/given.js";
import type { LayerNames } from "../../nn/post-norm-layer.js";
import type { Conversion, JsonObject, Layout, NameRule } from "./conversion.js";

/** Keras names no weights: it numbers those of a layer, the kernel first, and layers by their class. */
export const pair = (stored: string, name: string, kernel?: Layout, bias?: Layout): NameRule[] => [
  [`${stored}/vars/0`, `${name}.weight`, kernel],
  [`${stored}/vars/1`, `${name}.bias`, bias],
];

/** A model of KerasHub, whose classes are called `name` with "Backbone", "TextClassifier" and "Tokenizer" behind it. */
export interface KerasHubModel {
  readonly name: string;
  /** The folder of keras_hub/src/models that it stands in. */
  readonly folder: string;
  /** Rules for the encoder whose layers stand under `layers`. */
  readonly encoder: (layers: string) => NameRule[];
  /** Rules for what the classifier has behind it, under `layers`; of a model without a classifier none. */
  readonly head?: (layers: string) => NameRule[];
  /** Hugging Face's `config.json` from that of the backbone; undefined for one that other rules are for. */
  readonly readConfig: (backbone: JsonObject) => JsonObject | undefined;
  /** `tokenizer_config.json` from the tokenizer's own configuration. */
  readonly readTokenizer: (tokenizer: JsonObject) => JsonObject;
  readonly assets?: Conversion["assets"];
  readonly complete?: Conversion["complete"];
}

/** A preset, which holds the head of a task in a file of its own. */
export function kerasHubPreset(model: KerasHubModel): Conversion {
  const { encoder, head = () => [] } = model;
  const rules = [...encoder("/layers"), ...head("/task/layers")];
  return conversion(model, "Backbone", "backbone", rules);
}

/** A whole classifier in one file. */
export function kerasHubClassifier(model: KerasHubModel): Conversion {
  const { folder, encoder, head = () => [] } = model;
  const rules = [...encoder(`/layers/${folder}_backbone/layers`), ...head("/layers")];
  return conversion(model, "TextClassifier", "text_classifier", rules);
}

function conversion(model: KerasHubModel, object: string, file: string, rules: readonly NameRule[]): Conversion {
  const { name, folder, assets, complete } = model;
  const described = (of: string, read: (config: JsonObject) => JsonObject | undefined) => (stored: JsonObject) => {
    const found = find(stored, `${name}${of}`, 0);
    return found && read(found);
  };
  return {
    name: `${name}${object} of KerasHub`,
    rules,
    readConfig: described("Backbone", model.readConfig),
    readTokenizer: described("Tokenizer", model.readTokenizer),
    ...given({ assets, complete }),
    source: `github.com/keras-team/keras-hub keras_hub/src/models/${folder}/${folder}_${file}.py`,
  };
}

/** Rules for Keras' TransformerEncoder, which all but DeBERTa are made of; `layer` is the name of layer {n}. */
export function transformerEncoders(layers: string, layer: string, names: LayerNames): NameRule[] {
  const block = `${layers}/transformer_encoder{_n}`;
  const attention = `${block}/_self_attention_layer`;
  return [
    ...(["query", "key", "value"] as const).flatMap((part) =>
      pair(`${attention}/${part}_dense`, `${layer}.${names[part]}`, "to-heads", "heads"),
    ),
    ...pair(`${attention}/output_dense`, `${layer}.${names.attended}`, "from-heads"),
    ...pair(`${block}/_self_attention_layer_norm`, `${layer}.${names.attendedNorm}`),
    ...pair(`${block}/_feedforward_intermediate_dense`, `${layer}.${names.inner}`, "dense"),
    ...pair(`${block}/_feedforward_output_dense`, `${layer}.${names.output}`, "dense"),
    ...pair(`${block}/_feedforward_layer_norm`, `${layer}.${names.outputNorm}`),
  ];
}

/** The names of BERT's layers, and of those that are called as BERT's. */
export const BERT_LAYER: LayerNames = {
  query: "attention.self.query",
  key: "attention.self.key",
  value: "attention.self.value",
  attended: "attention.output.dense",
  attendedNorm: "attention.output.LayerNorm",
  inner: "intermediate.dense",
  output: "output.dense",
  outputNorm: "output.LayerNorm",
};

/** Rules for words, positions and segments, each a layer of its own. */
export function bertEmbeddings(layers: string, name: string): NameRule[] {
  return [
    [`${layers}/reversible_embedding/vars/0`, `${name}.word_embeddings.weight`],
    [`${layers}/position_embedding/vars/0`, `${name}.position_embeddings.weight`],
    [`${layers}/embedding/vars/0`, `${name}.token_type_embeddings.weight`],
    ...pair(`${layers}/layer_normalization`, `${name}.LayerNorm`),
  ];
}

/** Rules for words and positions in one layer. */
export function wordsAndPositions(layers: string, name: string): NameRule[] {
  return [
    [`${layers}/token_and_position_embedding/token_embedding/vars/0`, `${name}.word_embeddings.weight`],
    [`${layers}/token_and_position_embedding/position_embedding/vars/0`, `${name}.position_embeddings.weight`],
    ...pair(`${layers}/layer_normalization`, `${name}.LayerNorm`),
  ];
}

/** The sizes that all backbones have, by the names of BERT's configuration. */
export function commonConfig(backbone: JsonObject): JsonObject {
  return {
    vocab_size: backbone.vocabulary_size ?? backbone.vocab_size,
    hidden_size: backbone.hidden_dim,
    num_hidden_layers: backbone.num_layers,
    num_attention_heads: backbone.num_heads,
    intermediate_size: backbone.intermediate_dim,
    max_position_embeddings: backbone.max_sequence_length,
    hidden_dropout_prob: backbone.dropout,
    attention_probs_dropout_prob: backbone.dropout,
    hidden_act: "gelu",
  };
}

/** With KerasHub's defaults. */
export const wordPieces = ({ lowercase = false, strip_accents = false }: JsonObject): JsonObject => ({
  do_lower_case: lowercase,
  strip_accents,
});

/** The `config` of the object of class `name` in a configuration: Keras writes objects within objects. */
function find(value: unknown, name: string, depth: number): JsonObject | undefined {
  if (typeof value !== "object" || value === null || depth > 8) return undefined;
  const { class_name, config } = value as { class_name?: unknown; config?: unknown };
  if (class_name === name && typeof config === "object" && config !== null) return config as JsonObject;
  for (const inner of Object.values(value)) {
    const found = find(inner, name, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
