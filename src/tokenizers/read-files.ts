/**
 * The files of a tokenizer, read and checked: `tokenizer.json`, or `vocab.txt` turned into the
 * `tokenizer.json` that transformers' `BertTokenizer` would build from it.
 */

import { fail } from "../base/errors.js";
import type { AddedToken } from "./added-tokens.js";
import { type JsonObject, objectAt, parseObject, quote, RESTORE } from "./read-json.js";
import { missingToken, readTemplates, type Templates } from "./template.js";

/** The contents (not the paths) of a tokenizer's files. Either `tokenizer.json` or `vocab.txt` is needed. */
export interface TokenizerFiles {
  readonly "tokenizer.json"?: string;
  readonly "tokenizer_config.json"?: string;
  readonly "vocab.txt"?: string;
  readonly "special_tokens_map.json"?: string;
}

/** What the files say, checked. */
export interface TokenizerDescription {
  /** Ids by token, added tokens included. */
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly addedTokens: readonly AddedToken[];
  readonly normalizer: JsonObject | undefined;
  readonly preTokenizer: JsonObject | undefined;
  readonly decoder: JsonObject | undefined;
  readonly templates: Templates;
  readonly prefix: string;
  readonly maxCharsPerWord: number;
  readonly padId: number;
  readonly clsId: number;
  readonly sepId: number;
  readonly unkId: number;
  /** Undefined where the files give none, or transformers' "very large". */
  readonly modelMaxLength: number | undefined;
  /** Which end too long a text loses. */
  readonly truncationSide: "left" | "right";
  /** What to save: complete, and such that no reader truncates or pads on its own. Made when first asked for: predictions need none. */
  readonly files: TokenizerFiles;
}

const ROLES = ["unk", "sep", "pad", "cls", "mask"] as const;
type SpecialTokens = Readonly<Record<(typeof ROLES)[number], string>>;

/** @throws E_TOKENIZER for files that are missing, damaged, or of a tokenizer that is not WordPiece */
export function readTokenizerFiles(files: TokenizerFiles): TokenizerDescription {
  const config = parseObject(files["tokenizer_config.json"] ?? "{}", "tokenizer_config.json");
  const map = parseObject(files["special_tokens_map.json"] ?? "{}", "special_tokens_map.json");
  const content = files["tokenizer.json"];
  const vocabularyText = files["vocab.txt"];
  if (content === undefined && vocabularyText === undefined) {
    fail("E_TOKENIZER", {
      where: "tokenizer",
      expected: "tokenizer.json or vocab.txt",
      got: "neither",
      fix: "put the model's own tokenizer files into its folder",
    });
  }
  const json =
    content === undefined
      ? fromVocabulary(vocabularyText as string, config, map)
      : parseObject(content, "tokenizer.json");
  return describe(json, config, map, files, content === undefined ? "vocab.txt" : "tokenizer.json");
}

function describe(
  json: JsonObject,
  config: JsonObject,
  map: JsonObject,
  files: TokenizerFiles,
  where: string,
): TokenizerDescription {
  const model =
    objectAt(json, "model") ?? fail("E_TOKENIZER", { where, expected: "a section model", got: "none", fix: RESTORE });
  const kind = model.type ?? (model.continuing_subword_prefix === undefined ? undefined : "WordPiece");
  if (kind !== "WordPiece") {
    fail("E_TOKENIZER", {
      where,
      expected: "a WordPiece tokenizer, as BERT models have it",
      got: typeof kind === "string" ? kind : "another kind",
      fix: "choose a model of the BERT family",
    });
  }
  const vocabulary = readVocabulary(model, where);
  const addedTokens = readAddedTokens(json, where);
  for (const token of addedTokens) vocabulary.set(token.content, token.id);

  const unkToken = typeof model.unk_token === "string" ? model.unk_token : "[UNK]";
  const templates = readTemplates(objectAt(json, "post_processor"), vocabulary, where);
  const padding = objectAt(json, "padding");
  const padToken = tokenOf(config.pad_token) ?? tokenOf(map.pad_token) ?? tokenOf(padding?.pad_token) ?? "[PAD]";
  const idOf = (token: string): number => vocabulary.get(token) ?? missingToken(token, where);

  const normalizer = withConfig(objectAt(json, "normalizer"), config, where);
  const truncationSide = readTruncationSide(config, json);
  const tokens: SpecialTokens = {
    unk: unkToken,
    sep: templates.sep,
    pad: padToken,
    cls: templates.cls,
    mask: tokenOf(config.mask_token) ?? tokenOf(map.mask_token) ?? "[MASK]",
  };
  let complete: TokenizerFiles | undefined;
  return {
    vocabulary,
    addedTokens,
    normalizer,
    preTokenizer: objectAt(json, "pre_tokenizer"),
    decoder: objectAt(json, "decoder"),
    templates,
    prefix: typeof model.continuing_subword_prefix === "string" ? model.continuing_subword_prefix : "##",
    maxCharsPerWord: typeof model.max_input_chars_per_word === "number" ? model.max_input_chars_per_word : 100,
    padId: idOf(padToken),
    clsId: idOf(templates.cls),
    sepId: idOf(templates.sep),
    unkId: idOf(unkToken),
    modelMaxLength: readMaxLength(config.model_max_length),
    truncationSide,
    get files() {
      complete ??= {
        ...files,
        "tokenizer.json": `${JSON.stringify({ ...json, truncation: null, padding: null, normalizer: normalizer ?? null }, null, 2)}\n`,
        "tokenizer_config.json": `${JSON.stringify(completeConfig(config, normalizer, tokens, truncationSide), null, 2)}\n`,
      };
      return complete;
    },
  };
}

/** The sections that transformers' `BertTokenizer` makes from a vocabulary and its configuration. */
function fromVocabulary(text: string, config: JsonObject, map: JsonObject): JsonObject {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  while (lines.length > 0 && lines[lines.length - 1] === "") lines.pop();
  if (lines.length === 0)
    fail("E_TOKENIZER", { where: "vocab.txt", expected: "a token on each line", got: "an empty file", fix: RESTORE });
  const vocabulary = new Map<string, number>();
  lines.forEach((token, id) => {
    const where = `vocab.txt, line ${id + 1}`;
    if (token === "") fail("E_TOKENIZER", { where, expected: "a token", got: "an empty line", fix: RESTORE });
    const first = vocabulary.get(token);
    if (first !== undefined) {
      fail("E_TOKENIZER", {
        where,
        expected: "each token once",
        got: `${quote(token)} again, first on line ${first + 1}`,
        fix: RESTORE,
      });
    }
    vocabulary.set(token, id);
  });

  const token = (role: (typeof ROLES)[number]): string =>
    tokenOf(config[`${role}_token`]) ?? tokenOf(map[`${role}_token`]) ?? `[${role.toUpperCase()}]`;
  const added = new Map<string, JsonObject>();
  for (const [id, entry] of Object.entries(objectAt(config, "added_tokens_decoder") ?? {})) {
    const content = tokenOf(entry);
    if (content !== undefined)
      added.set(content, { ...(typeof entry === "object" ? entry : {}), id: Number(id), content });
  }
  for (const role of ROLES) {
    const content = token(role);
    const id = vocabulary.get(content) ?? (added.get(content)?.id as number | undefined);
    if (id === undefined) {
      // Only masked-language training needs the mask; a classifier's vocabulary may lack it.
      if (role === "mask") continue;
      missingToken(content, "vocab.txt");
    }
    if (!added.has(content)) added.set(content, plainToken(id, content));
  }
  const [cls, sep] = [token("cls"), token("sep")];
  const id = (content: string): number => (added.get(content) as { id: number }).id;
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [...added.values()].sort((a, b) => (a.id as number) - (b.id as number)),
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: config.tokenize_chinese_chars ?? true,
      strip_accents: config.strip_accents ?? null,
      lowercase: config.do_lower_case ?? true,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: template(cls, id(cls), sep, id(sep)),
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: token("unk"),
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary),
    },
  };
}

function plainToken(id: number, content: string): JsonObject {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
}

function template(cls: string, clsId: number, sep: string, sepId: number): JsonObject {
  const special = (id: string, type_id: number): JsonObject => ({ SpecialToken: { id, type_id } });
  const sequence = (id: string, type_id: number): JsonObject => ({ Sequence: { id, type_id } });
  const single = [special(cls, 0), sequence("A", 0), special(sep, 0)];
  return {
    type: "TemplateProcessing",
    single,
    pair: [...single, sequence("B", 1), special(sep, 1)],
    special_tokens: {
      [cls]: { id: cls, ids: [clsId], tokens: [cls] },
      [sep]: { id: sep, ids: [sepId], tokens: [sep] },
    },
  };
}

function readVocabulary(model: JsonObject, where: string): Map<string, number> {
  const entries = objectAt(model, "vocab");
  if (entries === undefined)
    fail("E_TOKENIZER", { where, expected: "model.vocab to give each token its id", got: "none", fix: RESTORE });
  const vocabulary = new Map<string, number>();
  const tokens = new Map<number, string>();
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
    const other = tokens.get(id);
    if (other !== undefined) {
      fail("E_TOKENIZER", {
        where,
        expected: "each id once",
        got: `${id} for ${quote(other)} and ${quote(token)}`,
        fix: RESTORE,
      });
    }
    tokens.set(id, token);
    vocabulary.set(token, id);
  }
  return vocabulary;
}

function readAddedTokens(json: JsonObject, where: string): AddedToken[] {
  const list = json.added_tokens ?? [];
  if (!Array.isArray(list))
    fail("E_TOKENIZER", { where, expected: "added_tokens to be a list", got: typeof list, fix: RESTORE });
  return list.map((entry: unknown, index) => {
    const token = (typeof entry === "object" && entry !== null ? entry : {}) as JsonObject;
    if (typeof token.content !== "string" || !Number.isInteger(token.id) || (token.id as number) < 0) {
      fail("E_TOKENIZER", {
        where,
        expected: `added_tokens[${index}] to have an id and a content`,
        got: quote(entry),
        fix: RESTORE,
      });
    }
    const special = token.special === true;
    return {
      id: token.id as number,
      content: token.content,
      special,
      singleWord: token.single_word === true,
      lstrip: token.lstrip === true,
      rstrip: token.rstrip === true,
      normalized: typeof token.normalized === "boolean" ? token.normalized : !special,
    };
  });
}

/**
 * The normalizer under what tokenizer_config.json says of it: as in transformers, an explicit
 * `do_lower_case`, `strip_accents` or `tokenize_chinese_chars` of a BERT tokenizer class wins.
 */
function withConfig(normalizer: JsonObject | undefined, config: JsonObject, where: string): JsonObject | undefined {
  if (normalizer?.type !== "BertNormalizer") return normalizer;
  const settings: Record<string, unknown> = {
    type: "BertNormalizer",
    clean_text: normalizer.clean_text ?? true,
    handle_chinese_chars: normalizer.handle_chinese_chars ?? true,
    strip_accents: normalizer.strip_accents ?? null,
    lowercase: normalizer.lowercase ?? true,
  };
  const generic =
    config.tokenizer_class === "PreTrainedTokenizerFast" || config.tokenizer_class === "TokenizersBackend";
  const names = {
    do_lower_case: "lowercase",
    strip_accents: "strip_accents",
    tokenize_chinese_chars: "handle_chinese_chars",
  };
  for (const [option, setting] of Object.entries(names)) {
    const value = config[option];
    if (value === undefined || generic) continue;
    if (typeof value !== "boolean" && !(option === "strip_accents" && value === null)) {
      fail("E_TOKENIZER", {
        where: "tokenizer_config.json",
        expected: `${option} to be true or false`,
        got: quote(value),
        fix: "correct it",
      });
    }
    settings[setting] = value;
  }
  for (const [setting, value] of Object.entries(settings)) {
    if (setting === "type" || typeof value === "boolean" || (setting === "strip_accents" && value === null)) continue;
    fail("E_TOKENIZER", {
      where,
      expected: `normalizer.${setting} to be true or false`,
      got: quote(value),
      fix: RESTORE,
    });
  }
  return settings;
}

/** A tokenizer_config.json from which transformers builds the same tokenizer: it does not look at the normalizer. */
function completeConfig(
  config: JsonObject,
  normalizer: JsonObject | undefined,
  tokens: SpecialTokens,
  truncationSide: "left" | "right",
): JsonObject {
  const bert = normalizer?.type === "BertNormalizer";
  return {
    ...(bert
      ? {
          tokenizer_class: "BertTokenizer",
          do_lower_case: normalizer.lowercase,
          strip_accents: normalizer.strip_accents,
          tokenize_chinese_chars: normalizer.handle_chinese_chars,
        }
      : { tokenizer_class: "PreTrainedTokenizerFast" }),
    ...Object.fromEntries(ROLES.map((role) => [`${role}_token`, tokens[role]])),
    // Where tokenizer.json said it, it says it no more: truncation there would be done by every reader.
    ...(truncationSide === "left" ? { truncation_side: "left" } : {}),
    ...config,
  };
}

/** The configuration goes before tokenizer.json, as in transformers. */
function readTruncationSide(config: JsonObject, json: JsonObject): "left" | "right" {
  const direction = objectAt(json, "truncation")?.direction;
  const side = config.truncation_side ?? (typeof direction === "string" ? direction.toLowerCase() : "right");
  if (side === "left" || side === "right") return side;
  return fail("E_TOKENIZER", {
    where: "tokenizer_config.json, truncation_side",
    expected: '"left" or "right"',
    got: JSON.stringify(side),
    fix: "correct it, or take it out",
  });
}

/** transformers writes 1e30 for "no limit". */
function readMaxLength(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value < 1e9 ? value : undefined;
}

function tokenOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const content = typeof value === "object" && value !== null ? (value as JsonObject).content : undefined;
  return typeof content === "string" ? content : undefined;
}
