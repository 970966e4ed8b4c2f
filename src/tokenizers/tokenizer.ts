/**
 * Text to token ids and back, with the same ids as the Rust tokenizers.
 *
 * The way of a text: added tokens are taken out, the rest is normalized and split into words, and each word into tokens, by
 * WordPiece, byte pairs or unigrams. All these steps are Textune's own; decoders are those of `@huggingface/tokenizers`.
 */

import { Tokenizer } from "@huggingface/tokenizers";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { fail } from "../base/errors.js";
import { createExampleEncoder, type EncodeExample, type EncodeWindows } from "./example-encoder.js";
import { readTokenizerFiles, type TokenizerDescription } from "./files/read-files.js";
import type { TokenizerFiles } from "./files/tokenizer-files.js";
import { createSink, createTextEncoder } from "./text-encoder.js";
import { createPlacedEncoder, type EncodePlaced } from "./token-places.js";

export type { EncodeOptions, TextExample, TextPair } from "./example-encoder.js";
export type { TokenizerFiles } from "./files/tokenizer-files.js";
export type { TruncationStrategy } from "./truncate.js";

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
  /** The id of what has no token of its own, such as [UNK]; undefined where everything has. */
  readonly unknownId: number | undefined;
  /** The longest text that the model's makers allow, in tokens; undefined where they name none. */
  readonly modelMaxLength: number | undefined;
  /** Which end too long a text loses: "right" its end, as usual, "left" its beginning. */
  readonly truncationSide: "left" | "right";
  /** SHA-256, in hexadecimal, of all that decides ids. */
  readonly fingerprint: string;
  /** What to save beside a model, so that any reader builds this tokenizer. */
  readonly files: TokenizerFiles;
  /** WordPiece without the steps before it; undefined for tokenizers of another kind. */
  readonly wordpiece: WordPieceOnly | undefined;
  /**
   * The ids of [CLS], the text and [SEP]; of a pair [CLS] text [SEP] textPair [SEP], or as the tokenizer's files have it. Too
   * long a text loses its end, or its beginning where the files say so (`truncationSide`), as under transformers'
   * `truncation=True`.
   *
   * @throws E_CONFIG for a `maxLength` without room for a token of each text, E_DATA where a pair cannot be cut as `truncation`
   *   says, E_TOKENIZER for a pair where the files have no template of pairs
   */
  readonly encode: EncodeExample;
  /** The same in as many pieces as `longTexts` asks for: several of a long text that is read in windows, otherwise one. */
  readonly encodeWindows: EncodeWindows;
  /** The same with the place of each token in its text. */
  readonly encodePlaced: EncodePlaced;
  /** The tokens of the whole text, without [CLS] and [SEP]. */
  tokenize(text: string): string[];
  /** The text of `ids`, special tokens included; ids that are not in the vocabulary are passed over. */
  decode(ids: ArrayLike<number>): string;
}

/** What Python's `str.split()` splits at, as in the original WordPiece tokenizer. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python counts the four separators as white space
const PYTHON_SPACE = /[\p{White_Space}\x1c-\x1f]+/u;

/**
 * Makes the tokenizer that `files` describe.
 *
 * @throws E_TOKENIZER when they are missing, damaged, or ask for what is not built
 */
export function loadTokenizer(files: TokenizerFiles): TextTokenizer {
  const description = readTokenizerFiles(files);
  const { model, padId, modelMaxLength, truncationSide } = description;
  const tokens = tokensById(description);
  const encodeText = createTextEncoder(description, "tokenizer.json");
  const named = (ids: readonly number[]): string[] => ids.map((id) => tokens[id] as string);
  const pieceIds = (text: string): number[] => {
    const words = text.split(PYTHON_SPACE).filter((word) => word !== "");
    return words.flatMap((word) => model.tokens(word));
  };
  const wordpiece: WordPieceOnly = {
    tokenize: (text) => named(pieceIds(text)),
    encode: (text) => Int32Array.from(pieceIds(text)),
  };
  const { encode, windows: encodeWindows } = createExampleEncoder(description, encodeText);
  let fingerprint: string | undefined;
  let decode: ((tokens: string[]) => string) | undefined;
  let encodePlaced: EncodePlaced | undefined;
  return {
    vocabularySize: tokens.length,
    padId,
    unknownId: model.unkToken === undefined ? undefined : model.vocabulary.get(model.unkToken),
    modelMaxLength,
    truncationSide,
    get fingerprint() {
      fingerprint ??= fingerprintOf(description);
      return fingerprint;
    },
    get files() {
      return description.files;
    },
    wordpiece: model.kind === "WordPiece" ? wordpiece : undefined,
    encode,
    encodeWindows,
    encodePlaced(example, options) {
      encodePlaced ??= createPlacedEncoder(description, (id) => tokens[id] as string, "tokenizer.json");
      return encodePlaced(example, options);
    },
    tokenize(text) {
      const sink = createSink(Number.POSITIVE_INFINITY);
      encodeText(text, sink);
      return named(sink.ids);
    },
    decode(ids) {
      decode ??= createDecoder(description);
      return decode(Array.from(ids, (id) => tokens[id]).filter((token) => token !== undefined));
    },
  };
}

function tokensById({ model }: TokenizerDescription): (string | undefined)[] {
  const tokens: (string | undefined)[] = [];
  for (const [token, id] of model.vocabulary) tokens[id] = token;
  return tokens;
}

/** What makes a text of tokens; without a decoder they stand apart. */
function createDecoder({ decoder }: TokenizerDescription): (tokens: string[]) => string {
  if (decoder === undefined) return (tokens) => tokens.join(" ");
  try {
    const model = { type: "WordPiece", vocab: { "[UNK]": 0 }, unk_token: "[UNK]", continuing_subword_prefix: "##" };
    const sections = { added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder, model };
    const made = new Tokenizer(sections, {}).decoder;
    return (tokens) => (made === null ? tokens.join(" ") : made.decode(tokens));
  } catch (cause) {
    return fail(
      "E_TOKENIZER",
      {
        where: "tokenizer.json",
        expected: "a decoder of a known type",
        got: cause instanceof Error ? (cause.message.split("\n")[0] as string) : String(cause),
        fix: "use a model of the BERT family",
      },
      cause,
    );
  }
}

/** A hash of what decides ids, however the files are laid out. */
function fingerprintOf(description: TokenizerDescription): string {
  const { model, templates, normalizer, preTokenizer, addedTokens, truncationSide } = description;
  const text = JSON.stringify([
    "textune tokenizer 3",
    tokensById(description),
    model.kind,
    model.facts,
    templates,
    // BERT strips accents where it lower-cases, unless it is said.
    sorted(
      normalizer?.type === "BertNormalizer"
        ? { ...normalizer, strip_accents: normalizer.strip_accents ?? normalizer.lowercase }
        : (normalizer ?? null),
    ),
    sorted(preTokenizer ?? null),
    [...addedTokens].sort((a, b) => a.id - b.id).map((token) => sorted(token)),
    ...(truncationSide === "left" ? ["truncated on the left"] : []),
  ]);
  return bytesToHex(sha256(utf8ToBytes(text)));
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
