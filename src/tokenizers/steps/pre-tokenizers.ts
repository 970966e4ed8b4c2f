/**
 * The pre-tokenizers of tokenizer.json: a normalized text to words.
 *
 * @source huggingface/tokenizers, tokenizers/src/pre_tokenizers
 */
import { fail } from "../../base/errors.js";
import { type JsonObject, quote } from "../files/read-json.js";
import { flagged } from "../unicode/code-points.js";
import { PUNCTUATION, WHITE, WORD } from "../unicode/unicode-characters.js";
import { bertWords } from "./bert-words.js";
import { byteCharacters, byteLevelWords } from "./byte-level.js";
import { regularExpression } from "./regular-expression.js";
import { charactersThat, type Find, matchesOf, SPLIT_BEHAVIORS, split } from "./split.js";

/** The words of a piece of text; `isFirst` says whether the text begins with it. */
export type PreTokenize = (piece: string, isFirst: boolean) => readonly string[];

export interface PreTokenizer {
  readonly words: PreTokenize;
  /** How a word is written in the vocabulary; as it is where undefined. */
  readonly spell?: (word: string) => string;
}

const IS_PUNCTUATION = 1;
const IS_WHITE = 2;
const IS_WORD = 4;

let loaded: Uint8Array | undefined;

function isOf(kind: number): (code: number) => boolean {
  loaded ??= flagged([
    [PUNCTUATION, IS_PUNCTUATION],
    [WHITE, IS_WHITE],
    [WORD, IS_WORD],
  ]);
  const flags = loaded;
  return (code) => (flags[code] & kind) !== 0;
}

/** By the type in tokenizer.json: what makes the pre-tokenizer from the section. */
const PRE_TOKENIZERS: Readonly<Record<string, (section: JsonObject, where: string) => PreTokenizer>> = {
  BertPreTokenizer: () => ({ words: bertWords }),
  WhitespaceSplit: () => ({ words: (piece) => split(piece, charactersThat(isOf(IS_WHITE)), "Removed") }),
  Whitespace: () => ({
    words: (piece) => {
      const runs = split(piece, charactersThat(isOf(IS_WHITE)), "Removed");
      return runs.flatMap((run) => split(run, charactersThat(isOf(IS_WORD)), "Contiguous"));
    },
  }),
  Punctuation: (section, where) => {
    const behavior = behaviorOf(section.behavior ?? "Isolated", where);
    return { words: (piece) => split(piece, charactersThat(isOf(IS_PUNCTUATION)), behavior) };
  },
  Split: (section, where) => {
    const { String: literal, Regex: expression } = (section.pattern ?? {}) as JsonObject;
    const find =
      typeof literal === "string" ? occurrencesOf(literal) : matchesOf(regularExpression(String(expression), where));
    const behavior = behaviorOf(section.behavior, where);
    return { words: (piece) => split(piece, find, behavior, section.invert === true) };
  },
  Metaspace: (section, where) => {
    const mark = String(section.replacement);
    const old = section.add_prefix_space === false ? "never" : "always";
    const scheme = section.prepend_scheme ?? old;
    if (scheme !== "always" && scheme !== "first" && scheme !== "never")
      refuse(scheme, "always, first or never", where);
    const find = occurrencesOf(mark);
    return {
      words: (piece, isFirst) => {
        const marked = piece.replaceAll(" ", mark);
        const needsMark = (scheme === "always" || (scheme === "first" && isFirst)) && !marked.startsWith(mark);
        const whole = needsMark ? mark + marked : marked;
        return section.split === false ? [whole] : split(whole, find, "MergedWithNext");
      },
    };
  },
  ByteLevel: ({ add_prefix_space, use_regex }) => ({
    words: (piece) => {
      const spaced = add_prefix_space === true && !piece.startsWith(" ") ? ` ${piece}` : piece;
      return use_regex === false ? [spaced] : byteLevelWords(spaced);
    },
    spell: byteCharacters,
  }),
  Sequence: ({ pretokenizers }, where) => {
    const steps = (Array.isArray(pretokenizers) ? (pretokenizers as JsonObject[]) : []).map((one) =>
      createPreTokenizer(one, where),
    );
    const last = steps[steps.length - 1];
    if (steps.some((step) => step.spell !== undefined && step !== last))
      refuse("ByteLevel before another one", "ByteLevel to come last", where);
    return {
      words: (piece, isFirst) =>
        steps.reduce<readonly string[]>(
          (pieces, { words }) => pieces.flatMap((one, i) => words(one, isFirst && i === 0)),
          [piece],
        ),
      ...(last?.spell === undefined ? {} : { spell: last.spell }),
    };
  },
};

/**
 * The pre-tokenizer of a section "pre_tokenizer"; without one a text is a single word.
 *
 * @throws E_TOKENIZER for one of an unknown type
 */
export function createPreTokenizer(section: JsonObject | undefined, where: string): PreTokenizer {
  if (section === undefined) return { words: (piece) => [piece] };
  const type = String(section.type);
  const create = Object.hasOwn(PRE_TOKENIZERS, type) ? PRE_TOKENIZERS[type] : undefined;
  if (create !== undefined) return create(section, where);
  return refuse(section.type, `a pre-tokenizer of a known type (${Object.keys(PRE_TOKENIZERS).join(", ")})`, where);
}

function occurrencesOf(literal: string): Find {
  return function* (text) {
    if (literal === "") return;
    for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + literal.length))
      yield [at, at + literal.length];
  };
}

function behaviorOf(name: unknown, where: string) {
  return SPLIT_BEHAVIORS.find((behavior) => behavior === name) ?? refuse(name, "a known behavior", where);
}

function refuse(got: unknown, expected: string, where: string): never {
  return fail("E_TOKENIZER", {
    where: `${where}, pre_tokenizer`,
    expected,
    got: quote(got),
    fix: "use a model of the BERT family",
  });
}
