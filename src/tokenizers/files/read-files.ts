/** The files of a tokenizer, read and checked: all become what a tokenizer.json says. */
import { fail } from "../../base/errors.js";
import { missingToken, type TokenModel } from "../models/token-model.js";
import { readTokenModel } from "../models/token-models.js";
import type { AddedToken } from "../steps/added-tokens.js";
import { type JsonObject, objectAt, parseObject, quote, RESTORE } from "./read-json.js";
import {
  BERT_TOKENS,
  contentOf,
  ROBERTA_TOKENS,
  ROLES,
  type SpecialTokens,
  specialTokens,
  type TokenizerSettings,
} from "./special-tokens.js";
import { readTemplates, type Templates } from "./template.js";
import type { TokenizerFiles } from "./tokenizer-files.js";
import { VOCABULARY_FORMATS } from "./vocabulary-formats.js";

/** What the files say, checked. */
export interface TokenizerDescription {
  readonly model: TokenModel;
  readonly addedTokens: readonly AddedToken[];
  readonly normalizer: JsonObject | undefined;
  readonly preTokenizer: JsonObject | undefined;
  readonly decoder: JsonObject | undefined;
  readonly templates: Templates;
  readonly padId: number;
  /** Undefined where the files give none, or transformers' "very large". */
  readonly modelMaxLength: number | undefined;
  /** Which end too long a text loses. */
  readonly truncationSide: "left" | "right";
  /** What to save: complete, and such that no reader truncates or pads on its own. Made when first asked for: predictions need none. */
  readonly files: TokenizerFiles;
}

/** @throws E_TOKENIZER for files that are missing, damaged, or of a tokenizer of an unknown kind */
export function readTokenizerFiles(files: TokenizerFiles): TokenizerDescription {
  const settings = {
    config: parseObject(files["tokenizer_config.json"] ?? "{}", "tokenizer_config.json"),
    map: parseObject(files["special_tokens_map.json"] ?? "{}", "special_tokens_map.json"),
  };
  const content = files["tokenizer.json"];
  if (content !== undefined) return describe(parseObject(content, "tokenizer.json"), settings, files, "tokenizer.json");
  const format = VOCABULARY_FORMATS.find(({ names }) => names.every((name) => files[name] !== undefined));
  if (format === undefined) {
    return fail("E_TOKENIZER", {
      where: "tokenizer",
      expected: `tokenizer.json, or ${VOCABULARY_FORMATS.map(({ names }) => names.join(" with ")).join(", ")}`,
      got: "none of them",
      fix: "put the model's own tokenizer files into its folder",
    });
  }
  return describe(format.build(files, settings), settings, files, format.names[0]);
}

function describe(
  json: JsonObject,
  settings: TokenizerSettings,
  files: TokenizerFiles,
  where: string,
): TokenizerDescription {
  const section =
    objectAt(json, "model") ?? fail("E_TOKENIZER", { where, expected: "a section model", got: "none", fix: RESTORE });
  const addedTokens = readAddedTokens(json, where);
  const model = readTokenModel(section, new Map(addedTokens.map(({ content, id }) => [content, id])), where);
  const { vocabulary } = model;
  const templates = readTemplates(objectAt(json, "post_processor"), vocabulary, where);
  const isRoberta = !vocabulary.has(BERT_TOKENS.pad) && vocabulary.has(ROBERTA_TOKENS.pad);
  const defaults = isRoberta ? ROBERTA_TOKENS : BERT_TOKENS;
  const paddedWith = contentOf(objectAt(json, "padding")?.pad_token) ?? defaults.pad;
  const tokens: SpecialTokens = {
    ...specialTokens(settings, { ...defaults, pad: paddedWith }),
    unk: model.unkToken ?? defaults.unk,
    cls: templates.cls,
    sep: templates.sep,
  };
  const { config } = settings;
  const normalizer = withBertSettings(objectAt(json, "normalizer"), config, where);
  const preTokenizer = withPrefixSpace(objectAt(json, "pre_tokenizer"), config);
  const truncationSide = readTruncationSide(config, json);
  let complete: TokenizerFiles | undefined;
  return {
    model,
    addedTokens,
    normalizer,
    preTokenizer,
    decoder: objectAt(json, "decoder"),
    templates,
    padId: vocabulary.get(tokens.pad) ?? missingToken(tokens.pad, where),
    modelMaxLength: readMaxLength(config.model_max_length),
    truncationSide,
    get files() {
      complete ??= completeFiles(
        files,
        { ...json, normalizer: normalizer ?? null, pre_tokenizer: preTokenizer ?? null },
        completeConfig(config, normalizer, tokens, truncationSide),
      );
      return complete;
    },
  };
}

function completeFiles(files: TokenizerFiles, json: JsonObject, config: JsonObject): TokenizerFiles {
  const written = (value: JsonObject): string => `${JSON.stringify(value, null, 2)}\n`;
  const { "special_tokens_map.json": map, "vocab.txt": vocabulary } = files;
  return {
    ...(map === undefined ? {} : { "special_tokens_map.json": map }),
    ...(vocabulary === undefined ? {} : { "vocab.txt": vocabulary }),
    "tokenizer.json": written({ version: "1.0", ...json, truncation: null, padding: null }),
    "tokenizer_config.json": written(config),
  };
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
function withBertSettings(
  normalizer: JsonObject | undefined,
  config: JsonObject,
  where: string,
): JsonObject | undefined {
  if (normalizer?.type !== "BertNormalizer") return normalizer;
  const settings: Record<string, unknown> = {
    type: "BertNormalizer",
    clean_text: normalizer.clean_text ?? true,
    handle_chinese_chars: normalizer.handle_chinese_chars ?? true,
    strip_accents: normalizer.strip_accents ?? null,
    lowercase: normalizer.lowercase ?? true,
  };
  const names = {
    do_lower_case: "lowercase",
    strip_accents: "strip_accents",
    tokenize_chinese_chars: "handle_chinese_chars",
  };
  for (const [option, setting] of Object.entries(names)) {
    const value = config[option];
    if (value === undefined || isGeneric(config)) continue;
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

/** A byte-level pre-tokenizer under `add_prefix_space` of tokenizer_config.json, which goes before it as in transformers. */
function withPrefixSpace(preTokenizer: JsonObject | undefined, config: JsonObject): JsonObject | undefined {
  if (preTokenizer?.type !== "ByteLevel" || typeof config.add_prefix_space !== "boolean" || isGeneric(config))
    return preTokenizer;
  return { ...preTokenizer, add_prefix_space: config.add_prefix_space };
}

/** Whether transformers takes everything from tokenizer.json. */
function isGeneric(config: JsonObject): boolean {
  return config.tokenizer_class === "PreTrainedTokenizerFast" || config.tokenizer_class === "TokenizersBackend";
}

/** A tokenizer_config.json from which transformers builds the same tokenizer: it does not look at the normalizer. */
function completeConfig(
  config: JsonObject,
  normalizer: JsonObject | undefined,
  tokens: SpecialTokens,
  truncationSide: "left" | "right",
): JsonObject {
  const bert = normalizer?.type === "BertNormalizer" && tokens.cls === BERT_TOKENS.cls;
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
