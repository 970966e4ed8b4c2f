/** A pre-trained model as files, wherever they come from. */
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
  readonly weights: WeightReader;
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
}

/** The files of a tokenizer in Hugging Face's layout. */
export const TOKENIZER_FILES = [...TEXT_FILES, ...SENTENCE_PIECE_FILES] as const;
/** The files that can hold weights, the preferred one first. */
export const WEIGHT_FILES = ["model.safetensors", "model.safetensors.index.json"] as const;
/** The folder of ONNX models in an exported model's folder. */
export const ONNX_FOLDER = "onnx";
export const CONFIG_FILE = "config.json";
/** The names of weights that are spread over several files. */
export const WEIGHT_SHARD = /^model-\d+-of-\d+\.safetensors$/;
