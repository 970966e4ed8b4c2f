/** Layers: functions of a scope, which holds their parameters, and graph values. */
import type { Value } from "../graph/graph.js";
import { mul } from "../ops/arithmetic.js";
import { linear } from "../ops/linear.js";
import { lookup } from "../ops/lookup.js";
import { layerNorm } from "../ops/normalization.js";
import type { Scope } from "./scope.js";

/** Biases and normalisations are not decayed. @source transformers Trainer.get_decay_parameter_names */
const NO_DECAY = { decay: false } as const;

/**
 * y = x Wᵀ + b with parameters `weight` [features, I] and `bias` [features]; x [..., I], y [..., features].
 *
 * @param deviation standard deviation of a new weight; a new bias is zero
 * @source torch.nn.Linear; transformers BertPreTrainedModel._init_weights
 */
export function dense(scope: Scope, x: Value, features: number, deviation: number): Value {
  const width = x.shape[x.shape.length - 1] as number;
  const weight = scope.parameter("weight", [features, width], { normal: deviation });
  return scope.adapt(x, linear(x, weight, scope.parameter("bias", [features], "zeros", NO_DECAY)));
}

/** y = x Wᵀ with the parameter `weight` [features, I]; x [..., I], y [..., features]. */
export function project(scope: Scope, x: Value, features: number, deviation: number): Value {
  const width = x.shape[x.shape.length - 1] as number;
  const weight = scope.parameter("weight", [features, width], { normal: deviation });
  return scope.adapt(x, linear(x, weight, x.graph.constant("float32", [features], [0])));
}

/**
 * The standard deviation of new weights with which a dense layer from x [..., I] to `features` keeps the size of what
 * passes through it, forward and backward.
 *
 * @source Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", eq. 12
 */
export function glorotDeviation(x: Value, features: number): number {
  return Math.sqrt(2 / ((x.shape[x.shape.length - 1] as number) + features));
}

/** Rows of the parameter `weight` [rows, width] at ids [...] int64; [..., width]. */
export function embedding(scope: Scope, ids: Value, rows: number, width: number, deviation: number): Value {
  return lookup(scope.parameter("weight", [rows, width], { normal: deviation }), ids);
}

/** Layer normalisation of x [..., D] with parameters `weight` [D] and `bias` [D]. */
export function normalization(scope: Scope, x: Value, epsilon: number): Value {
  const width = x.shape[x.shape.length - 1] as number;
  const scale = scope.parameter("weight", [width], "ones", NO_DECAY);
  return layerNorm(x, scale, scope.parameter("bias", [width], "zeros", NO_DECAY), epsilon);
}

/** Layer normalisation of x [..., D] with the parameter `weight` [D] and nothing added. */
export function scaleNormalization(scope: Scope, x: Value, epsilon: number): Value {
  const width = x.shape[x.shape.length - 1] as number;
  const nothing = x.graph.constant("float32", [width], [0]);
  return layerNorm(x, scope.parameter("weight", [width], "ones", NO_DECAY), nothing, epsilon);
}

/**
 * x with each element dropped with `probability` in [0, 1) and the rest scaled by 1 / (1 - probability); x itself
 * outside of training.
 *
 * @source arXiv:1207.0580; torch.nn.Dropout
 */
export function dropout(scope: Scope, x: Value, probability: number): Value {
  return scope.training && probability > 0 ? mul(x, scope.dropoutMask(x.shape, probability)) : x;
}
