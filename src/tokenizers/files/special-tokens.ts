/** The tokens that stand for no text: what they are called, and which ids they have. */

import { missingToken } from "../models/token-model.js";
import { type JsonObject, objectAt } from "./read-json.js";

export const ROLES = ["unk", "sep", "pad", "cls", "mask"] as const;
export type SpecialTokens = Readonly<Record<(typeof ROLES)[number], string>>;

/** The names of BERT's special tokens, of WordPiece vocabularies. */
export const BERT_TOKENS: SpecialTokens = { unk: "[UNK]", sep: "[SEP]", pad: "[PAD]", cls: "[CLS]", mask: "[MASK]" };
/** Those of RoBERTa's. */
export const ROBERTA_TOKENS: SpecialTokens = { unk: "<unk>", sep: "</s>", pad: "<pad>", cls: "<s>", mask: "<mask>" };

/** What tokenizer_config.json and special_tokens_map.json say of tokenizers. */
export interface TokenizerSettings {
  readonly config: JsonObject;
  readonly map: JsonObject;
}

/** The special tokens as the settings name them, or else by `defaults`. */
export function specialTokens({ config, map }: TokenizerSettings, defaults: SpecialTokens): SpecialTokens {
  const named = ROLES.map((role) => {
    return [role, contentOf(config[`${role}_token`]) ?? contentOf(map[`${role}_token`]) ?? defaults[role]];
  });
  return Object.fromEntries(named) as SpecialTokens;
}

/**
 * The list "added_tokens" of a tokenizer.json: those of the settings, and the special ones.
 *
 * @param vocabulary gets the ids of tokens that it lacks and that `isExtended` lets behind its end
 * @throws E_TOKENIZER for a special token without an id, but the mask: only masked-language training needs it
 */
export function addedTokens(
  { config, map }: TokenizerSettings,
  tokens: SpecialTokens,
  vocabulary: Map<string, number>,
  options: { readonly where: string; readonly isExtended: boolean; readonly maskTakesSpace: boolean },
): JsonObject[] {
  const added = new Map<string, JsonObject>();
  for (const [id, entry] of Object.entries(objectAt(config, "added_tokens_decoder") ?? {})) {
    const content = contentOf(entry);
    if (content === undefined) continue;
    added.set(content, {
      ...plainToken(Number(id), content),
      ...(typeof entry === "object" ? entry : {}),
      id: Number(id),
    });
  }
  let next = [...vocabulary.values(), ...[...added.values()].map(({ id }) => id as number)].reduce(
    (most, id) => Math.max(most, id + 1),
    0,
  );
  for (const role of ROLES) {
    const content = tokens[role];
    if (added.has(content)) continue;
    let id = vocabulary.get(content);
    if (id === undefined && options.isExtended) id = next++;
    if (id === undefined) {
      if (role === "mask") continue;
      missingToken(content, options.where);
    }
    const said = objectAt(config, `${role}_token`) ?? objectAt(map, `${role}_token`) ?? {};
    const lstrip = role === "mask" && options.maskTakesSpace;
    added.set(content, { ...plainToken(id, content), lstrip, ...said, id, content, special: true });
  }
  for (const { content, id } of added.values()) vocabulary.set(content as string, id as number);
  return [...added.values()].sort((a, b) => (a.id as number) - (b.id as number));
}

/** A special token that is found as it stands. */
export function plainToken(id: number, content: string): JsonObject {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
}

/** A token that is written by itself, or as an object with its content. */
export function contentOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const content = typeof value === "object" && value !== null ? (value as JsonObject).content : undefined;
  return typeof content === "string" ? content : undefined;
}

/** The section "post_processor" for BERT's template, with two segments. */
export function bertTemplate({ cls, sep }: SpecialTokens, vocabulary: ReadonlyMap<string, number>): JsonObject {
  const special = (id: string, type_id: number): JsonObject => ({ SpecialToken: { id, type_id } });
  const sequence = (id: string, type_id: number): JsonObject => ({ Sequence: { id, type_id } });
  const single = [special(cls, 0), sequence("A", 0), special(sep, 0)];
  return {
    type: "TemplateProcessing",
    single,
    pair: [...single, sequence("B", 1), special(sep, 1)],
    special_tokens: {
      [cls]: { id: cls, ids: [vocabulary.get(cls)], tokens: [cls] },
      [sep]: { id: sep, ids: [vocabulary.get(sep)], tokens: [sep] },
    },
  };
}

/** The section for RoBERTa's. */
export function robertaTemplate({ cls, sep }: SpecialTokens, vocabulary: ReadonlyMap<string, number>): JsonObject {
  return {
    type: "RobertaProcessing",
    sep: [sep, vocabulary.get(sep)],
    cls: [cls, vocabulary.get(cls)],
    trim_offsets: true,
    add_prefix_space: false,
  };
}
