/** Texts to token ids, kept flat. */
import type { WindowScores } from "../tokenizers/long-texts.js";
import type { EncodeOptions, TextExample, TextTokenizer } from "../tokenizers/tokenizer.js";
import { rowsOf, type TokenizedTexts } from "./tokenized-texts.js";

/** Room for so many times the tokens that are expected. */
const MARGIN = 1.02;
/** A few texts say little about many: memory for at most so many times the tokens so far. */
const MOST_GROWTH = 16;

/**
 * The tokens of all `examples`, each truncated with its special tokens.
 *
 * @throws as {@link TextTokenizer.encode}
 */
export function tokenizeTexts(
  examples: Iterable<TextExample>,
  tokenizer: TextTokenizer,
  options: EncodeOptions,
): TokenizedTexts {
  let ids = new Int32Array(1 << 14);
  const offsets: number[] = [0];
  const secondStarts: number[] = [];
  let pairs = false;
  let truncated = 0;
  let end = 0;
  const { longTexts } = options;
  const starts = [0];
  for (const example of examples) {
    pairs ||= typeof example !== "string";
    const pieces =
      longTexts?.read === "windows" ? tokenizer.encodeWindows(example, options) : [tokenizer.encode(example, options)];
    for (const encoding of pieces) {
      if (encoding.fullLength > options.maxLength) truncated++;
      secondStarts.push(encoding.secondStart);
      if (end + encoding.ids.length > ids.length) {
        const larger = new Int32Array(2 * (end + encoding.ids.length));
        larger.set(ids.subarray(0, end));
        ids = larger;
      }
      ids.set(encoding.ids, end);
      end += encoding.ids.length;
      offsets.push(end);
    }
    starts.push(offsets.length - 1);
  }
  return {
    length: offsets.length - 1,
    ids: ids.slice(0, end),
    offsets: Float64Array.from(offsets),
    truncated,
    ...(pairs ? { secondStarts: Int32Array.from(secondStarts) } : {}),
    ...(longTexts?.read === "windows"
      ? { windows: { starts: Float64Array.from(starts), scores: longTexts.scores } }
      : {}),
  };
}

/** Puts tokenized parts of a whole of `rows` texts, or of as many pairs, together, in the order in which they are added. */
export function createTokenCollector(rows: number) {
  let ids = new Int32Array(0);
  // A row each, or more where texts are read in windows.
  let offsets = new Float64Array(rows + 1);
  let secondStarts: Int32Array | undefined;
  let windows: { starts: number[]; scores: WindowScores } | undefined;
  /** Pieces so far, and texts that they are of. */
  let row = 0;
  let done = 0;
  let end = 0;
  let truncated = 0;
  return {
    add(part: TokenizedTexts): void {
      const needed = end + part.ids.length;
      if (needed > ids.length) {
        // As if the other texts were like those so far: then it grows but once or twice, and is hardly too large.
        const expected = needed * (rows / (done + rowsOf(part)));
        const larger = new Int32Array(Math.ceil(MARGIN * Math.min(expected, MOST_GROWTH * needed)));
        larger.set(ids.subarray(0, end));
        ids = larger;
      }
      ids.set(part.ids, end);
      if (row + part.length >= offsets.length) {
        const larger = new Float64Array(2 * (row + part.length));
        larger.set(offsets);
        offsets = larger;
      }
      for (let i = 1; i <= part.length; i++) offsets[row + i] = end + part.offsets[i];
      if (part.secondStarts !== undefined) {
        secondStarts ??= new Int32Array(rows);
        secondStarts.set(part.secondStarts, row);
      }
      if (part.windows !== undefined) {
        windows ??= { starts: [0], scores: part.windows.scores };
        for (const start of part.windows.starts.subarray(1)) windows.starts.push(row + start);
      }
      row += part.length;
      done += rowsOf(part);
      end = needed;
      truncated += part.truncated;
    },
    /** All parts, once their texts are the whole. */
    finish: (): TokenizedTexts => ({
      length: row,
      ids: ids.subarray(0, end),
      offsets: offsets.subarray(0, row + 1),
      truncated,
      ...(secondStarts === undefined ? {} : { secondStarts }),
      ...(windows === undefined ? {} : { windows: { ...windows, starts: Float64Array.from(windows.starts) } }),
    }),
  };
}
