/** Texts as token ids. */

/**
 * Tokenized texts in two flat arrays: text i has the ids from `offsets[i]` to `offsets[i + 1]`, with [CLS] and
 * [SEP], truncated. Four bytes a token, whatever the number of texts.
 */
export interface TokenizedTexts {
  readonly length: number;
  readonly ids: Int32Array;
  readonly offsets: Float64Array;
  /** How many texts were longer than the limit and lost their end. */
  readonly truncated: number;
}

/** Number of tokens of text `row`. */
export function lengthOf(texts: TokenizedTexts, row: number): number {
  return texts.offsets[row + 1] - texts.offsets[row];
}

/** Texts tokenized so far. */
export interface TokenizeProgress {
  readonly done: number;
  readonly total: number;
}
