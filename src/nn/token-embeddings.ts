/** What an encoder starts from: the embeddings of tokens and of their places, summed and normalised. */
import type { Value } from "../graph/graph.js";
import { add } from "../ops/arithmetic.js";
import { lookup } from "../ops/lookup.js";
import { reshape, slice } from "../ops/movement.js";
import { dropout, normalization } from "./layers.js";
import type { Scope } from "./scope.js";

export interface TokenEmbeddingsOptions {
  /** Width E of the tables. */
  readonly width: number;
  /** Token ids [B, T] int64, and the rows V of their table. */
  readonly words: { readonly ids: Value; readonly rows: number };
  /** Positions [T] int64, and the rows of their table, of which the first `skipped`, by default none, have no position. */
  readonly positions: { readonly ids: Value; readonly rows: number; readonly skipped?: number | undefined };
  /** Segments [B, T] int64, or "first" where all tokens are of the first, and the rows of their table; no table without. */
  readonly segments?: { readonly ids: Value | "first"; readonly rows: number } | undefined;
  /** Of the normalisation. */
  readonly epsilon: number;
  readonly dropout: number;
  /** Standard deviation of new weights. */
  readonly deviation: number;
}

/**
 * The embeddings [B, T, E] of tokens. Parameters `word_embeddings`, `token_type_embeddings`, `position_embeddings` and
 * `LayerNorm`, as Hugging Face calls them in all encoders of this kind.
 *
 * @source transformers modeling_bert.py BertEmbeddings, modeling_roberta.py RobertaEmbeddings
 */
export function tokenEmbeddings(scope: Scope, options: TokenEmbeddingsOptions): Value {
  const { width, deviation, words, segments, positions } = options;
  const table = (name: string, rows: number): Value =>
    scope.child(name).parameter("weight", [rows, width], { normal: deviation });
  const ofWords = lookup(table("word_embeddings", words.rows), words.ids);
  const typed =
    segments === undefined
      ? ofWords
      : add(ofWords, segmentRows(table("token_type_embeddings", segments.rows), segments.ids));
  const { rows, skipped = 0 } = positions;
  const places = table("position_embeddings", rows);
  const used = skipped === 0 ? places : slice(places, 0, skipped, rows - skipped);
  const sum = add(typed, lookup(used, positions.ids));
  return dropout(scope, normalization(scope.child("LayerNorm"), sum, options.epsilon), options.dropout);
}

/** The row of `table` [rows, E] for each token; the first row [E] where all are of the first segment. */
function segmentRows(table: Value, ids: Value | "first"): Value {
  return ids === "first" ? reshape(slice(table, 0, 0, 1), [table.shape[1]]) : lookup(table, ids);
}
