/** All operators by name: what the generic tests and the documentation go through. */
import type { Op } from "../graph/op.js";
import { Gelu, GeluGradient, Relu, Sigmoid, Softplus, Step, Tanh } from "./activation.js";
import { Add, Cos, Div, Exp, Log, Mul, Neg, Sin, Sqrt, Sub } from "./arithmetic.js";
import { OneHot, ToFloat } from "./conversion.js";
import { ByDistance, ByKey, OfDistances } from "./distance.js";
import { GeluTanh, GeluTanhGradient } from "./gelu-tanh.js";
import { Concat, Split } from "./joining.js";
import { Linear, MatMul, OuterProduct } from "./linear.js";
import { Lookup, ScatterRows } from "./lookup.js";
import { MixHeads } from "./mix-heads.js";
import { Reshape, Slice, Transpose, Unslice } from "./movement.js";
import { LayerNorm, LayerNormGradient } from "./normalization.js";
import { Positions } from "./positions.js";
import { Expand, ReduceMax, ReduceMaxGradient, ReduceSum, SumLeading } from "./reduction.js";
import { RelativeBuckets } from "./relative-buckets.js";
import { Rotary } from "./rotary.js";
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
  Sin,
  Cos,
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
  OfDistances,
  ByKey,
  ByDistance,
  Split,
  Concat,
  Rotary,
  MixHeads,
  RelativeBuckets,
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
