/**
 * BERT's basic tokenizer: text to words, exactly as the Rust tokenizers' `BertNormalizer` and
 * `BertPreTokenizer` do it. Cleaning, spaces around ideographs, NFD without nonspacing marks, lower case,
 * then words at white space and single punctuation characters.
 *
 * Where `@huggingface/tokenizers` differs and this does not: ideographs beyond U+FFFF, private and
 * unassigned code points, the final sigma (lower-cased by itself, not by context), marks that Unicode
 * added after the tables of the Rust library.
 *
 * @source huggingface/tokenizers, tokenizers/src/normalizers/bert.rs and pre_tokenizers/bert.rs
 */

import {
  COMBINING,
  DECOMPOSED,
  DROPPED,
  GAP,
  IDEOGRAPH,
  LOWERED,
  MARK,
  PUNCTUATION,
  SPACE,
} from "../unicode/bert-characters.js";
import { flagged, rangesOf } from "../unicode/code-points.js";

/** The settings of a `BertNormalizer`, with `stripAccents` resolved: null there means "as lowercase". */
export interface BertNormalization {
  readonly cleanText: boolean;
  readonly handleChineseChars: boolean;
  readonly stripAccents: boolean;
  readonly lowercase: boolean;
}

const IS_DROPPED = 1;
const IS_SPACE = 2;
const IS_IDEOGRAPH = 4;
const IS_MARK = 8;
const IS_DECOMPOSED = 16;
const IS_LOWERED = 32;
const IS_PUNCTUATION = 64;
const IS_GAP = 128;

interface Characters {
  /** A bit set per code point. */
  readonly flags: Uint8Array;
  /** Canonical combining class of the code points where it is not 0. */
  readonly combining: ReadonlyMap<number, number>;
}

let loaded: Characters | undefined;

function characters(): Characters {
  if (loaded !== undefined) return loaded;
  const flags = flagged([
    [DROPPED, IS_DROPPED],
    [SPACE, IS_SPACE],
    [IDEOGRAPH, IS_IDEOGRAPH],
    [MARK, IS_MARK],
    [DECOMPOSED, IS_DECOMPOSED],
    [LOWERED, IS_LOWERED],
    [PUNCTUATION, IS_PUNCTUATION],
    [GAP, IS_GAP],
  ]);
  const combining = new Map<number, number>();
  for (const [kind, table] of Object.entries(COMBINING)) {
    for (const [from, to] of rangesOf(table)) for (let c = from; c < to; c++) combining.set(c, Number(kind));
  }
  loaded = { flags, combining };
  return loaded;
}

/** The code point at `at`; a lone surrogate counts as U+FFFD, which it becomes on its way through UTF-8. */
function codePointAt(text: string, at: number): number {
  const code = text.codePointAt(at) as number;
  return code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
}

/** Lower case of each code point by itself: no context, so no final sigma. */
export function lowercase(text: string): string {
  const { flags } = characters();
  let result = "";
  for (let i = 0; i < text.length; ) {
    const code = codePointAt(text, i);
    i += code > 0xffff ? 2 : 1;
    const char = String.fromCodePoint(code);
    result += (flags[code] as number) & IS_LOWERED ? char.toLowerCase() : char;
  }
  return result;
}

/** The text after a `BertNormalizer`. Takes time and memory proportional to the text. */
export function bertNormalize(text: string, settings: BertNormalization): string {
  const { flags, combining } = characters();
  const codes: number[] = [];
  let unordered = false;
  for (let i = 0; i < text.length; ) {
    let code = codePointAt(text, i);
    i += code > 0xffff ? 2 : 1;
    const flag = flags[code] as number;
    if (settings.cleanText) {
      if (flag & IS_DROPPED) continue;
      if (flag & IS_SPACE) code = 0x20;
    }
    const spaced = settings.handleChineseChars && flag & IS_IDEOGRAPH;
    if (spaced) codes.push(0x20);
    if (settings.stripAccents && flag & IS_DECOMPOSED) {
      for (const part of String.fromCodePoint(code).normalize("NFD")) codes.push(part.codePointAt(0) as number);
      unordered = true;
    } else {
      codes.push(code);
      unordered ||= code >= 0x300 && combining.has(code);
    }
    if (spaced) codes.push(0x20);
  }
  if (settings.stripAccents && unordered) orderMarks(codes, combining);
  let result = "";
  for (const code of codes) {
    const flag = flags[code] as number;
    if (settings.stripAccents && flag & IS_MARK) continue;
    const char = String.fromCodePoint(code);
    result += settings.lowercase && flag & IS_LOWERED ? char.toLowerCase() : char;
  }
  return result;
}

/** Puts each run of combining code points into the order of their classes, equal ones as they stood (Unicode, D109). */
function orderMarks(codes: number[], combining: ReadonlyMap<number, number>): void {
  const kind = (code: number): number => combining.get(code) ?? 0;
  for (let i = 0; i < codes.length; i++) {
    if (kind(codes[i] as number) === 0) continue;
    let end = i + 1;
    while (end < codes.length && kind(codes[end] as number) !== 0) end++;
    if (end - i > 1) {
      const run = codes.slice(i, end).sort((a, b) => kind(a) - kind(b));
      for (let j = 0; j < run.length; j++) codes[i + j] = run[j] as number;
    }
    i = end;
  }
}

/** The words of a normalized text: what stands between white space, punctuation characters each alone. */
export function bertWords(text: string): string[] {
  const { flags } = characters();
  const words: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; ) {
    const code = text.codePointAt(i) as number;
    const next = i + (code > 0xffff ? 2 : 1);
    const flag = flags[code] as number;
    if (flag & (IS_GAP | IS_PUNCTUATION)) {
      if (start < i) words.push(text.slice(start, i));
      if (flag & IS_PUNCTUATION) words.push(text.slice(i, next));
      start = next;
    }
    i = next;
  }
  if (start < text.length) words.push(text.slice(start));
  return words;
}

/** ASCII characters by what they do wherever they stand: 1 separates words, 2 is a word, 0 needs a look at its word. */
export function asciiBreaks(): Uint8Array {
  const { flags } = characters();
  const breaks = new Uint8Array(128);
  for (let c = 0; c < 128; c++) {
    const flag = flags[c] as number;
    // Cleaning removes the separators among the control characters, so only these four are ones under every setting.
    if (flag & IS_PUNCTUATION) breaks[c] = 2;
    else if (c === 0x20 || c === 0x09 || c === 0x0a || c === 0x0d) breaks[c] = 1;
  }
  return breaks;
}
