/**
 * The words of GPT-2 and RoBERTa, and their bytes as printable characters.
 *
 * @source huggingface/tokenizers, tokenizers/src/pre_tokenizers/byte_level.rs; openai/gpt-2, src/encoder.py
 */
import { flagged } from "../unicode/code-points.js";
import { LETTER, NUMBER, WHITE } from "../unicode/unicode-characters.js";

const IS_LETTER = 1;
const IS_NUMBER = 2;
const IS_WHITE = 4;

let loaded: Uint8Array | undefined;

/** The words of `text`: contractions, letters, numbers and others, each with the space before it, and runs of white space. */
export function byteLevelWords(text: string): string[] {
  loaded ??= flagged([
    [LETTER, IS_LETTER],
    [NUMBER, IS_NUMBER],
    [WHITE, IS_WHITE],
  ]);
  const flags = loaded;
  const words: string[] = [];
  /** The end of the characters from `at` on that are of one kind. */
  const endOfRun = (at: number, kind: number): number => {
    let i = at;
    while (i < text.length) {
      const code = text.codePointAt(i) as number;
      if (flags[code] !== kind) break;
      i += code > 0xffff ? 2 : 1;
    }
    return i;
  };
  for (let start = 0; start < text.length; ) {
    let end = endOfContraction(text, start);
    if (end === start) {
      const first = text.charCodeAt(start) === 0x20 && start + 1 < text.length ? start + 1 : start;
      const kind = flags[text.codePointAt(first) as number];
      if (kind !== IS_WHITE) end = endOfRun(first, kind);
      else {
        end = endOfRun(start, IS_WHITE);
        // The last white character goes with the word behind it: white space beyond ASCII has one unit too.
        if (end < text.length && end > start + 1) end--;
      }
    }
    words.push(text.slice(start, end));
    start = end;
  }
  return words;
}

const CONTRACTIONS = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

function endOfContraction(text: string, start: number): number {
  if (text.charCodeAt(start) !== 0x27) return start;
  const found = CONTRACTIONS.find((contraction) => text.startsWith(contraction, start));
  return start + (found?.length ?? 0);
}

/** By byte: printable ASCII and Latin-1 stand for themselves, the others for the characters from U+0100 on, in order. */
const CHARACTERS: readonly string[] = (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const stands = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCharCode(stands ? byte : next++);
  });
})();

const encoder = new TextEncoder();

/** The UTF-8 bytes of `word`, a character each. */
export function byteCharacters(word: string): string {
  let result = "";
  for (const byte of encoder.encode(word)) result += CHARACTERS[byte];
  return result;
}
