/** What an encoder starts from: the embeddings of tokens and of their places, summed and normalised. */
import type { Value } from "../graph/graph.js";
import { add } from "../ops/arithmetic.js";
import { dropout, embedding, normalization } from "./layers.js";
import type { Scope } from "./scope.js";

export interface TokenEmbeddingsOptions {
  /** Width E of the tables. */
  readonly width: number;
  /** Token ids [B, T] int64, and the rows V of their table. */
  readonly words: { readonly ids: Value; readonly rows: number };
  /** Positions [T] int64, and the rows of their table. */
  readonly positions: { readonly ids: Value; readonly rows: number };
  /** Segments [B, T] int64, and the rows of their table. */
  readonly segments: { readonly ids: Value; readonly rows: number };
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
 * @source transformers modeling_bert.py BertEmbeddings
 */
export function tokenEmbeddings(scope: Scope, options: TokenEmbeddingsOptions): Value {
  const { width, deviation, words, segments, positions } = options;
  const table = (name: string, { ids, rows }: { readonly ids: Value; readonly rows: number }): Value =>
    embedding(scope.child(name), ids, rows, width, deviation);
  const typed = add(table("word_embeddings", words), table("token_type_embeddings", segments));
  const sum = add(typed, table("position_embeddings", positions));
  return dropout(scope, normalization(scope.child("LayerNorm"), sum, options.epsilon), options.dropout);
}
