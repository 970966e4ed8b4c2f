/** Signs that a text is not clean: what a tokenizer would learn from and nobody meant. */

/** A kind of sign, what it means and what to do. */
export interface DamageKind {
  readonly name: string;
  /** Completes "12 texts hold …". */
  readonly what: string;
  readonly advice: string;
  test(text: string): boolean;
}

const CONTROL = /(?![\t\n\r])\p{Cc}/u;
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/u;
// UTF-8 read as windows-1252: a lead byte's character followed by a continuation byte's.
const MOJIBAKE =
  /[\u00c2-\u00c5][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]|\u00e2\u20ac[\u2122\u0153\u009d\u201c\u0153\u02dc\u00a6\u00a2]|\u00f0\u0178/u;

/** The kinds that a report looks for. */
export const DAMAGE_KINDS: readonly DamageKind[] = [
  {
    name: "mojibake",
    what: "characters that come from reading UTF-8 as latin-1 (such as Ã© for é)",
    advice: "read the file again with the right encoding",
    test: (text) => MOJIBAKE.test(text),
  },
  {
    name: "replacement",
    what: "the replacement character U+FFFD, where something could not be decoded",
    advice: "go back to the source of the data and decode it with the right encoding",
    test: (text) => text.includes("\ufffd"),
  },
  {
    name: "control",
    what: "control characters",
    advice: "remove them with the cleaning step stripControl",
    test: (text) => CONTROL.test(text),
  },
  {
    name: "invisible",
    what: "invisible characters (zero-width or direction marks, soft hyphens)",
    advice: "remove them with the cleaning step stripControl, unless the language needs them",
    test: (text) => INVISIBLE.test(text),
  },
  {
    name: "markup",
    what: "HTML tags",
    advice: "remove them with the cleaning step stripMarkup",
    test: (text) => /<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?\/?>/i.test(text),
  },
  {
    name: "entities",
    what: "HTML entities (such as &amp; or #39;)",
    advice: "resolve them with the cleaning step stripMarkup",
    test: (text) => /&(?:[a-z]{2,8}|#\d{1,6}|#x[\da-f]{1,6});|(?:^|\s)#\d{2,4};/i.test(text),
  },
  {
    name: "addresses",
    what: "web or mail addresses",
    advice: "consider whether the model should learn from them",
    test: (text) => /https?:\/\/|www\.[a-z]|[\w.+-]@[\w-]+\.[a-z]/i.test(text),
  },
  {
    name: "spaces",
    what: "spaces at an end",
    advice: "remove them with the cleaning step trim (tokenizers of BERT ignore them)",
    test: (text) => /^\s|\s$/u.test(text),
  },
];

/** Scripts by the ranges of their letters; a text counts for each of which it holds a letter. */
const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ["Latin", /\p{Script=Latin}/u],
  ["Cyrillic", /\p{Script=Cyrillic}/u],
  ["Greek", /\p{Script=Greek}/u],
  ["Arabic", /\p{Script=Arabic}/u],
  ["Hebrew", /\p{Script=Hebrew}/u],
  ["Devanagari", /\p{Script=Devanagari}/u],
  ["Han", /\p{Script=Han}/u],
  ["Kana", /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ["Hangul", /\p{Script=Hangul}/u],
  ["Thai", /\p{Script=Thai}/u],
  ["emoji", /\p{Extended_Pictographic}/u],
];

/** The names of the scripts that `text` is written in. */
export function scriptsOf(text: string): readonly string[] {
  if (!/\P{ASCII}/u.test(text)) return /[a-z]/i.test(text) ? ["Latin"] : [];
  return SCRIPTS.filter(([, pattern]) => pattern.test(text)).map(([name]) => name);
}
