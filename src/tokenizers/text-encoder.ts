/** A text to the ids of its tokens, without what stands around it: added tokens, normalization, words, tokens of words. */

import type { TokenizerDescription } from "./files/read-files.js";
import { type AddedToken, createTokenFinder } from "./steps/added-tokens.js";
import { asciiBreaks } from "./steps/bert-words.js";
import { type Normalize, normalizerSteps } from "./steps/normalizers.js";
import { createPreTokenizer, type PreTokenizer } from "./steps/pre-tokenizers.js";

/** Words and their ids are remembered up to this many; then the memory starts anew. */
const REMEMBERED_WORDS = 50_000;
/** Longer words hardly come twice. */
const REMEMBERED_LENGTH = 40;

/** Takes ids: keeps the first `limit`, counts all. */
export interface Sink {
  readonly ids: number[];
  readonly limit: number;
  count: number;
  /** Takes the number of ids of each word, where that is asked for. */
  readonly words: number[] | undefined;
}

export function createSink(limit: number, words?: number[]): Sink {
  return { ids: [], limit, count: 0, words };
}

export function put(sink: Sink, ids: readonly number[]): void {
  if (sink.count < sink.limit) {
    const room = Math.min(ids.length, sink.limit - sink.count);
    for (let i = 0; i < room; i++) sink.ids.push(ids[i] as number);
  }
  sink.count += ids.length;
  sink.words?.push(ids.length);
}

/** `isSecond` says whether the text is the second of a pair, for who keeps the two apart. */
export type EncodeText = (text: string, sink: Sink, isSecond?: boolean) => void;
/** `isFirst` says whether the text begins with this part of it. */
type EncodePart = (part: string, sink: Sink, isFirst: boolean) => void;

/** What is done to a text before its words become tokens. */
export interface TextSteps {
  /** The functions that normalize, one after the other, and all of them. */
  readonly steps: readonly Normalize[];
  readonly normalize: Normalize;
  readonly words: PreTokenizer;
  /** Added tokens of the text as it stands, and of the normalized text; undefined where there are none. */
  readonly inText: Finder | undefined;
  readonly inNormalized: Finder | undefined;
}

/** @throws E_TOKENIZER for steps of an unknown type */
export function textStepsOf(description: TokenizerDescription, where: string): TextSteps {
  const { normalizer, preTokenizer, addedTokens } = description;
  const steps = normalizerSteps(normalizer, where);
  const normalize: Normalize = (text) => steps.reduce((result, step) => step(result), text);
  const find = (tokens: readonly AddedToken[], contentOf: (token: AddedToken) => string) =>
    createTokenFinder(tokens.map((token) => ({ content: contentOf(token), token })));
  return {
    steps,
    normalize,
    words: createPreTokenizer(preTokenizer, where),
    inText: find(
      addedTokens.filter((token) => !token.normalized),
      ({ content }) => content,
    ),
    inNormalized: find(
      addedTokens.filter((token) => token.normalized),
      ({ content }) => normalize(content),
    ),
  };
}

/** Half of a pair becomes U+FFFD on its way through UTF-8, in as many UTF-16 units. */
export function withoutSurrogates(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}

/** Makes the function that encodes texts. @throws E_TOKENIZER for steps of an unknown type */
export function createTextEncoder(description: TokenizerDescription, where: string): EncodeText {
  const { normalizer, preTokenizer } = description;
  const isBert = normalizer?.type === "BertNormalizer" && preTokenizer?.type === "BertPreTokenizer";
  const { normalize, words, inText, inNormalized } = textStepsOf(description, where);
  const encodeWords = createWordsEncoder(description, words, !isBert);
  const bySteps: EncodePart = (text, sink, isFirst) => {
    const normalized = normalize(text);
    if (inNormalized === undefined) encodeWords(normalized, sink, isFirst);
    else takeApart(inNormalized, normalized, sink, isFirst, encodeWords);
  };
  const encodePart = isBert && inNormalized === undefined ? createWordwiseEncoder(bySteps) : bySteps;
  const encode: EncodeText = (text, sink) => {
    if (inText === undefined) encodePart(text, sink, true);
    else takeApart(inText, text, sink, true, encodePart);
  };
  // BERT's steps see to halves of pairs themselves.
  return isBert ? encode : (text, sink) => encode(withoutSurrogates(text), sink);
}

type Finder = NonNullable<ReturnType<typeof createTokenFinder>>;

function takeApart(find: Finder, text: string, sink: Sink, isFirst: boolean, encodePart: EncodePart): void {
  let atStart = isFirst;
  find(text, {
    text(part) {
      encodePart(part, sink, atStart);
      atStart = false;
    },
    token(id) {
      put(sink, [id]);
      atStart = false;
    },
  });
}

/** A normalized text to the ids of its words' tokens. */
function createWordsEncoder(
  { model }: TokenizerDescription,
  { words, spell }: PreTokenizer,
  remembers: boolean,
): EncodePart {
  const remembered = new Map<string, readonly number[]>();
  const tokensOf = (word: string): readonly number[] => {
    if (!remembers || word.length > REMEMBERED_LENGTH) return model.tokens(spell === undefined ? word : spell(word));
    let ids = remembered.get(word);
    if (ids === undefined) {
      ids = model.tokens(spell === undefined ? word : spell(word));
      remember(remembered, word, ids);
    }
    return ids;
  };
  return (text, sink, isFirst) => {
    // What normalization leaves nothing of has no words, not even the space before one.
    if (text === "") return;
    for (const word of words(text, isFirst)) put(sink, tokensOf(word));
  };
}

function remember(remembered: Map<string, readonly number[]>, word: string, ids: readonly number[]): void {
  if (remembered.size >= REMEMBERED_WORDS) remembered.clear();
  // A copy: a slice would keep the whole text alive.
  remembered.set(word.split("").join(""), ids);
}

/**
 * The same ids as `bySteps` for BERT's steps, without making the normalized text: no step looks beyond ASCII white space or
 * punctuation, so what stands between these can be encoded by itself, and remembered.
 */
function createWordwiseEncoder(bySteps: EncodePart): EncodePart {
  const breaks = asciiBreaks();
  const remembered = new Map<string, readonly number[]>();
  const idsOf = (part: string): readonly number[] => {
    const sink = createSink(Number.POSITIVE_INFINITY);
    bySteps(part, sink, false);
    return sink.ids;
  };
  const marks = Array.from(breaks, (kind, code) => (kind === 2 ? idsOf(String.fromCharCode(code)) : []));
  const encodePart = (part: string, sink: Sink): void => {
    if (part.length > REMEMBERED_LENGTH) {
      bySteps(part, sink, false);
      return;
    }
    let ids = remembered.get(part);
    if (ids === undefined) {
      ids = idsOf(part);
      remember(remembered, part, ids);
    }
    put(sink, ids);
  };
  return (text, sink, isFirst) => {
    if (sink.words !== undefined) return bySteps(text, sink, isFirst);
    const length = text.length;
    let start = 0;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 128 || breaks[code] === 0) continue;
      if (start < i) encodePart(text.slice(start, i), sink);
      if (breaks[code] === 2) put(sink, marks[code] as readonly number[]);
      start = i + 1;
    }
    if (start < length) encodePart(text.slice(start), sink);
  };
}
