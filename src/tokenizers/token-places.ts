/** Where the tokens of a text stand in it. */
import { type AlignedText, alignText } from "./aligned-text.js";
import { createExampleEncoder, type EncodeOptions, type TextExample } from "./example-encoder.js";
import type { TokenizerDescription } from "./files/read-files.js";
import { put, textStepsOf, withoutSurrogates } from "./text-encoder.js";

/** The part of a text that a token stands for. */
export interface TokenPlace {
  /** Whether it is the second text of a pair. */
  readonly isSecond: boolean;
  /** The part in UTF-16 units, as `text.slice(start, end)` takes it: without white space around it. */
  readonly start: number;
  readonly end: number;
}

/** The tokens of an example, or of one of its windows, and their places. */
export interface PlacedEncoding {
  /** [T], as {@link TextTokenizer.encode} gives them. */
  readonly ids: Int32Array;
  readonly secondStart: number;
  /** [T]: undefined for what the tokenizer adds, such as [CLS]. */
  readonly places: readonly (TokenPlace | undefined)[];
}

export type EncodePlaced = (example: TextExample, options: EncodeOptions) => readonly PlacedEncoding[];

interface Token {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** Makes the function that encodes an example with the places of its tokens, in as many pieces as `longTexts` asks for. */
export function createPlacedEncoder(
  description: TokenizerDescription,
  nameOf: (id: number) => string,
  where: string,
): EncodePlaced {
  const tokensOf = createTokenWalk(description, nameOf, where);
  return (example, options) => {
    // The encoder cuts and arranges whatever stands for the tokens: here their numbers, below zero to tell them from ids.
    const tokens: (Token & TokenPlace)[] = [];
    const { windows } = createExampleEncoder(description, (text, sink, isSecond = false) => {
      for (const word of tokensOf(text)) {
        put(
          sink,
          word.map((token) => -tokens.push({ ...token, isSecond })),
        );
      }
    });
    return windows(example, options).map(({ ids, secondStart }) => ({
      ids: ids.map((number) => (number < 0 ? (tokens[-number - 1] as Token).id : number)),
      secondStart,
      places: Array.from(ids, (number) => {
        if (number >= 0) return undefined;
        const { start, end, isSecond } = tokens[-number - 1] as Token & TokenPlace;
        return { start, end, isSecond };
      }),
    }));
  };
}

/** The tokens of a text, word by word, in the steps of text-encoder.ts. */
function createTokenWalk(
  description: TokenizerDescription,
  nameOf: (id: number) => string,
  where: string,
): (text: string) => readonly (readonly Token[])[] {
  const { model } = description;
  const { steps, words: preTokenizer, inText, inNormalized } = textStepsOf(description, where);
  const { words, spell } = preTokenizer;
  const prefix = (model.facts as { readonly prefix?: string } | null)?.prefix ?? "";
  return (whole) => {
    const text = withoutSurrogates(whole);
    const found: (readonly Token[])[] = [];
    let isFirst = true;
    /** The part of the text, from `offset` on, behind some units of what it was changed to. */
    const tokenAt = (id: number, offset: number, { starts, ends }: AlignedText, from: number, to: number): Token => {
      const origin =
        to > from ? [starts[from] as number, ends[to - 1] as number] : [starts[from] ?? 0, starts[from] ?? 0];
      return { id, ...trimmed(text, offset + (origin[0] as number), offset + (origin[1] as number)) };
    };
    const takeWords = (normalized: string, at: number, offset: number, aligned: AlignedText): void => {
      if (normalized === "") return;
      let cursor = 0;
      for (const word of words(normalized, isFirst)) {
        const place = placeOfWord(word, normalized, cursor);
        cursor = place.start + word.length - place.added;
        const spelled = spell === undefined ? word : spell(word);
        const units = spell === undefined ? undefined : unitsOfSpelling(word, spell);
        const ids = model.tokens(spelled);
        const pieces = piecesOf(spelled, ids.map(nameOf), prefix);
        const unitOf = (index: number): number => {
          const unit = units === undefined ? index : (units[index] ?? word.length);
          return at + Math.max(place.start, place.start + unit - place.added);
        };
        found.push(
          ids.map((id, i) => {
            const [from, to] = pieces[i] as readonly [number, number];
            // A character of several bytes belongs to each of their tokens.
            const last = to > from ? unitOf(to - 1) + 1 : unitOf(from);
            return tokenAt(id, offset, aligned, unitOf(from), Math.max(last, unitOf(to)));
          }),
        );
      }
    };
    const takePart = (part: string, offset: number): void => {
      const aligned = alignText(part, steps);
      if (inNormalized === undefined) takeWords(aligned.result, 0, offset, aligned);
      else
        inNormalized(aligned.result, {
          text(normalized, at) {
            takeWords(normalized, at, offset, aligned);
            isFirst = false;
          },
          token(id, from, to) {
            found.push([tokenAt(id, offset, aligned, from, to)]);
            isFirst = false;
          },
        });
      isFirst = false;
    };
    if (inText === undefined) takePart(text, 0);
    else
      inText(text, {
        text: takePart,
        token(id, start, end) {
          found.push([{ id, ...trimmed(text, start, end) }]);
          isFirst = false;
        },
      });
    return found;
  };
}

/** A part of `text` in whole characters, without the white space around it; the part itself where it is nothing else. */
function trimmed(text: string, from: number, to: number): { readonly start: number; readonly end: number } {
  const isInside = (at: number): boolean => /^[\uD800-\uDBFF][\uDC00-\uDFFF]/.test(text.slice(at - 1, at + 1));
  const start = isInside(from) ? from - 1 : from;
  const end = isInside(to) ? to + 1 : to;
  const part = text.slice(start, end);
  const bare = part.trimStart();
  if (bare.trim() === "") return { start, end };
  const first = end - bare.length;
  return { start: first, end: first + bare.trimEnd().length };
}

/** What stands for a space in words: SentencePiece's mark, or the space itself. */
const isSpace = (char: string | undefined): boolean => char === "\u2581" || char === " ";

/**
 * Where a word begins in the text, from `cursor` on; `added` is 1 where its first character is a space that the
 * pre-tokenizer put before it.
 */
function placeOfWord(word: string, text: string, cursor: number): { readonly start: number; readonly added: number } {
  const standsAt = (at: number, added: number): boolean => {
    for (let i = added; i < word.length; i++) {
      const char = text[at + i - added];
      if (char !== word[i] && !(isSpace(word[i]) && isSpace(char))) return false;
    }
    return true;
  };
  for (let at = cursor; at < text.length; at++) {
    if (standsAt(at, 0)) return { start: at, added: 0 };
    if (isSpace(word[0]) && standsAt(at, 1)) return { start: at, added: 1 };
  }
  return { start: cursor, added: word.length };
}

/** Of each character of a spelling, the character of the word that it spells. */
function unitsOfSpelling(word: string, spell: (word: string) => string): readonly number[] {
  const units: number[] = [];
  let unit = 0;
  for (const char of word) {
    for (let i = spell(char).length; i > 0; i--) units.push(unit);
    unit += char.length;
  }
  return units;
}

/**
 * The part of a spelled word that each of its tokens stands for. A token that is not written there, one for unknown
 * characters or for a byte, stands for all up to the next that is.
 */
function piecesOf(
  word: string,
  tokens: readonly string[],
  prefix: string,
): readonly (readonly [from: number, to: number])[] {
  const pieces: (readonly [number, number])[] = [];
  const written = (token: string, at: number): string =>
    at > 0 && prefix !== "" && token.startsWith(prefix) ? token.slice(prefix.length) : token;
  let cursor = 0;
  for (let i = 0; i < tokens.length; ) {
    const own = written(tokens[i] as string, cursor);
    if (word.startsWith(own, cursor)) {
      pieces.push([cursor, cursor + own.length]);
      cursor += own.length;
      i++;
      continue;
    }
    let next = i + 1;
    let end = word.length;
    for (; next < tokens.length; next++) {
      const at = word.indexOf(written(tokens[next] as string, cursor + 1), cursor + 1);
      if (at < 0) continue;
      end = at;
      break;
    }
    for (; i < next; i++) pieces.push([cursor, end]);
    cursor = end;
  }
  return pieces;
}
