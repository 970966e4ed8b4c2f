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

/** What stands after a part of a layer, or is asked of it. */
export interface ResidualOptions {
  /** Of the normalisation. */
  readonly epsilon: number;
  /** Standard deviation of new weights. */
  readonly deviation: number;
  /** Probability of dropout before the residual. */
  readonly dropout: number;
}

/**
 * `inner` [B, T, I] back to width D by a dense layer, dropout, added to `residual` [B, T, D], and normalised.
 *
 * @source transformers modeling_bert.py BertSelfOutput
 */
export function addAndNormalize(
  scope: Scope,
  residual: Value,
  inner: Value,
  names: { readonly dense: string; readonly norm: string },
  options: ResidualOptions,
): Value {
  const width = residual.shape[residual.shape.length - 1] as number;
  const projected = dense(scope.child(names.dense), inner, width, options.deviation);
  const sum = add(dropout(scope, projected, options.dropout), residual);
  return normalization(scope.child(names.norm), sum, options.epsilon);
}

/** The feed-forward part of a layer, and what stands after it: x [B, T, D]; [B, T, D]. */
export function postNormFeedForward(
  scope: Scope,
  x: Value,
  options: ResidualOptions & {
    readonly names: { readonly inner: string; readonly dense: string; readonly norm: string };
    readonly innerSize: number;
    readonly activation: (x: Value) => Value;
  },
): Value {
  const inner = dense(scope.child(options.names.inner), x, options.innerSize, options.deviation);
  return addAndNormalize(scope, x, options.activation(inner), options.names, options);
}

/**
 * One layer: x [B, T, D], bias as {@link selfAttention} takes it; [B, T, D].
 *
 * @source arXiv:1706.03762 section 3; transformers modeling_bert.py BertLayer
 */
export function postNormLayer(scope: Scope, x: Value, bias: Value, options: PostNormLayerOptions): Value {
  const { names, deviation, epsilon, dropout: probability } = options;
  const context = selfAttention(scope, x, bias, {
    heads: options.heads,
    dropout: probability.weights,
    deviation,
    names,
  });
  const attendedNames = { dense: names.attended, norm: names.attendedNorm };
  const attended = addAndNormalize(scope, x, context, attendedNames, {
    ...{ epsilon, deviation, dropout: probability.attended },
  });
  return postNormFeedForward(scope, attended, {
    ...{ epsilon, deviation, dropout: probability.output },
    ...{ innerSize: options.innerSize, activation: options.activation },
    names: { inner: names.inner, dense: names.output, norm: names.outputNorm },
  });
}
