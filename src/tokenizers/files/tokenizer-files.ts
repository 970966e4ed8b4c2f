/** The contents (not the paths) of a tokenizer's files: `tokenizer.json`, or those that vocabulary-formats.ts knows. */
export interface TokenizerFiles {
  readonly "tokenizer.json"?: string;
  readonly "tokenizer_config.json"?: string;
  readonly "special_tokens_map.json"?: string;
  readonly "vocab.txt"?: string;
  readonly "vocab.json"?: string;
  readonly "merges.txt"?: string;
  readonly "spiece.model"?: Uint8Array;
  readonly "sentencepiece.bpe.model"?: Uint8Array;
  readonly "spm.model"?: Uint8Array;
}

/** The files of text. */
export const TEXT_FILES = [
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "vocab.txt",
  "vocab.json",
  "merges.txt",
] as const;
/** SentencePiece's model under the names that ALBERT, XLM-RoBERTa and DeBERTa give to it. */
export const SENTENCE_PIECE_FILES = ["spiece.model", "sentencepiece.bpe.model", "spm.model"] as const;
