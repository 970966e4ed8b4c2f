/**
 * BERT tokenizers: text to token ids and back, with the same ids as the Rust tokenizers.
 *
 * The way of a text: added tokens are taken out, the rest is normalized, split into words, and each word
 * into WordPieces. For a BERT tokenizer these steps are Textune's own, see bert-words.ts; normalizers and
 * pre-tokenizers of other kinds, and decoders, are those of `@huggingface/tokenizers`.
 */

import { Tokenizer } from "@huggingface/tokenizers";
import { fail } from "../base/errors.js";
import { type AddedToken, createTokenFinder } from "./added-tokens.js";
import { asciiBreaks, type BertNormalization, bertNormalize, bertWords, lowercase } from "./bert-words.js";
import { readTokenizerFiles, type TokenizerDescription, type TokenizerFiles } from "./read-files.js";
import type { JsonObject } from "./read-json.js";
import { sha256 } from "./sha256.js";
import type { Template } from "./template.js";
import { keptOfPair, type TruncationStrategy } from "./truncate.js";
import { createWordPiece } from "./word-piece.js";

export type { TokenizerFiles } from "./read-files.js";
export type { TruncationStrategy } from "./truncate.js";

/** Two texts that are classified as one, as a question and an answer. */
export interface TextPair {
  readonly text: string;
  readonly textPair: string;
}

/** What is classified: a text, or a pair of texts. */
export type TextExample = string | TextPair;

/** How an example is cut. */
export interface EncodeOptions {
  /** The most tokens, special ones included: at least one of each text besides these, so 3 for BERT, or 5 for a pair. */
  readonly maxLength: number;
  /** Which text of a pair gives way; "longest_first" by default. */
  readonly truncation?: TruncationStrategy | undefined;
}

/** The tokens of one example. */
export interface Encoding {
  /** [T] int32, from [CLS] to [SEP], T at most the `maxLength` asked for. */
  readonly ids: Int32Array;
  /** The first token of the second segment: `token_type_ids` are 0 before it and 1 from it on. T where all are 0. */
  readonly secondStart: number;
  /** T before truncation. */
  readonly fullLength: number;
}

/** WordPiece alone, without cleaning, lower-casing or splitting at punctuation. */
export interface WordPieceOnly {
  /** The pieces of the words between white space: "world," gives "world" and "##,". */
  tokenize(text: string): string[];
  /** The ids of {@link WordPieceOnly.tokenize}'s pieces. */
  encode(text: string): Int32Array;
}

/** Turns text into token ids. Not changed by use: the same text always gives the same ids. */
export interface TextTokenizer {
  /** The largest id + 1. */
  readonly vocabularySize: number;
  readonly padId: number;
  readonly clsId: number;
  readonly sepId: number;
  readonly unkId: number;
  /** The longest text that the model's makers allow, in tokens; undefined where they name none. */
  readonly modelMaxLength: number | undefined;
  /** Which end too long a text loses: "right" its end, as usual, "left" its beginning. */
  readonly truncationSide: "left" | "right";
  /** SHA-256, in hexadecimal, of all that decides ids. */
  readonly fingerprint: string;
  /** What to save beside a model, so that any reader builds this tokenizer. */
  readonly files: TokenizerFiles;
  /** WordPiece without the steps before it. */
  readonly wordpiece: WordPieceOnly;
  /**
   * The ids of [CLS], the text and [SEP]; of a pair [CLS] text [SEP] textPair [SEP], or as the tokenizer's files have it. Too
   * long a text loses its end, or its beginning where the files say so (`truncationSide`), as under transformers'
   * `truncation=True`.
   *
   * @throws E_CONFIG for a `maxLength` without room for a token of each text, E_DATA where a pair cannot be cut as `truncation`
   *   says, E_TOKENIZER for a pair where the files have no template of pairs
   */
  encode(example: TextExample, options: EncodeOptions): Encoding;
  /** The tokens of the whole text, without [CLS] and [SEP]. */
  tokenize(text: string): string[];
  /** The text of `ids`, special tokens included; ids that are not in the vocabulary are passed over. */
  decode(ids: ArrayLike<number>): string;
}

/** What Python's `str.split()` splits at, as in the original WordPiece tokenizer. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python counts the four separators as white space
const PYTHON_SPACE = /[\p{White_Space}\x1c-\x1f]+/u;
/** Words and their ids are remembered up to this many; then the memory starts anew. */
const REMEMBERED_WORDS = 50_000;
/** Longer words hardly come twice. */
const REMEMBERED_LENGTH = 40;

/**
 * Makes the tokenizer that `files` describe.
 *
 * @throws E_TOKENIZER when they are missing, damaged, or of a tokenizer that is not WordPiece
 */
export function loadTokenizer(files: TokenizerFiles): TextTokenizer {
  const description = readTokenizerFiles(files);
  const { vocabulary, clsId, sepId, padId, unkId } = description;
  const tokens: (string | undefined)[] = [];
  for (const [token, id] of vocabulary) tokens[id] = token;
  const pieces = createWordPiece(description);
  const library = libraryParts(description);
  const encodeText = createEncoder(description, pieces, library);
  const all = (text: string): number[] => {
    const sink = createSink(Number.POSITIVE_INFINITY);
    encodeText(text, sink);
    return sink.ids;
  };
  const pieceIds = (text: string): number[] =>
    text
      .split(PYTHON_SPACE)
      .filter((word) => word !== "")
      .flatMap((word) => pieces(word));
  const named = (ids: readonly number[]): string[] => ids.map((id) => tokens[id] as string);

  return {
    vocabularySize: tokens.length,
    padId,
    clsId,
    sepId,
    unkId,
    modelMaxLength: description.modelMaxLength,
    truncationSide: description.truncationSide,
    fingerprint: fingerprintOf(description),
    get files() {
      return description.files;
    },
    wordpiece: { tokenize: (text) => named(pieceIds(text)), encode: (text) => Int32Array.from(pieceIds(text)) },
    encode: createExampleEncoder(description, encodeText),
    tokenize: (text) => named(all(text)),
    decode(ids) {
      const known: string[] = [];
      for (let i = 0; i < ids.length; i++) {
        const token = tokens[ids[i] as number];
        if (token !== undefined) known.push(token);
      }
      return library.decoder === null ? known.join(" ") : library.decoder.decode(known);
    },
  };
}

/** Puts the template around the tokens of the texts, cut to the room that it leaves. */
function createExampleEncoder(
  { templates, truncationSide }: TokenizerDescription,
  encodeText: EncodeText,
): TextTokenizer["encode"] {
  const fromEnd = truncationSide === "left";
  const tokensOf = (text: string, room: number): Sink => {
    const sink = createSink(fromEnd ? Number.POSITIVE_INFINITY : room);
    encodeText(text, sink);
    return sink;
  };
  /** The library leaves off after the word that makes `enough`, and takes for the longer text the one that it has more of. */
  const countUpTo = (text: string, enough: number): number => {
    const words: number[] = [];
    encodeText(text, createSink(0, words));
    if (fromEnd) words.reverse();
    let count = 0;
    for (let i = 0; i < words.length && count < enough; i++) count += words[i];
    return count;
  };
  const cut = ({ ids }: Sink, length: number): readonly number[] =>
    ids.length <= length ? ids : fromEnd ? ids.slice(ids.length - length) : ids.slice(0, length);
  return (example, { maxLength, truncation = "longest_first" }) => {
    const pair = typeof example === "string" ? undefined : example;
    const template = pair === undefined ? templates.single : (templates.pair ?? withoutPairs());
    const room = maxLength - template.specials;
    if (!Number.isInteger(maxLength) || room < (pair === undefined ? 1 : 2)) tooShort(maxLength, template, pair);
    const first = tokensOf(pair === undefined ? (example as string) : pair.text, room);
    const second = pair && tokensOf(pair.textPair, room);
    const counts = [first.count, second?.count ?? 0] as const;
    const kept =
      pair === undefined
        ? [Math.min(first.count, room), 0]
        : counts[0] >= maxLength && counts[1] >= maxLength
          ? keptOfPair(countUpTo(pair.text, maxLength), countUpTo(pair.textPair, maxLength), room, truncation)
          : keptOfPair(...counts, room, truncation);
    const ids = new Int32Array(template.specials + kept[0] + kept[1]);
    let end = 0;
    let secondStart = ids.length;
    for (const [i, part] of template.parts.entries()) {
      if (i === template.secondSegment) secondStart = end;
      const tokens = part === "first" ? cut(first, kept[0]) : part === "second" ? cut(second as Sink, kept[1]) : part;
      ids.set(tokens, end);
      end += tokens.length;
    }
    return { ids, secondStart, fullLength: template.specials + counts[0] + counts[1] };
  };
}

function tooShort(maxLength: number, { specials }: Template, pair: TextPair | undefined): never {
  const [least, parts] =
    pair === undefined
      ? [specials + 1, "one token and the special ones around it"]
      : [specials + 2, "a token of each text and the special ones around them"];
  return fail("E_CONFIG", {
    where: "maxLength",
    expected: `a whole number of at least ${least}: ${parts}`,
    got: String(maxLength),
    fix: "choose a larger one",
  });
}

function withoutPairs(): never {
  return fail("E_TOKENIZER", {
    where: "post_processor of tokenizer.json",
    expected: "a template of pairs",
    got: "none",
    fix: "classify one text at a time, or choose another model",
  });
}

/** Takes ids: keeps the first `limit`, counts all. */
interface Sink {
  readonly ids: number[];
  readonly limit: number;
  count: number;
  /** Takes the number of ids of each word, where that is asked for. */
  readonly words: number[] | undefined;
}

function createSink(limit: number, words?: number[]): Sink {
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

type EncodeText = (text: string, sink: Sink) => void;
type WordPieces = (word: string) => readonly number[];

/** Text to ids without [CLS] and [SEP]: added tokens, then the rest. */
function createEncoder(description: TokenizerDescription, pieces: WordPieces, library: LibraryParts): EncodeText {
  const { normalizer, preTokenizer, addedTokens } = description;
  const normalize = createNormalizer(normalizer, library);
  const words = preTokenizer?.type === "BertPreTokenizer" ? bertWords : library.words;
  const inNormalized = createTokenFinder(
    addedTokens.filter((token) => token.normalized).map((token) => ({ content: normalize(token.content), token })),
  );
  const bySteps: EncodeText = (text, sink) => {
    const wordwise = (part: string): void => {
      for (const word of words(part)) if (word !== "") put(sink, pieces(word));
    };
    const normalized = normalize(text);
    if (inNormalized === undefined) wordwise(normalized);
    else inNormalized(normalized, { text: wordwise, token: (id) => put(sink, [id]) });
  };
  const byWords =
    normalizer?.type === "BertNormalizer" && preTokenizer?.type === "BertPreTokenizer" && inNormalized === undefined
      ? createWordwiseEncoder(bySteps)
      : bySteps;

  const inText = createTokenFinder(
    addedTokens.filter((token: AddedToken) => !token.normalized).map((token) => ({ content: token.content, token })),
  );
  if (inText === undefined) return byWords;
  return (text, sink) => inText(text, { text: (part) => byWords(part, sink), token: (id) => put(sink, [id]) });
}

/**
 * The same ids as `bySteps`, without making the normalized text: no step looks beyond ASCII white space or
 * punctuation, so what stands between these can be encoded by itself, and remembered.
 */
function createWordwiseEncoder(bySteps: EncodeText): EncodeText {
  const breaks = asciiBreaks();
  const remembered = new Map<string, readonly number[]>();
  const idsOf = (part: string): readonly number[] => {
    const sink = createSink(Number.POSITIVE_INFINITY);
    bySteps(part, sink);
    return sink.ids;
  };
  const marks = Array.from(breaks, (kind, code) => (kind === 2 ? idsOf(String.fromCharCode(code)) : []));
  const encodePart: EncodeText = (part, sink) => {
    if (part.length > REMEMBERED_LENGTH) {
      bySteps(part, sink);
      return;
    }
    let ids = remembered.get(part);
    if (ids === undefined) {
      ids = idsOf(part);
      if (remembered.size >= REMEMBERED_WORDS) remembered.clear();
      // A copy: a slice would keep the whole text alive.
      remembered.set(part.split("").join(""), ids);
    }
    put(sink, ids);
  };
  return (text, sink) => {
    if (sink.words !== undefined) return bySteps(text, sink);
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

function createNormalizer(normalizer: JsonObject | undefined, library: LibraryParts): (text: string) => string {
  const bert = normalizer?.type === "BertNormalizer" ? bertSettings(normalizer) : undefined;
  if (bert !== undefined) return (text) => bertNormalize(text, bert);
  if (normalizer?.type === "Lowercase") return lowercase;
  return (text) => library.normalize(text.replace(/\p{Surrogate}/gu, "\uFFFD"));
}

function bertSettings(normalizer: JsonObject): BertNormalization {
  return {
    cleanText: normalizer.clean_text === true,
    handleChineseChars: normalizer.handle_chinese_chars === true,
    stripAccents: (normalizer.strip_accents ?? normalizer.lowercase) === true,
    lowercase: normalizer.lowercase === true,
  };
}

interface LibraryParts {
  normalize(text: string): string;
  words(text: string): string[];
  readonly decoder: { decode(tokens: string[]): string } | null;
}

/** The parts that `@huggingface/tokenizers` makes from the description; the vocabulary stays here. */
function libraryParts(description: TokenizerDescription): LibraryParts {
  let made: Tokenizer;
  try {
    made = new Tokenizer(
      {
        added_tokens: [],
        normalizer: description.normalizer ?? null,
        pre_tokenizer: description.preTokenizer ?? null,
        post_processor: null,
        decoder: description.decoder ?? null,
        model: {
          type: "WordPiece",
          vocab: { "[UNK]": 0 },
          unk_token: "[UNK]",
          continuing_subword_prefix: description.prefix,
        },
      },
      {},
    );
  } catch (cause) {
    fail(
      "E_TOKENIZER",
      {
        where: "tokenizer.json",
        expected: "a normalizer, pre_tokenizer and decoder of a known type",
        got: cause instanceof Error ? (cause.message.split("\n")[0] as string) : String(cause),
        fix: "use a model of the BERT family",
      },
      cause,
    );
  }
  return {
    normalize: (text) => (made.normalizer === null ? text : made.normalizer.normalize(text)),
    words: (text) => (made.pre_tokenizer === null ? [text] : made.pre_tokenizer.pre_tokenize(text)),
    decoder: made.decoder,
  };
}

/** A hash of what decides ids, however the files are laid out. */
function fingerprintOf(description: TokenizerDescription): string {
  const { normalizer } = description;
  return sha256(
    JSON.stringify([
      "textune tokenizer 2",
      [...description.vocabulary].sort(([, a], [, b]) => a - b),
      description.prefix,
      description.maxCharsPerWord,
      description.unkId,
      description.templates,
      normalizer?.type === "BertNormalizer" ? { bert: bertSettings(normalizer) } : sorted(normalizer ?? null),
      sorted(description.preTokenizer ?? null),
      [...description.addedTokens].sort((a, b) => a.id - b.id).map((token) => sorted(token)),
      ...(description.truncationSide === "left" ? ["truncated on the left"] : []),
    ]),
  );
}

/** The same value with the keys of its objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
