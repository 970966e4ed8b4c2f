/** Models into the formats of other libraries. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail } from "../../base/errors.js";
import type { HubOptions } from "../../hub/hub-options.js";
import { loadTokenizer } from "../../tokenizers/tokenizer.js";
import type { Checkpoint } from "../checkpoint.js";
import type { Conversion, JsonObject } from "../conversions/conversion.js";
import { googleBert } from "../conversions/google-bert.js";
import { kerasHubBackboneRules } from "../conversions/keras-hub-bert.js";
import { type OutgoingTensor, outgoingTensors } from "../conversions/outgoing.js";
import type { ModelFormat } from "../model-formats.js";
import { openCheckpoint } from "./open-checkpoint.js";
import { saveCheckpoint } from "./save-checkpoint.js";
import { writeBundle } from "./write-bundle.js";
import { writeHdf5 } from "./write-hdf5.js";

export interface ConvertOptions extends HubOptions {
  /**
   * "hugging-face" (`model.safetensors`; the default), "keras-hub" (a preset that KerasHub's `from_preset` opens), or
   * "google" (a TensorFlow checkpoint as google-research/bert has it).
   */
  readonly format?: ModelFormat;
}

/**
 * Opens the model `source`, which may be in any format that `fromPretrained` opens, and writes it to the new folder
 * `folder`: the encoder, its tokenizer, and the classification head where the format has a place for it (KerasHub's
 * presets have none).
 *
 * @example
 * await convertModel("uncased_L-4_H-512_A-8.zip", "my-preset", { format: "keras-hub" });
 *
 * @throws E_STORE for a folder that holds something, E_WEIGHTS for a model that is no BERT or not whole
 */
export async function convertModel(source: string, folder: string, options: ConvertOptions = {}): Promise<void> {
  const { format = "hugging-face" } = options;
  const there = await readdir(folder).catch((): string[] => []);
  if (there.length > 0)
    fail("E_STORE", {
      where: folder,
      expected: "a new or empty folder",
      got: there.slice(0, 3).join(", "),
      fix: "choose another folder",
    });
  const checkpoint = await openCheckpoint(source, options);
  try {
    await WRITERS[format](folder, checkpoint);
  } finally {
    await checkpoint.weights.close();
  }
}

const WRITERS: Readonly<Record<ModelFormat, (folder: string, checkpoint: Checkpoint) => Promise<void>>> = {
  "hugging-face": writeHuggingFace,
  "keras-hub": writeKerasHub,
  google: writeGoogle,
};

async function writeHuggingFace(folder: string, checkpoint: Checkpoint): Promise<void> {
  // Names on both sides: the same, and as they are.
  const rules = googleBert.rules.map(([, name]) => [name, name] as const);
  const tensors = outgoing(checkpoint, rules);
  const read = await Promise.all(tensors.map(async ({ name, shape, read }) => ({ name, shape, data: await read() })));
  const { config, tokenizerFiles } = checkpoint;
  await saveCheckpoint(folder, { config, tensors: read, tokenizerFiles: loadTokenizer(tokenizerFiles).files });
}

async function writeGoogle(folder: string, checkpoint: Checkpoint): Promise<void> {
  const { config } = checkpoint;
  const tensors = outgoing(checkpoint, googleBert.rules);
  const keys = [
    "attention_probs_dropout_prob",
    "hidden_act",
    "hidden_dropout_prob",
    "hidden_size",
    "initializer_range",
    "intermediate_size",
    "max_position_embeddings",
    "num_attention_heads",
    "num_hidden_layers",
    "type_vocab_size",
    "vocab_size",
  ];
  await writeFiles(folder, {
    "bert_config.json": json(Object.fromEntries(keys.map((key) => [key, config[key] ?? BERT_DEFAULTS[key]]))),
    "vocab.txt": vocabularyOf(checkpoint).lines,
  });
  await writeBundle(join(folder, "bert_model.ckpt"), tensors);
}

async function writeKerasHub(folder: string, checkpoint: Checkpoint): Promise<void> {
  const config = { ...BERT_DEFAULTS, ...checkpoint.config };
  const tensors = outgoing(checkpoint, kerasHubBackboneRules);
  const vocabulary = vocabularyOf(checkpoint);
  const object = (file: string, name: string, settings: JsonObject): JsonObject => ({
    module: `keras_hub.src.models.bert.${file}`,
    class_name: name,
    config: settings,
    registered_name: `keras_hub>${name}`,
  });
  const backbone = {
    name: "bert_backbone",
    trainable: true,
    vocabulary_size: config.vocab_size,
    num_layers: config.num_hidden_layers,
    num_heads: config.num_attention_heads,
    hidden_dim: config.hidden_size,
    intermediate_dim: config.intermediate_size,
    dropout: config.hidden_dropout_prob,
    max_sequence_length: config.max_position_embeddings,
    num_segments: config.type_vocab_size,
  };
  const tokenizer = {
    name: "bert_tokenizer",
    trainable: true,
    config_file: "tokenizer.json",
    vocabulary: null,
    sequence_length: null,
    lowercase: vocabulary.lowercase,
    strip_accents: vocabulary.stripAccents,
    split: true,
    suffix_indicator: "##",
    oov_token: "[UNK]",
  };
  await writeFiles(folder, {
    "config.json": json(object("bert_backbone", "BertBackbone", backbone)),
    "tokenizer.json": json(object("bert_tokenizer", "BertTokenizer", tokenizer)),
    "metadata.json": json({
      // The version whose layout this is.
      keras_version: "3.15.1",
      keras_hub_version: "0.32.0",
      parameter_count: tensors.reduce((sum, { shape }) => sum + shape.reduce((size, dim) => size * dim, 1), 0),
    }),
    "assets/tokenizer/vocabulary.txt": vocabulary.lines,
  });
  await writeHdf5(join(folder, "model.weights.h5"), tensors);
}

/** What transformers' BertConfig has where `config.json` is silent. */
const BERT_DEFAULTS: JsonObject = {
  attention_probs_dropout_prob: 0.1,
  hidden_act: "gelu",
  hidden_dropout_prob: 0.1,
  initializer_range: 0.02,
  type_vocab_size: 2,
};

/** @throws E_WEIGHTS for a model that is no BERT */
function outgoing({ config, weights, source }: Checkpoint, rules: Conversion["rules"]): OutgoingTensor[] {
  const { model_type: type, num_hidden_layers: layers, num_attention_heads: heads } = config;
  if (type !== "bert" || typeof layers !== "number" || typeof heads !== "number")
    fail("E_WEIGHTS", {
      where: source,
      expected: "a model of BERT's architecture",
      got: JSON.stringify(type) ?? "none",
      fix: "choose another",
    });
  const { head } = (config.textune ?? {}) as { head?: { name?: unknown } };
  if (head !== undefined)
    fail("E_WEIGHTS", {
      where: source,
      expected: "the classification head that BERT has, or none",
      got: `the head "${head.name}", which only Textune knows`,
      fix: "convert the model that it was trained from",
    });
  return outgoingTensors(weights, rules, { layers, heads }, source);
}

interface Vocabulary {
  /** A token a line, by their ids. */
  readonly lines: string;
  readonly lowercase: boolean;
  readonly stripAccents: boolean;
}

function vocabularyOf({ tokenizerFiles }: Checkpoint): Vocabulary {
  const { model, normalizer } = JSON.parse(loadTokenizer(tokenizerFiles).files["tokenizer.json"] ?? "{}") as {
    model: { vocab: Record<string, number> };
    normalizer: { lowercase?: boolean; strip_accents?: boolean | null } | null;
  };
  const tokens: string[] = [];
  for (const [token, id] of Object.entries(model.vocab)) tokens[id] = token;
  const lowercase = normalizer?.lowercase ?? false;
  return {
    // A line for each id: one that no token has must not move the others.
    lines: Array.from(tokens, (token, id) => `${token ?? `[unused-${id}]`}\n`).join(""),
    lowercase,
    stripAccents: normalizer?.strip_accents ?? lowercase,
  };
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content, { flush: true });
  }
}

const json = (value: JsonObject): string => `${JSON.stringify(value, null, 2)}\n`;
