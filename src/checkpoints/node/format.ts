/** What a weight format is: one record, found by the names of files. */
import type { JsonObject } from "../conversions/conversion.js";
import type { WeightReader } from "../weight-reader.js";

/** A file of weights, and what else it says of the model. */
export interface OpenedWeights {
  readonly weights: WeightReader;
  /** The configuration that the library stores with the weights. */
  readonly config?: JsonObject;
  /** What the file says of the tokenizer, in the terms of `tokenizer_config.json`. */
  readonly tokenizerConfig?: JsonObject;
}

/** A kind of files with weights. */
export interface WeightFormat {
  readonly name: string;
  /** The files of a model folder that hold weights, the preferred ones first: their paths in it, with "/" between. */
  readonly files: readonly RegExp[];
  /** Other files of `paths` that belong to `file`, one of `files`. */
  readonly parts?: (file: string, paths: readonly string[]) => readonly string[];
  /** What the name of a file ends in that a user may name instead of a folder. */
  readonly endings: readonly string[];
  /** @throws E_WEIGHTS, naming the file and the place, for a file that is cut off, damaged, or lies about its sizes */
  readonly open: (path: string) => Promise<OpenedWeights>;
  readonly source: string;
}
