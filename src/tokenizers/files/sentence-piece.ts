/**
 * SentencePiece's model file as the tokenizer.json that transformers' converters make from it.
 *
 * @source google/sentencepiece, src/sentencepiece_model.proto; transformers, convert_slow_tokenizer.py
 */
import { fail } from "../../base/errors.js";
import { type MessageOf, protobufCodec } from "../../base/protobuf.js";
import { type JsonObject, RESTORE } from "./read-json.js";
import {
  addedTokens,
  BERT_TOKENS,
  bertTemplate,
  plainToken,
  ROBERTA_TOKENS,
  robertaTemplate,
  type SpecialTokens,
  specialTokens,
} from "./special-tokens.js";
import type { SENTENCE_PIECE_FILES } from "./tokenizer-files.js";
import type { VocabularyFormat } from "./vocabulary-format.js";

const MESSAGES = {
  ModelProto: {
    pieces: { number: 1, type: "SentencePiece", repeated: true },
    trainerSpec: { number: 2, type: "TrainerSpec" },
    normalizerSpec: { number: 3, type: "NormalizerSpec" },
  },
  SentencePiece: {
    piece: { number: 1, type: "string" },
    score: { number: 2, type: "float" },
    type: { number: 3, type: "int32" },
  },
  TrainerSpec: { modelType: { number: 3, type: "int32" }, unkId: { number: 40, type: "int32" } },
  NormalizerSpec: { precompiledCharsmap: { number: 2, type: "bytes" } },
} as const;

const codec = protobufCodec(MESSAGES);
type Model = MessageOf<typeof MESSAGES, "ModelProto">;
type Scored = readonly [piece: string, score: number];

const UNIGRAM = 1;
const USER_DEFINED = 4;

/** What differs between the models that come with such a file. */
interface Family {
  /** transformers' class, without "Fast". */
  readonly tokenizerClass: string;
  /** The name that its file has. */
  readonly fileName: (typeof SENTENCE_PIECE_FILES)[number];
  readonly tokens: SpecialTokens;
  readonly hasTwoSegments: boolean;
  readonly maskTakesSpace: boolean;
  /** The vocabulary of the model, from the file's, and the id of what is unknown. */
  vocabulary(pieces: readonly Scored[], unkId: number): { readonly vocab: readonly Scored[]; readonly unkId: number };
  /** Normalizers before and after the file's own. */
  normalizers(config: JsonObject): { readonly before: readonly JsonObject[]; readonly after: readonly JsonObject[] };
}

const oneSpace = (content: string): JsonObject => ({ type: "Replace", pattern: { Regex: " {2,}" }, content });
const strip = (left: boolean): JsonObject => ({ type: "Strip", strip_left: left, strip_right: true });

const FAMILIES: readonly Family[] = [
  {
    tokenizerClass: "AlbertTokenizer",
    fileName: "spiece.model",
    tokens: { ...BERT_TOKENS, unk: "<unk>", pad: "<pad>" },
    hasTwoSegments: true,
    maskTakesSpace: true,
    // As in ALBERT's own code, a number and the comma behind it are hardly ever one token.
    vocabulary: (pieces, unkId) => ({
      vocab: pieces.map(([piece, score]) => [piece, /\p{Nd},$/u.test(piece) ? score - 100 : score]),
      unkId,
    }),
    normalizers: ({ keep_accents, do_lower_case }) => ({
      before: [
        { type: "Replace", pattern: { String: "``" }, content: '"' },
        { type: "Replace", pattern: { String: "''" }, content: '"' },
        ...(keep_accents === true ? [] : [{ type: "NFKD" }, { type: "StripAccents" }]),
        ...(do_lower_case === false ? [] : [{ type: "Lowercase" }]),
      ],
      after: [oneSpace(" ")],
    }),
  },
  {
    tokenizerClass: "XLMRobertaTokenizer",
    fileName: "sentencepiece.bpe.model",
    tokens: ROBERTA_TOKENS,
    hasTwoSegments: false,
    maskTakesSpace: true,
    // The order of fairseq, in which the model was trained.
    vocabulary: (pieces) => ({
      vocab: [
        ...["<s>", "<pad>", "</s>", "<unk>"].map((token): Scored => [token, 0]),
        ...pieces.slice(3),
        ["<mask>", 0],
      ],
      unkId: 3,
    }),
    normalizers: () => ({ before: [], after: [strip(false), oneSpace("▁")] }),
  },
  {
    tokenizerClass: "DebertaV2Tokenizer",
    fileName: "spm.model",
    tokens: BERT_TOKENS,
    hasTwoSegments: true,
    maskTakesSpace: false,
    vocabulary: (vocab, unkId) => ({ vocab, unkId }),
    normalizers: ({ do_lower_case }) => ({
      before: [...(do_lower_case === true ? [{ type: "Lowercase" }] : []), strip(true)],
      after: [oneSpace(" ")],
    }),
  },
];

export const sentencePieceFormats: readonly VocabularyFormat[] = FAMILIES.map(({ fileName }) => ({
  names: [fileName],
  build(files, settings) {
    const { config } = settings;
    const named = String(config.tokenizer_class).replace(/Fast$/, "");
    const family =
      FAMILIES.find(({ tokenizerClass }) => tokenizerClass === named) ??
      FAMILIES.find((one) => one.fileName === fileName);
    return describe(readModel(files[fileName] as Uint8Array, fileName), family as Family, settings, fileName);
  },
}));

function describe(
  model: Model,
  family: Family,
  settings: Parameters<VocabularyFormat["build"]>[1],
  where: string,
): JsonObject {
  const { config } = settings;
  const pieces = (model.pieces ?? []).map(({ piece = "", score = 0 }): Scored => [piece, score]);
  const { vocab, unkId } = family.vocabulary(pieces, model.trainerSpec?.unkId ?? 0);
  const vocabulary = new Map(vocab.map(([piece], id) => [piece, id]));
  const tokens = specialTokens(settings, family.tokens);
  const options = { where, isExtended: true, maskTakesSpace: family.maskTakesSpace };
  const added = addedTokens(settings, tokens, vocabulary, options);
  const own = (model.pieces ?? [])
    .filter(({ piece = "", type }) => type === USER_DEFINED && !added.some(({ content }) => content === piece))
    .map(({ piece = "" }) => ({ ...plainToken(vocabulary.get(piece) as number, piece), special: false }));
  const { before, after } = family.normalizers(config);
  const charsmap = model.normalizerSpec?.precompiledCharsmap;
  const precompiled =
    charsmap === undefined || charsmap.length === 0
      ? []
      : [{ type: "Precompiled", precompiled_charsmap: toBase64(charsmap) }];
  const prepend_scheme = config.add_prefix_space === false ? "never" : "always";
  const metaspace = { type: "Metaspace", replacement: "▁", prepend_scheme, split: true };
  const punctuation = config.split_by_punct === true ? [{ type: "Punctuation", behavior: "Isolated" }] : [];
  return {
    added_tokens: [...added, ...own],
    normalizer: { type: "Sequence", normalizers: [...before, ...precompiled, ...after] },
    pre_tokenizer: { type: "Sequence", pretokenizers: [...punctuation, metaspace] },
    post_processor: (family.hasTwoSegments ? bertTemplate : robertaTemplate)(tokens, vocabulary),
    decoder: metaspace,
    model: { type: "Unigram", unk_id: unkId, vocab, byte_fallback: false },
  };
}

function readModel(bytes: Uint8Array, where: string): Model {
  let model: Model;
  try {
    model = codec.decode("ModelProto", bytes);
  } catch (cause) {
    return fail(
      "E_TOKENIZER",
      { where, expected: "a model of SentencePiece", got: "damaged content", fix: RESTORE },
      cause,
    );
  }
  const type = model.trainerSpec?.modelType ?? UNIGRAM;
  if (model.pieces === undefined || type !== UNIGRAM)
    fail("E_TOKENIZER", {
      where,
      expected: "a unigram model of SentencePiece",
      got:
        model.pieces === undefined ? "no vocabulary" : (["", "", "BPE", "words", "characters"][type] ?? String(type)),
      fix: "use a model whose tokenizer is a unigram one",
    });
  return model;
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
