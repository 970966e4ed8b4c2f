/** Texts to token ids, kept flat. */
import type { TextTokenizer } from "../tokenizers/tokenizer.js";
import type { TokenizedTexts } from "../training/batch.js";

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
