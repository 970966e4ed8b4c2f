/** The tanh form of the Gaussian error linear unit, which Google's BERT and ALBERT compute, and its derivative. */
import type { Value } from "../graph/graph.js";
import { applyOne } from "../graph/graph.js";
import { defineOp, type Emitter, type Op } from "../graph/op.js";
import { mapElements, zipElements } from "./reference.js";
import { inferElementwise, sliceElementwise } from "./rules.js";

const ROOT = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/** 2u = 2 sqrt(2/π) (x + 0.044715 x³): (1 + tanh u) / 2 is the logistic function of it. */
const twiceU = (x: number): number => 2 * ROOT * (x + CUBIC * x ** 3);
const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

const WRONG_DTYPE = {
  inputs: [{ shape: [2], dtype: "int64" as const, fill: { below: 2 } }, { shape: [2] }],
  attributes: {},
  code: "E_DTYPE" as const,
  why: "int64 is not float32",
};

/** In ONNX x², 2 sqrt(2/π) x, and the logistic function of 2u. */
function emitGate(emit: Emitter, x: string): Readonly<Record<"square" | "line" | "gate", string>> {
  const number = (value: number): string => emit.constant("float32", [], [value]);
  const [square] = emit.node("Mul", [x, x]);
  const [scaled] = emit.node("Mul", [square, number(CUBIC)]);
  const [bracket] = emit.node("Add", [scaled, number(1)]);
  const [line] = emit.node("Mul", [x, number(2 * ROOT)]);
  const [u] = emit.node("Mul", [line, bracket]);
  const [gate] = emit.node("Sigmoid", [u]);
  return { square, line, gate };
}

/** y = x (1 + tanh u) / 2 with u = sqrt(2/π) (x + 0.044715 x³): close to x Φ(x), and not the same. */
export const GeluTanh: Op = defineOp({
  name: "GeluTanh",
  onnx: ({ emit, inputs: [x], outputs: [y] }) => {
    if (emit.operators === "onnxruntime") {
      emit.node("FastGelu", [x], { outputs: [y], domain: "com.microsoft" });
      return;
    }
    emit.node("Mul", [x, emitGate(emit, x).gate], { outputs: [y] });
  },
  infer: inferElementwise,
  gradient: ({ inputs: [x], outputGradients: [dy] }) => [dy && applyOne(GeluTanhGradient, [x, dy])],
  reference: ([x]) => [mapElements(x, (v) => v * logistic(twiceU(v)))],
  slice: sliceElementwise,
  samples: [{ inputs: [{ shape: [3, 7] }], attributes: {} }],
  errors: [WRONG_DTYPE],
  source:
    "arXiv:1606.08415 section 2; google-research/albert modeling.py gelu; transformers activations.py NewGELUActivation",
});

/** dx = dy (s + x s (1 - s) (2u)') with s the logistic function of 2u. Inputs: x, dy of one shape. */
export const GeluTanhGradient: Op = defineOp({
  name: "GeluTanhGradient",
  // x (2u)' is 2 sqrt(2/π) x (1 + 3 · 0.044715 x²).
  onnx: ({ emit, inputs: [x, dy], outputs: [dx] }) => {
    const { gate, line, square } = emitGate(emit, x);
    const [scaled] = emit.node("Mul", [square, emit.constant("float32", [], [3 * CUBIC])]);
    const [steeper] = emit.node("Add", [scaled, emit.constant("float32", [], [1])]);
    const [climb] = emit.node("Mul", [line, steeper]);
    const [rest] = emit.node("Sub", [emit.constant("float32", [], [1]), gate]);
    const [product] = emit.node("Mul", [rest, climb]);
    const [factor] = emit.node("Add", [product, emit.constant("float32", [], [1])]);
    const [slope] = emit.node("Mul", [gate, factor]);
    emit.node("Mul", [dy, slope], { outputs: [dx] });
  },
  infer: inferElementwise,
  gradient: { none: "second derivatives are not offered" },
  reference: ([x, dy]) => [
    zipElements(x, dy, (v, d) => {
      const gate = logistic(twiceU(v));
      return d * gate * (1 + (1 - gate) * 2 * ROOT * (v + 3 * CUBIC * v ** 3));
    }),
  ],
  slice: sliceElementwise,
  samples: [{ inputs: [{ shape: [3, 7] }, { shape: [3, 7] }], attributes: {} }],
  errors: [WRONG_DTYPE],
  source: "derivative of x s(2u) by the product rule",
});

export const geluTanh = (x: Value): Value => applyOne(GeluTanh, [x]);
