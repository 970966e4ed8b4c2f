/** Activation functions and their derivatives. */
import type { Value } from "../graph/graph.js";
import { applyOne } from "../graph/graph.js";
import { defineOp, type Op } from "../graph/op.js";
import { mul, scalar, sub } from "./arithmetic.js";
import { mapElements, zipElements } from "./reference.js";
import { inferElementwise, sliceElementwise } from "./rules.js";

/** ONNX's TensorProto.DataType of float32. */
const FLOAT = 1;

const WRONG_DTYPE = {
  inputs: [{ shape: [2], dtype: "int64" as const, fill: { below: 2 } }, { shape: [2] }],
  attributes: {},
  code: "E_DTYPE" as const,
  why: "int64 is not float32",
};

/** The error function to about 1e-15: a Maclaurin series near 0, a continued fraction far from it. */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 80; n >= 1; n--) fraction = n / 2 / (a + fraction);
  return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction));
}

const normalCdf = (x: number): number => 0.5 * (1 + erf(x / Math.SQRT2));
const normalPdf = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);

/** The Gaussian error linear unit in its exact (erf) form, y = x Φ(x). */
export const Gelu: Op = defineOp({
  name: "Gelu",
  // ONNX has Gelu from opset 20; onnxruntime's own is the one with a fused CPU kernel, and onnxruntime makes it of
  // these five operators in this order.
  onnx: ({ emit, inputs: [x], outputs: [y] }) => {
    if (emit.operators === "onnxruntime") {
      emit.node("Gelu", [x], { outputs: [y], domain: "com.microsoft" });
      return;
    }
    const [u] = emit.node("Div", [x, emit.constant("float32", [], [Math.SQRT2])]);
    const [erfU] = emit.node("Erf", [u]);
    const [above] = emit.node("Add", [erfU, emit.constant("float32", [], [1])]);
    const [product] = emit.node("Mul", [x, above]);
    emit.node("Mul", [product, emit.constant("float32", [], [0.5])], { outputs: [y] });
  },
  infer: inferElementwise,
  gradient: ({ inputs: [x], outputGradients: [dy] }) => [dy && applyOne(GeluGradient, [x, dy])],
  reference: ([x]) => [mapElements(x, (v) => v * normalCdf(v))],
  slice: sliceElementwise,
  samples: [{ inputs: [{ shape: [3, 7] }], attributes: {} }],
  errors: [WRONG_DTYPE],
  source: "arXiv:1606.08415; google-research/bert modeling.py gelu; transformers activations.py GELUActivation",
});

/** dx = dy (Φ(x) + x φ(x)), φ the standard normal density. Inputs: x, dy of one shape. */
export const GeluGradient: Op = defineOp({
  name: "GeluGradient",
  // With u = x/√2: Φ(x) = (1 + erf u)/2 and x φ(x) = u e^(-u²)/√π. HardSigmoid is the affine map that
  // ONNX has in one pass: both of its uses here stay inside (0, 1), where it does not clip.
  onnx: ({ emit, inputs: [x, dy], outputs: [dx] }) => {
    const unit = emit.constant("float32", [], [Math.SQRT1_2]);
    const [u] = emit.node("Mul", [x, unit]);
    const [erfU] = emit.node("Erf", [u]);
    const [cdf] = emit.node("HardSigmoid", [erfU], { attributes: { alpha: { float: 0.5 }, beta: { float: 0.5 } } });
    const [square] = emit.node("Mul", [u, u]);
    const [minus] = emit.node("Neg", [square]);
    const [bell] = emit.node("Exp", [minus]);
    const [slope] = emit.node("Mul", [u, bell]);
    const [scaled] = emit.node("Mul", [slope, emit.constant("float32", [], [1 / Math.sqrt(Math.PI)])]);
    const [derivative] = emit.node("Add", [cdf, scaled]);
    emit.node("Mul", [dy, derivative], { outputs: [dx] });
  },
  infer: inferElementwise,
  gradient: { none: "second derivatives are not offered" },
  reference: ([x, dy]) => [zipElements(x, dy, (v, d) => d * (normalCdf(v) + v * normalPdf(v)))],
  slice: sliceElementwise,
  samples: [{ inputs: [{ shape: [3, 7] }, { shape: [3, 7] }], attributes: {} }],
  errors: [WRONG_DTYPE],
  source: "derivative of x Φ(x) by the product rule",
});

// y = tanh x  =>  dx = dy (1 - y²)
export const Tanh: Op = defineOp({
  name: "Tanh",
  onnx: { type: "Tanh" },
  infer: inferElementwise,
  gradient: ({ outputs: [y], outputGradients: [dy] }) => [dy && mul(dy, sub(scalar(y, 1), mul(y, y)))],
  reference: ([x]) => [mapElements(x, Math.tanh)],
  slice: sliceElementwise,
  samples: [{ inputs: [{ shape: [3, 4] }], attributes: {} }],
  errors: [WRONG_DTYPE],
  source: "https://onnx.ai/onnx/operators/onnx__Tanh.html",
});

// y = 1 / (1 + e^-x)  =>  dx = dy y (1 - y)
export const Sigmoid: Op = defineOp({
  name: "Sigmoid",
  onnx: { type: "Sigmoid" },
  infer: inferElementwise,
  gradient: ({ outputs: [y], outputGradients: [dy] }) => [dy && mul(dy, mul(y, sub(scalar(y, 1), y)))],
  reference: ([x]) => [mapElements(x, (v) => 1 / (1 + Math.exp(-v)))],
  slice: sliceElementwise,
  samples: [
    { inputs: [{ shape: [3, 4] }], attributes: {} },
    { inputs: [{ shape: [3, 4], fill: { deviation: 1e4 } }], attributes: {} },
  ],
  errors: [WRONG_DTYPE],
  source: "https://onnx.ai/onnx/operators/onnx__Sigmoid.html",
});

/**
 * y = log(1 + e^x)  =>  dx = dy / (1 + e^-x). With it -log sigmoid(x) is softplus(-x), which neither overflows nor
 * takes the logarithm of zero, however far x is from 0.
 */
export const Softplus: Op = defineOp({
  name: "Softplus",
  onnx: { type: "Softplus" },
  infer: inferElementwise,
  gradient: ({ inputs: [x], outputGradients: [dy] }) => [dy && mul(dy, sigmoid(x))],
  reference: ([x]) => [mapElements(x, (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))))],
  slice: sliceElementwise,
  samples: [
    { inputs: [{ shape: [3, 4] }], attributes: {} },
    { inputs: [{ shape: [3, 4], fill: { deviation: 1e4 } }], attributes: {} },
  ],
  errors: [WRONG_DTYPE],
  source: "https://onnx.ai/onnx/operators/onnx__Softplus.html",
});

// y = max(x, 0)  =>  dx = dy where x > 0
export const Relu: Op = defineOp({
  name: "Relu",
  onnx: { type: "Relu" },
  infer: inferElementwise,
  gradient: ({ inputs: [x], outputGradients: [dy] }) => [dy && mul(dy, step(x))],
  reference: ([x]) => [mapElements(x, (v) => Math.max(v, 0))],
  slice: sliceElementwise,
  samples: [{ inputs: [{ shape: [3, 4] }], attributes: {} }],
  errors: [WRONG_DTYPE],
  source: "https://onnx.ai/onnx/operators/onnx__Relu.html; torch.nn.functional.relu, whose slope at 0 is 0",
});

/** y = 1 where x > 0, else 0. */
export const Step: Op = defineOp({
  name: "Step",
  onnx: ({ emit, inputs: [x], outputs: [y] }) => {
    const [positive] = emit.node("Greater", [x, emit.constant("float32", [], [0])]);
    emit.node("Cast", [positive], { outputs: [y], attributes: { to: { int: FLOAT } } });
  },
  infer: inferElementwise,
  gradient: { none: "it is flat but for a jump" },
  reference: ([x]) => [mapElements(x, (v) => (v > 0 ? 1 : 0))],
  slice: sliceElementwise,
  samples: [{ inputs: [{ shape: [3, 4] }], attributes: {} }],
  errors: [WRONG_DTYPE],
  source: "numpy.heaviside(x, 0)",
});

/**
 * x Φ(x), Φ the standard normal distribution function: GELU in its exact form, element by element.
 *
 * @example
 * const activated = gelu(x);
 */
export const gelu = (x: Value): Value => applyOne(Gelu, [x]);
/**
 * The hyperbolic tangent of each element.
 *
 * @example
 * const between = tanh(x); // in (-1, 1)
 */
export const tanh = (x: Value): Value => applyOne(Tanh, [x]);
/** 1 where x > 0, else 0. */
export const step = (x: Value): Value => applyOne(Step, [x]);
/**
 * max(x, 0) of each element.
 *
 * @example
 * const positive = relu(x);
 */
export const relu = (x: Value): Value => applyOne(Relu, [x]);
/**
 * 1 / (1 + e^-x) of each element.
 *
 * @example
 * const gate = sigmoid(x); // in (0, 1)
 * const gated = mul(gate, x);
 */
export const sigmoid = (x: Value): Value => applyOne(Sigmoid, [x]);
/**
 * log(1 + e^x) of each element: a smooth max(x, 0).
 *
 * @example
 * const scale = softplus(x); // above 0
 */
export const softplus = (x: Value): Value => applyOne(Softplus, [x]);
