/**
 * WordPiece: a word to the ids of its longest known pieces, from the left.
 *
 * @source huggingface/tokenizers, tokenizers/src/models/wordpiece/mod.rs; arXiv:1609.08144
 */

/** The model part of a tokenizer. */
export interface WordPieceModel {
  /** Ids by token, special and added tokens included. */
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly unkId: number;
  /** What pieces inside a word begin with, "##" in BERT. */
  readonly prefix: string;
  /** A word of more code points than this is unknown as a whole. */
  readonly maxCharsPerWord: number;
}

/** Makes a function that gives the ids of the pieces of a word, or the one unknown id. The word is not empty. */
export function createWordPiece(model: WordPieceModel): (word: string) => readonly number[] {
  const { vocabulary, prefix, maxCharsPerWord } = model;
  const unknown: readonly number[] = [model.unkId];
  const inner = new Map<string, number>();
  let longest = 0;
  let longestInner = 0;
  for (const [token, id] of vocabulary) {
    longest = Math.max(longest, token.length);
    if (token.startsWith(prefix)) {
      const piece = token.slice(prefix.length);
      inner.set(piece, id);
      longestInner = Math.max(longestInner, piece.length);
    }
  }

  return (word) => {
    if (word.length > maxCharsPerWord && longerThan(word, maxCharsPerWord)) return unknown;
    const whole = vocabulary.get(word);
    if (whole !== undefined) return [whole];
    const ids: number[] = [];
    let start = 0;
    while (start < word.length) {
      const table = start === 0 ? vocabulary : inner;
      let end = Math.min(word.length, start + (start === 0 ? longest : longestInner));
      let id: number | undefined;
      for (; end > start; end--) {
        if (end < word.length && splitsPair(word, end)) continue;
        id = table.get(word.slice(start, end));
        if (id !== undefined) break;
      }
      if (id === undefined) return unknown;
      ids.push(id);
      start = end;
    }
    return ids;
  };
}

function splitsPair(word: string, at: number): boolean {
  return isSurrogate(word.charCodeAt(at), 0xdc00) && isSurrogate(word.charCodeAt(at - 1), 0xd800);
}

function isSurrogate(unit: number, first: number): boolean {
  return unit >= first && unit < first + 0x400;
}

function longerThan(word: string, limit: number): boolean {
  let count = 0;
  for (let i = 0; i < word.length; i++) {
    if (i + 1 < word.length && splitsPair(word, i + 1)) i++;
    if (++count > limit) return true;
  }
  return false;
}
