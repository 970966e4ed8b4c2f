/** All operators by name: what the generic tests and the documentation go through. */
import type { Op } from "../graph/op.js";
import { Gelu, GeluGradient, Relu, Sigmoid, Softplus, Step, Tanh } from "./activation.js";
import { Add, Div, Exp, Log, Mul, Neg, Sqrt, Sub } from "./arithmetic.js";
import { OneHot, ToFloat } from "./conversion.js";
import { GeluTanh, GeluTanhGradient } from "./gelu-tanh.js";
import { Linear, MatMul, OuterProduct } from "./linear.js";
import { Lookup, ScatterRows } from "./lookup.js";
import { Reshape, Slice, Transpose, Unslice } from "./movement.js";
import { LayerNorm, LayerNormGradient } from "./normalization.js";
import { Positions } from "./positions.js";
import { Expand, ReduceMax, ReduceMaxGradient, ReduceSum, SumLeading } from "./reduction.js";
import { CrossEntropy, CrossEntropyGradient, LogSoftmax, LogSumExp, Softmax, SoftmaxGradient } from "./softmax.js";

export const OPERATORS: readonly Op[] = [
  Add,
  Sub,
  Mul,
  Div,
  Neg,
  Exp,
  Log,
  Sqrt,
  Gelu,
  GeluGradient,
  GeluTanh,
  GeluTanhGradient,
  Tanh,
  Sigmoid,
  Softplus,
  Relu,
  Step,
  ReduceSum,
  SumLeading,
  ReduceMax,
  ReduceMaxGradient,
  Expand,
  MatMul,
  Linear,
  OuterProduct,
  Reshape,
  Transpose,
  Slice,
  Unslice,
  Lookup,
  ScatterRows,
  Positions,
  LayerNorm,
  LayerNormGradient,
  Softmax,
  SoftmaxGradient,
  LogSoftmax,
  LogSumExp,
  CrossEntropy,
  CrossEntropyGradient,
  ToFloat,
  OneHot,
];
