/**
 * Layers and operators for heads of your own, as in
 * `fromPretrained(…, { head: ({ pooled, outputs }) => dense(outputs)(pooled) })`.
 *
 * @module textune/nn
 */
export type { Value } from "../graph/graph.js";
export { gelu, relu, sigmoid, softplus, tanh } from "../ops/activation.js";
export { add, div, exp, mul, neg, scalar, sub } from "../ops/arithmetic.js";
export { toFloat } from "../ops/conversion.js";
export { linear, matMul } from "../ops/linear.js";
export { reshape, slice, transpose } from "../ops/movement.js";
export { expand, reduceMax, reduceSum } from "../ops/reduction.js";
export { logSoftmax, softmax } from "../ops/softmax.js";
export type { ActivationName } from "./activations.js";
export { type DenseOptions, dense, dropout, type Layer, layerNormalization } from "./functional.js";
export { firstToken, maxOverTokens, meanOverTokens } from "./pooling.js";
