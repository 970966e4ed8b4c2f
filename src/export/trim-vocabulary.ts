/** A tokenizer and an embedding table without the tokens that some texts never use. */
import { fail } from "../base/errors.js";
import type { TokenizerFiles } from "../tokenizers/tokenizer.js";

type JsonObject = { readonly [key: string]: unknown };

export interface TrimmedVocabulary {
  /** The ids that are kept, ascending: row i of the new table is row `rows[i]` of the old one. */
  readonly rows: Uint32Array;
  readonly tokenizerFiles: TokenizerFiles;
}

/**
 * Keeps the tokens in `used`, special and added ones, and those of one character, so that a word that the texts did not
 * have comes apart in pieces and is not unknown.
 *
 * WordPiece takes the longest token that fits. A text that used tokens of `used` alone finds the same ones, as what is gone
 * was not taken; a text that used others gets shorter pieces.
 *
 * @throws E_CONFIG for a tokenizer that is not WordPiece
 */
export function trimVocabulary(files: TokenizerFiles, used: ReadonlySet<number>): TrimmedVocabulary {
  const tokenizer = JSON.parse(files["tokenizer.json"] ?? "{}") as JsonObject;
  const model = (tokenizer.model ?? {}) as JsonObject;
  if (model.type !== "WordPiece" && model.continuing_subword_prefix === undefined) {
    fail("E_CONFIG", {
      option: "trimVocabulary",
      expected: "a WordPiece tokenizer",
      got: String(model.type),
      fix: "leave the option out: other tokenizers choose other pieces when one is gone",
    });
  }
  const vocabulary = Object.entries(model.vocab as Record<string, number>);
  const prefix = String(model.continuing_subword_prefix ?? "##");
  const added = (tokenizer.added_tokens ?? []) as readonly (JsonObject & { id: number })[];
  const kept = new Set([...used, ...added.map(({ id }) => id)]);
  for (const [token, id] of vocabulary) {
    const bare = token.startsWith(prefix) ? token.slice(prefix.length) : token;
    if ([...bare].length === 1) kept.add(id);
  }
  const unknown = vocabulary.find(([token]) => token === model.unk_token);
  if (unknown !== undefined) kept.add(unknown[1]);
  const rows = Uint32Array.from(kept).sort();
  const newIds = new Map(Array.from(rows, (id, row) => [id, row]));
  const trimmed = {
    ...tokenizer,
    added_tokens: added.map((token) => ({ ...token, id: newIds.get(token.id) })),
    post_processor: renumber(tokenizer.post_processor, newIds),
    model: {
      ...model,
      vocab: Object.fromEntries(
        vocabulary.filter(([, id]) => kept.has(id)).map(([token, id]) => [token, newIds.get(id)]),
      ),
    },
  };
  const config = JSON.parse(files["tokenizer_config.json"] ?? "{}") as JsonObject;
  const { "vocab.txt": _, ...others } = files;
  return {
    rows,
    tokenizerFiles: {
      ...others,
      "tokenizer.json": `${JSON.stringify(trimmed, null, 2)}\n`,
      "tokenizer_config.json": `${JSON.stringify(renumberConfig(config, newIds), null, 2)}\n`,
    },
  };
}

/** The ids of a post-processor: `ids` of a template, the second of `["[SEP]", 102]` in the older kinds. */
function renumber(part: unknown, newIds: ReadonlyMap<number, number>): unknown {
  if (Array.isArray(part)) {
    const [token, id] = part as unknown[];
    const pair = part.length === 2 && typeof token === "string" && typeof id === "number";
    return pair ? [token, newIds.get(id)] : part.map((one) => renumber(one, newIds));
  }
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [
      key,
      key === "ids" && Array.isArray(value) ? value.map((id: number) => newIds.get(id)) : renumber(value, newIds),
    ]),
  );
}

function renumberConfig(config: JsonObject, newIds: ReadonlyMap<number, number>): JsonObject {
  const decoder = config.added_tokens_decoder;
  if (typeof decoder !== "object" || decoder === null) return config;
  const entries = Object.entries(decoder).map(([id, token]) => [String(newIds.get(Number(id))), token] as const);
  return { ...config, added_tokens_decoder: Object.fromEntries(entries) };
}

/** Ids in a model's config.json (`pad_token_id` and the like) after trimming. */
export function renumberTokenIds(config: JsonObject, rows: Uint32Array): JsonObject {
  const newIds = new Map(Array.from(rows, (id, row) => [id, row]));
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      key.endsWith("_token_id") && typeof value === "number" ? (newIds.get(value) ?? value) : value,
    ]),
  );
}
