/** Activation functions by the names that configurations give them. */
import type { Value } from "../graph/graph.js";
import { gelu, relu, sigmoid, tanh } from "../ops/activation.js";
import { mul } from "../ops/arithmetic.js";
import { geluTanh } from "../ops/gelu-tanh.js";

const linear = (x: Value): Value => x;
const silu = (x: Value): Value => mul(x, sigmoid(x));

/** Those that a head of one's own may have. */
export const ACTIVATIONS = { relu, gelu, tanh, sigmoid, linear } as const;
/** The name of an activation function. */
export type ActivationName = keyof typeof ACTIVATIONS;
export const ACTIVATION_NAMES = Object.keys(ACTIVATIONS) as [ActivationName, ...ActivationName[]];

/**
 * Those of `hidden_act` in Hugging Face's configurations, where some have several names: three are the tanh form of
 * GELU, written differently.
 *
 * @source transformers activations.py ACT2FN
 */
export const HIDDEN_ACTIVATIONS = {
  ...ACTIVATIONS,
  gelu_python: gelu,
  gelu_new: geluTanh,
  gelu_fast: geluTanh,
  gelu_pytorch_tanh: geluTanh,
  silu,
  swish: silu,
} as const;
export type HiddenActivation = keyof typeof HIDDEN_ACTIVATIONS;
export const HIDDEN_ACTIVATION_NAMES = Object.keys(HIDDEN_ACTIVATIONS) as [HiddenActivation, ...HiddenActivation[]];
