/** A pre-trained model as files, wherever they come from. */
import type { TokenizerFiles } from "../tokenizers/tokenizer.js";
import type { WeightReader } from "./weight-reader.js";

/** How a model is found. */
export interface OpenOptions {
  /** Branch, tag or commit on the hub; "main" by default. */
  readonly revision?: string;
  /** Access token of the hub; by default HF_TOKEN, or what `hf auth login` stored. */
  readonly token?: string;
  /** Use what the cache holds and no network; by default what HF_HUB_OFFLINE says. */
  readonly offline?: boolean;
  /** Where downloads are kept; by default the cache of Hugging Face's own tools. */
  readonly cacheFolder?: string;
  /** Address of the hub; by default HF_ENDPOINT or https://huggingface.co. */
  readonly endpoint?: string;
  /** Called while files are downloaded. */
  readonly onDownload?: (event: DownloadProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of one file that are there, of all that it has. */
export interface DownloadProgress {
  readonly file: string;
  readonly loaded: number;
  readonly total: number;
}

export interface Checkpoint {
  /** What was opened, to be shown. */
  readonly source: string;
  /** The contents of `config.json`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly weights: WeightReader;
  readonly tokenizerFiles: TokenizerFiles;
}

/** A float32 tensor to write; `data` is asked for when its turn comes, and not kept. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What a model folder holds. */
export interface CheckpointContent {
  readonly config: Readonly<Record<string, unknown>>;
  readonly tensors: readonly NamedTensor[];
  readonly tokenizerFiles: TokenizerFiles;
}

/** The files of a tokenizer in Hugging Face's layout. */
export const TOKENIZER_FILES = [
  "tokenizer.json",
  "tokenizer_config.json",
  "vocab.txt",
  "special_tokens_map.json",
] as const;
/** The files that can hold weights, the preferred one first. */
export const WEIGHT_FILES = ["model.safetensors", "model.safetensors.index.json"] as const;
export const CONFIG_FILE = "config.json";
/** The names of weights that are spread over several files. */
export const WEIGHT_SHARD = /^model-\d+-of-\d+\.safetensors$/;
