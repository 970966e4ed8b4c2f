/** BERT of KerasHub (formerly KerasNLP): presets, and models that were saved as `.weights.h5` or `.keras`. */
import type { Conversion, JsonObject, Layout, NameRule } from "./conversion.js";

const LAYER = "bert.encoder.layer.{n}";

/** Keras names no weights: it numbers those of a layer, the kernel first, and layers by their class. */
const pair = (stored: string, name: string, kernel?: Layout, bias?: Layout): NameRule[] => [
  [`${stored}/vars/0`, `${name}.weight`, kernel],
  [`${stored}/vars/1`, `${name}.bias`, bias],
];

/** The encoder whose layers stand under `layers`. */
function encoder(layers: string): NameRule[] {
  const block = `${layers}/transformer_encoder{_n}`;
  const attention = `${block}/_self_attention_layer`;
  return [
    [`${layers}/reversible_embedding/vars/0`, "bert.embeddings.word_embeddings.weight"],
    [`${layers}/position_embedding/vars/0`, "bert.embeddings.position_embeddings.weight"],
    [`${layers}/embedding/vars/0`, "bert.embeddings.token_type_embeddings.weight"],
    ...pair(`${layers}/layer_normalization`, "bert.embeddings.LayerNorm"),
    ...["query", "key", "value"].flatMap((part) =>
      pair(`${attention}/${part}_dense`, `${LAYER}.attention.self.${part}`, "to-heads", "heads"),
    ),
    ...pair(`${attention}/output_dense`, `${LAYER}.attention.output.dense`, "from-heads"),
    ...pair(`${block}/_self_attention_layer_norm`, `${LAYER}.attention.output.LayerNorm`),
    ...pair(`${block}/_feedforward_intermediate_dense`, `${LAYER}.intermediate.dense`, "dense"),
    ...pair(`${block}/_feedforward_output_dense`, `${LAYER}.output.dense`, "dense"),
    ...pair(`${block}/_feedforward_layer_norm`, `${LAYER}.output.LayerNorm`),
    ...pair(`${layers}/dense`, "bert.pooler.dense", "dense"),
  ];
}

const SOURCE = "github.com/keras-team/keras-hub keras_hub/src/models/bert/bert_backbone.py";

/** The names in `model.weights.h5` of a preset. */
export const kerasHubBackboneRules: readonly NameRule[] = encoder("/layers");

export const kerasHubBert: Conversion = {
  name: "BertBackbone of KerasHub",
  // A preset of a task has the head in a file of its own.
  rules: [...kerasHubBackboneRules, ...pair("/task/layers/dense", "classifier", "dense")],
  readConfig,
  readTokenizer,
  source: SOURCE,
};

export const kerasHubBertClassifier: Conversion = {
  name: "BertTextClassifier of KerasHub",
  rules: [...encoder("/layers/bert_backbone/layers"), ...pair("/layers/dense", "classifier", "dense")],
  readConfig,
  readTokenizer,
  source: SOURCE.replace("backbone", "text_classifier"),
};

/** The configuration of the backbone, which a task holds in its own. */
function readConfig(config: JsonObject): JsonObject | undefined {
  const backbone = find(config, "BertBackbone", 0);
  if (backbone === undefined) return undefined;
  return {
    model_type: "bert",
    vocab_size: backbone.vocabulary_size,
    hidden_size: backbone.hidden_dim,
    num_hidden_layers: backbone.num_layers,
    num_attention_heads: backbone.num_heads,
    intermediate_size: backbone.intermediate_dim,
    max_position_embeddings: backbone.max_sequence_length,
    type_vocab_size: backbone.num_segments,
    hidden_dropout_prob: backbone.dropout,
    attention_probs_dropout_prob: backbone.dropout,
    hidden_act: "gelu",
    layer_norm_eps: 1e-12,
  };
}

/** `tokenizer_config.json` from the preset's `tokenizer.json`, with KerasHub's defaults. */
function readTokenizer(file: JsonObject): JsonObject | undefined {
  const config = find(file, "BertTokenizer", 0);
  return config && { do_lower_case: config.lowercase ?? false, strip_accents: config.strip_accents ?? false };
}

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
