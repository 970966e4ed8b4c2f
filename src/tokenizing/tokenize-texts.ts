/** Texts to token ids, kept flat. */
import type { TextTokenizer } from "../tokenizers/tokenizer.js";
import type { TokenizedTexts } from "./tokenized-texts.js";

/** Room for so many times the tokens that are expected. */
const MARGIN = 1.02;
/** A few texts say little about many: memory for at most so many times the tokens so far. */
const MOST_GROWTH = 16;

/** The tokens of all `texts`, each truncated to `maxLength` with [CLS] and [SEP]. */
export function tokenizeTexts(texts: Iterable<string>, tokenizer: TextTokenizer, maxLength: number): TokenizedTexts {
  let ids = new Int32Array(1 << 14);
  const offsets: number[] = [0];
  let truncated = 0;
  let end = 0;
  for (const text of texts) {
    const encoding = tokenizer.encode(text, maxLength);
    if (encoding.fullLength > maxLength) truncated++;
    if (end + encoding.ids.length > ids.length) {
      const larger = new Int32Array(2 * (end + encoding.ids.length));
      larger.set(ids.subarray(0, end));
      ids = larger;
    }
    ids.set(encoding.ids, end);
    end += encoding.ids.length;
    offsets.push(end);
  }
  return { length: offsets.length - 1, ids: ids.slice(0, end), offsets: Float64Array.from(offsets), truncated };
}

/** Puts tokenized parts of a whole of `rows` texts together, in the order in which they are added. */
export function createTokenCollector(rows: number) {
  let ids = new Int32Array(0);
  const offsets = new Float64Array(rows + 1);
  let row = 0;
  let end = 0;
  let truncated = 0;
  return {
    add(part: TokenizedTexts): void {
      const needed = end + part.ids.length;
      if (needed > ids.length) {
        // As if the other texts were like those so far: then it grows but once or twice, and is hardly too large.
        const expected = needed * (rows / (row + part.length));
        const larger = new Int32Array(Math.ceil(MARGIN * Math.min(expected, MOST_GROWTH * needed)));
        larger.set(ids.subarray(0, end));
        ids = larger;
      }
      ids.set(part.ids, end);
      for (let i = 1; i <= part.length; i++) offsets[row + i] = end + part.offsets[i];
      row += part.length;
      end = needed;
      truncated += part.truncated;
    },
    /** All parts, once their texts are the whole. */
    finish: (): TokenizedTexts => ({ length: row, ids: ids.subarray(0, end), offsets, truncated }),
  };
}
