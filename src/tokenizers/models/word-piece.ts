/**
 * WordPiece: a word to the ids of its longest known pieces, from the left.
 *
 * @source huggingface/tokenizers, tokenizers/src/models/wordpiece/mod.rs; arXiv:1609.08144
 */

import { missingToken, readVocabulary, type TokenModelKind } from "./token-model.js";

export const wordPieceKind: TokenModelKind = {
  type: "WordPiece",
  isUntyped: (section) => section.continuing_subword_prefix !== undefined,
  read(section, added, where) {
    const own = readVocabulary(section, where);
    const vocabulary = new Map([...own, ...added]);
    const unkToken = typeof section.unk_token === "string" ? section.unk_token : "[UNK]";
    const unkId = vocabulary.get(unkToken) ?? missingToken(unkToken, where);
    const { continuing_subword_prefix: prefix = "##", max_input_chars_per_word: most = 100 } = section;
    const pieces = {
      unkId,
      prefix: typeof prefix === "string" ? prefix : "##",
      maxCharsPerWord: typeof most === "number" ? most : 100,
    };
    return {
      kind: this.type,
      vocabulary,
      unkToken,
      facts: pieces,
      tokens: createWordPiece({ ...pieces, vocabulary: own }),
    };
  },
};

interface WordPieceModel {
  /** Ids by token. */
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly unkId: number;
  /** What pieces inside a word begin with, "##" in BERT. */
  readonly prefix: string;
  /** A word of more code points than this is unknown as a whole. */
  readonly maxCharsPerWord: number;
}

/** Makes a function that gives the ids of the pieces of a word, or the one unknown id. The word is not empty. */
function createWordPiece(model: WordPieceModel): (word: string) => readonly number[] {
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
