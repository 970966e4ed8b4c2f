/** What an export is made of, and what it is. */
import type { ModelDescription } from "../checkpoints/checkpoint.js";
import type { OnnxDtype } from "../checkpoints/onnx-files.js";
import type { InterchangeSource, OperatorSet } from "./interchange-model.js";

export interface ExportContent extends ModelDescription, Pick<InterchangeSource, "graph" | "weights" | "metadata"> {}

/** A file of an export. */
export interface ExportedFile {
  readonly dtype: OnnxDtype;
  /** Below the exported folder. */
  readonly file: string;
  /** With those of its tensors in `FILE_data`, where one file would be too large. */
  readonly bytes: number;
}

export interface ExportFolderOptions {
  readonly dtypes: readonly OnnxDtype[];
  readonly operators: OperatorSet;
  /** Bytes of tensors beyond which they get a file of their own; by default 2 GB. */
  readonly largestFile?: number;
  /**
   * Called once all models are written, with how to find each, and before the folder gets its name: where it throws,
   * nothing is left and nothing is replaced.
   */
  readonly check: (files: readonly (ExportedFile & { readonly path: string })[]) => Promise<void>;
}
