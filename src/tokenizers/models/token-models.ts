/** The kinds of model that turn a word into tokens: WordPiece, byte pairs, unigrams. */
import { fail } from "../../base/errors.js";
import { type JsonObject, quote } from "../files/read-json.js";
import { bytePairKind } from "./byte-pair.js";
import type { TokenModel, TokenModelKind } from "./token-model.js";
import { unigramKind } from "./unigram.js";
import { wordPieceKind } from "./word-piece.js";

const TOKEN_MODELS: readonly TokenModelKind[] = [wordPieceKind, bytePairKind, unigramKind];

/**
 * The model of a section "model".
 *
 * @param added tokens outside the section, by content; their ids go before the section's
 * @throws E_TOKENIZER for one of an unknown kind, and for damaged ones
 */
export function readTokenModel(section: JsonObject, added: ReadonlyMap<string, number>, where: string): TokenModel {
  const kind =
    TOKEN_MODELS.find((one) => one.type === section.type) ?? TOKEN_MODELS.find((one) => one.isUntyped(section));
  if (kind !== undefined) return kind.read(section, added, where);
  return fail("E_TOKENIZER", {
    where,
    expected: `a model of the kind ${TOKEN_MODELS.map(({ type }) => type).join(", ")}`,
    got: typeof section.type === "string" ? section.type : quote(section.type),
    fix: "choose a model of the BERT family",
  });
}
