/** What every kind of model has: a vocabulary, and tokens for a word. */
import { fail } from "../../base/errors.js";
import { type JsonObject, objectAt, quote, RESTORE } from "../files/read-json.js";

/** A vocabulary, and how words become its tokens. */
export interface TokenModel {
  /** The name of its kind. */
  readonly kind: string;
  /** Ids by token, added tokens included. */
  readonly vocabulary: ReadonlyMap<string, number>;
  /** The token that stands for what is not in the vocabulary; undefined where nothing does. */
  readonly unkToken: string | undefined;
  /** What decides ids besides the vocabulary, as JSON has it. */
  readonly facts: unknown;
  /** The ids of a word that is not empty. */
  tokens(word: string): readonly number[];
}

/** A kind of model. */
export interface TokenModelKind {
  /** Its name in tokenizer.json. */
  readonly type: string;
  /** Whether a section without a type, as old files have it, is of this kind. */
  isUntyped(section: JsonObject): boolean;
  /** @throws E_TOKENIZER for a section that is damaged or asks for what is not built */
  read(section: JsonObject, added: ReadonlyMap<string, number>, where: string): TokenModel;
}

/** The ids of a section's `vocab`, an object. */
export function readVocabulary(section: JsonObject, where: string): Map<string, number> {
  const entries = objectAt(section, "vocab");
  if (entries === undefined)
    fail("E_TOKENIZER", { where, expected: "model.vocab to give each token its id", got: "none", fix: RESTORE });
  const vocabulary = new Map<string, number>();
  const tokens: string[] = [];
  for (const token of Object.keys(entries)) {
    const id = entries[token];
    if (typeof id !== "number" || !Number.isInteger(id) || id < 0 || id > 0x7fffffff) {
      fail("E_TOKENIZER", {
        where,
        expected: `a whole number as the id of ${quote(token)}`,
        got: quote(id),
        fix: RESTORE,
      });
    }
    const other = tokens[id];
    if (other !== undefined) {
      fail("E_TOKENIZER", {
        where,
        expected: "each id once",
        got: `${id} for ${quote(other)} and ${quote(token)}`,
        fix: RESTORE,
      });
    }
    tokens[id] = token;
    vocabulary.set(token, id);
  }
  return vocabulary;
}

/** @throws E_TOKENIZER where one of `options` of a section is set to more than nothing */
export function refuseOptions(section: JsonObject, options: readonly string[], where: string): void {
  for (const option of options) {
    const value = section[option];
    if (value === undefined || value === null || value === false || value === "" || value === 0) continue;
    fail("E_TOKENIZER", {
      where,
      expected: `a model without ${option}`,
      got: quote(value),
      fix: "choose a model of the BERT family",
    });
  }
}

/** Complains of a special token that the vocabulary lacks. */
export function missingToken(token: string, where: string): never {
  return fail("E_TOKENIZER", {
    where,
    expected: `the special token ${token} in the vocabulary`,
    got: "none",
    fix: "use the model's own vocabulary, or name its special tokens in tokenizer_config.json",
  });
}
