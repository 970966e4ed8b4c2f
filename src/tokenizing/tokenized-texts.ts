/** Texts as token ids. */

/**
 * Tokenized texts, or pairs of texts, in flat arrays: text i has the ids from `offsets[i]` to `offsets[i + 1]`, with [CLS] and
 * [SEP], truncated. Four bytes a token, whatever the number of texts.
 */
export interface TokenizedTexts {
  readonly length: number;
  readonly ids: Int32Array;
  readonly offsets: Float64Array;
  /** How many texts were longer than the limit and lost their end. */
  readonly truncated: number;
  /**
   * [N] int32: the place of each text's first token of the second segment, counted from its first token; its length where it has
   * none. Undefined where no text is a pair.
   */
  readonly secondStarts?: Int32Array;
}

/** Number of tokens of text `row`. */
export function lengthOf(texts: TokenizedTexts, row: number): number {
  return texts.offsets[row + 1] - texts.offsets[row];
}

/** The texts `rows`, in that order. */
export function selectTexts({ ids, offsets, secondStarts }: TokenizedTexts, rows: Uint32Array): TokenizedTexts {
  const ends = new Float64Array(rows.length + 1);
  for (const [i, row] of rows.entries()) ends[i + 1] = ends[i] + offsets[row + 1] - offsets[row];
  const chosen = new Int32Array(ends[rows.length]);
  for (const [i, row] of rows.entries()) chosen.set(ids.subarray(offsets[row], offsets[row + 1]), ends[i]);
  return {
    length: rows.length,
    ids: chosen,
    offsets: ends,
    // Which of them were cut is not known any more.
    truncated: 0,
    ...(secondStarts === undefined ? {} : { secondStarts: Int32Array.from(rows, (row) => secondStarts[row]) }),
  };
}

/** Texts tokenized so far. */
export interface TokenizeProgress {
  readonly done: number;
  readonly total: number;
}
