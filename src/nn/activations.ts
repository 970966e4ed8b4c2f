/** Activation functions by the names that configurations give them. */
import type { Value } from "../graph/graph.js";
import { gelu, relu, sigmoid, tanh } from "../ops/activation.js";

export const ACTIVATIONS = { relu, gelu, tanh, sigmoid, linear: (x: Value) => x } as const;
export type ActivationName = keyof typeof ACTIVATIONS;
export const ACTIVATION_NAMES = Object.keys(ACTIVATIONS) as [ActivationName, ...ActivationName[]];
