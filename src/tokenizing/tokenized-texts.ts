/** Texts as token ids. */
import type { Family } from "../metrics/family.js";
import { logSoftmax } from "../metrics/probability.js";
import type { WindowScores } from "../tokenizers/long-texts.js";

/**
 * Tokenized texts, or pairs of texts, in flat arrays: text i has the ids from `offsets[i]` to `offsets[i + 1]`, with [CLS] and
 * [SEP], truncated. Four bytes a token, whatever the number of texts.
 */
export interface TokenizedTexts {
  /** How many there are: of texts in windows, the windows of all. */
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
  /** Undefined where each text is in one piece. */
  readonly windows?: Windows;
}

/** The windows in which long texts are read. */
export interface Windows {
  /** [N + 1]: text i has the windows from `starts[i]` to `starts[i + 1]`, one at least. */
  readonly starts: Float64Array;
  /** How their scores become those of their text. */
  readonly scores: WindowScores;
}

/** The number of texts, whatever windows they are read in. */
export function rowsOf({ length, windows }: TokenizedTexts): number {
  return windows === undefined ? length : windows.starts.length - 1;
}

/** Of each window the text that it is of. */
export function rowsOfWindows({ starts }: Windows): Uint32Array {
  const rows = new Uint32Array(starts[starts.length - 1]);
  for (let row = 0; row + 1 < starts.length; row++) rows.fill(row, starts[row], starts[row + 1]);
  return rows;
}

/**
 * Scores [windows, C], before softmax or sigmoid, as those of the texts, [N, C]: the mean or the largest of each over a
 * text's windows.
 *
 * Scores under a softmax mean something beside each other alone: one window's may all be higher than another's and say the
 * same. So the largest is that of their logarithms of probabilities; the mean is the same of both but for a constant.
 */
export function combineWindows(
  outputs: Float32Array,
  width: number,
  { starts, scores: how }: Windows,
  family: Family,
): Float32Array {
  const rows = starts.length - 1;
  const combined = new Float32Array(rows * width);
  const scores = how === "max" && family === "single-label" ? logProbabilities(outputs, width) : outputs;
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < width; c++) {
      let sum = 0;
      let most = Number.NEGATIVE_INFINITY;
      for (let window = starts[row]; window < starts[row + 1]; window++) {
        const score = scores[window * width + c];
        sum += score;
        most = Math.max(most, score);
      }
      combined[row * width + c] = how === "max" ? most : sum / (starts[row + 1] - starts[row]);
    }
  }
  return combined;
}

function logProbabilities(scores: Float32Array, width: number): Float32Array {
  const all = new Float32Array(scores.length);
  for (let start = 0; start < scores.length; start += width)
    logSoftmax(scores, start, width, all.subarray(start, start + width));
  return all;
}

/** Number of tokens of text `row`. */
export function lengthOf(texts: TokenizedTexts, row: number): number {
  return texts.offsets[row + 1] - texts.offsets[row];
}

/** The texts `rows`, in that order. */
export function selectTexts(texts: TokenizedTexts, rows: Uint32Array): TokenizedTexts {
  const { windows: all } = texts;
  if (all === undefined) return selectPieces(texts, rows);
  const starts = new Float64Array(rows.length + 1);
  const windows: number[] = [];
  for (const [i, row] of rows.entries()) {
    for (let window = all.starts[row]; window < all.starts[row + 1]; window++) windows.push(window);
    starts[i + 1] = windows.length;
  }
  return { ...selectPieces(texts, Uint32Array.from(windows)), windows: { ...all, starts } };
}

function selectPieces({ ids, offsets, secondStarts }: TokenizedTexts, rows: Uint32Array): TokenizedTexts {
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
