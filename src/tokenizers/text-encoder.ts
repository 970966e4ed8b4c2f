/** A text to the ids of its tokens, without what stands around it: added tokens, normalization, words, tokens of words. */

import type { TokenizerDescription } from "./files/read-files.js";
import { type AddedToken, createTokenFinder } from "./steps/added-tokens.js";
import { asciiBreaks } from "./steps/bert-words.js";
import { createNormalizer } from "./steps/normalizers.js";
import { createPreTokenizer } from "./steps/pre-tokenizers.js";

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

function put(sink: Sink, ids: readonly number[]): void {
  if (sink.count < sink.limit) {
    const room = Math.min(ids.length, sink.limit - sink.count);
    for (let i = 0; i < room; i++) sink.ids.push(ids[i] as number);
  }
  sink.count += ids.length;
  sink.words?.push(ids.length);
}

export type EncodeText = (text: string, sink: Sink) => void;
/** `isFirst` says whether the text begins with this part of it. */
type EncodePart = (part: string, sink: Sink, isFirst: boolean) => void;

/** Makes the function that encodes texts. @throws E_TOKENIZER for steps of an unknown type */
export function createTextEncoder(description: TokenizerDescription, where: string): EncodeText {
  const { normalizer, preTokenizer, addedTokens } = description;
  const isBert = normalizer?.type === "BertNormalizer" && preTokenizer?.type === "BertPreTokenizer";
  const normalize = createNormalizer(normalizer, where);
  const inNormalized = createTokenFinder(
    addedTokens.filter((token) => token.normalized).map((token) => ({ content: normalize(token.content), token })),
  );
  const encodeWords = createWordsEncoder(description, where, !isBert);
  const bySteps: EncodePart = (text, sink, isFirst) => {
    const normalized = normalize(text);
    if (inNormalized === undefined) encodeWords(normalized, sink, isFirst);
    else takeApart(inNormalized, normalized, sink, isFirst, encodeWords);
  };
  const encodePart = isBert && inNormalized === undefined ? createWordwiseEncoder(bySteps) : bySteps;
  const inText = createTokenFinder(
    addedTokens.filter((token: AddedToken) => !token.normalized).map((token) => ({ content: token.content, token })),
  );
  const encode: EncodeText = (text, sink) => {
    if (inText === undefined) encodePart(text, sink, true);
    else takeApart(inText, text, sink, true, encodePart);
  };
  // Half of a pair becomes U+FFFD on its way through UTF-8; BERT's steps see to it themselves.
  return isBert ? encode : (text, sink) => encode(text.replace(/\p{Surrogate}/gu, "\uFFFD"), sink);
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
  { model, preTokenizer }: TokenizerDescription,
  where: string,
  remembers: boolean,
): EncodePart {
  const { words, spell } = createPreTokenizer(preTokenizer, where);
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
