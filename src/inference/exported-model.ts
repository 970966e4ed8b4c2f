/** A folder of ONNX models, opened. */
import type { ModelDescription } from "../checkpoints/checkpoint.js";
import { loadTokenizer, type TextTokenizer } from "../tokenizers/tokenizer.js";

export interface ExportedModel {
  /** The contents of `config.json`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly tokenizer: TextTokenizer;
  /** Tokens of a text that are read. */
  readonly maxLength: number;
  /** The ONNX model that was chosen: its path, or itself. */
  readonly onnxModel: string | Uint8Array;
}

/** Where neither the tokenizer nor the model says how long a text may be. */
const DEFAULT_LENGTH = 512;

/** @throws E_TOKENIZER for files of a tokenizer that are missing or damaged */
export function exportedModel(
  { config, tokenizerFiles }: ModelDescription,
  onnxModel: ExportedModel["onnxModel"],
): ExportedModel {
  const tokenizer = loadTokenizer(tokenizerFiles);
  const positions = config.max_position_embeddings;
  const most = typeof positions === "number" ? positions : DEFAULT_LENGTH;
  return { config, tokenizer, maxLength: Math.min(tokenizer.modelMaxLength ?? most, most), onnxModel };
}
