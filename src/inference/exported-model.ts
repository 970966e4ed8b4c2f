/** A folder of ONNX models, opened. */
import type { OnnxDtype } from "../checkpoints/onnx-files.js";
import type { TextTokenizer } from "../tokenizers/tokenizer.js";

export interface ExportedModel {
  /** The contents of `config.json`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly tokenizer: TextTokenizer;
  /** Tokens of a text that are read. */
  readonly maxLength: number;
  /** The ONNX model that was chosen. */
  readonly path: string;
  readonly dtype: OnnxDtype;
}
