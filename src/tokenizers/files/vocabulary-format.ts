/** How files that are no tokenizer.json become one. */
import type { JsonObject } from "./read-json.js";
import type { TokenizerSettings } from "./special-tokens.js";
import type { TokenizerFiles } from "./tokenizer-files.js";

export interface VocabularyFormat {
  /** The files that it needs. */
  readonly names: readonly (keyof TokenizerFiles)[];
  /** The contents of the tokenizer.json. @throws E_TOKENIZER for damaged files */
  build(files: TokenizerFiles, settings: TokenizerSettings): JsonObject;
}
