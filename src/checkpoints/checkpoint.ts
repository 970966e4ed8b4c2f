/** A pre-trained model as files, wherever they come from. */

import type { LoraConfig } from "../nn/lora.js";
import { SENTENCE_PIECE_FILES, TEXT_FILES, type TokenizerFiles } from "../tokenizers/files/tokenizer-files.js";
import type { WeightReader } from "./weight-reader.js";

/** What stands beside the weights of any model folder. */
export interface ModelDescription {
  /** The contents of `config.json`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly tokenizerFiles: TokenizerFiles;
}

export interface Checkpoint extends ModelDescription {
  /** What was opened, to be shown. */
  readonly source: string;
  /** Where it is found again, from any folder: an absolute path, or a name at the hub. */
  readonly address?: string;
  /** Those of the whole model; where it comes as an adapter, with that merged. */
  readonly weights: WeightReader;
  /** Where it comes as an adapter beside another model: */
  readonly adapter?: CheckpointAdapter;
}

/** An adapter as PEFT writes it. */
export interface CheckpointAdapter {
  readonly lora: LoraConfig;
  /** The model that it stands beside: a folder, or a name at the hub. */
  readonly base: string;
  /** Its own weights, by the names of parameters. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
  /** The weights of the layers that it stands beside, without it, by the names of parameters. */
  readonly frozen: ReadonlyMap<string, Float32Array>;
}

/** A float32 tensor to write; `data` is asked for when its turn comes, and not kept. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What a model folder holds. */
export interface CheckpointContent extends ModelDescription {
  readonly tensors: readonly NamedTensor[];
  /** The `adapter_config.json` of an adapter, whose weights `tensors` are; undefined where they are a whole model's. */
  readonly adapterConfig?: Readonly<Record<string, unknown>> | undefined;
}

/** The files of a tokenizer in Hugging Face's layout. */
export const TOKENIZER_FILES = [...TEXT_FILES, ...SENTENCE_PIECE_FILES] as const;
/** The files that can hold weights, the preferred one first. */
export const WEIGHT_FILES = ["model.safetensors", "model.safetensors.index.json"] as const;
/** The folder of ONNX models in an exported model's folder. */
export const ONNX_FOLDER = "onnx";
export const CONFIG_FILE = "config.json";
/** An adapter, by the names of PEFT. */
export const ADAPTER_CONFIG_FILE = "adapter_config.json";
export const ADAPTER_WEIGHTS_FILE = "adapter_model.safetensors";
/** What a training writes beside its classifier: how it was made, and the model card. */
export const TRAINING_FILE = "training.json";
export const CARD_FILE = "README.md";
/** The names of weights that are spread over several files. */
export const WEIGHT_SHARD = /^model-\d+-of-\d+\.safetensors$/;
