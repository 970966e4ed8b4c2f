/** A layer of an encoder as BERT has it: attention and feed-forward, normalised after each residual. */
import type { Value } from "../graph/graph.js";
import { add } from "../ops/arithmetic.js";
import { selfAttention } from "./attention.js";
import { dense, dropout, normalization } from "./layers.js";
import type { Scope } from "./scope.js";

/** What the parts of a layer are called, with dots between the names of scopes: "attention.self.query". */
export interface LayerNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  /** The dense layer on what the heads found. */
  readonly attended: string;
  readonly attendedNorm: string;
  /** The wide dense layer of the feed-forward part, and the one back. */
  readonly inner: string;
  readonly output: string;
  readonly outputNorm: string;
}

export interface PostNormLayerOptions {
  readonly names: LayerNames;
  /** Number of heads H, a divisor of D. */
  readonly heads: number;
  /** Width F of the feed-forward part. */
  readonly innerSize: number;
  readonly activation: (x: Value) => Value;
  /** Of the normalisations. */
  readonly epsilon: number;
  /** Standard deviation of new weights. */
  readonly deviation: number;
  /** Probabilities of dropout: of attention weights, and before each of the two residuals. */
  readonly dropout: { readonly weights: number; readonly attended: number; readonly output: number };
}

/**
 * One layer: x [B, T, D], bias as {@link selfAttention} takes it; [B, T, D].
 *
 * @source arXiv:1706.03762 section 3; transformers modeling_bert.py BertLayer
 */
export function postNormLayer(scope: Scope, x: Value, bias: Value, options: PostNormLayerOptions): Value {
  const { names, deviation, epsilon, dropout: probability } = options;
  const width = x.shape[x.shape.length - 1] as number;
  // The layer `name` back to width D, dropout, the residual, and the normalisation `norm`.
  const addTo = (residual: Value, inner: Value, name: string, norm: string, dropped: number): Value => {
    const projected = dense(scope.child(name), inner, width, deviation);
    return normalization(scope.child(norm), add(dropout(scope, projected, dropped), residual), epsilon);
  };
  const context = selfAttention(scope, x, bias, {
    heads: options.heads,
    dropout: probability.weights,
    deviation,
    names,
  });
  const attended = addTo(x, context, names.attended, names.attendedNorm, probability.attended);
  const inner = options.activation(dense(scope.child(names.inner), attended, options.innerSize, deviation));
  return addTo(attended, inner, names.output, names.outputNorm, probability.output);
}
