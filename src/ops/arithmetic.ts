/** Element-wise arithmetic. Gradients have the output's shape; the reverse walk sums what was broadcast. */
import type { Value } from "../graph/graph.js";
import { applyOne } from "../graph/graph.js";
import { type Attributes, defineOp, type GradientRule, type Op, type Sample } from "../graph/op.js";
import { mapElements, zipElements } from "./reference.js";
import { inferElementwise, sliceElementwise } from "./rules.js";

const ONNX = "https://onnx.ai/onnx/operators/onnx__";

const BINARY_SAMPLES: readonly Sample<Attributes>[] = [
  { inputs: [{ shape: [2, 3] }, { shape: [2, 3], fill: "positive" }], attributes: {} },
  { inputs: [{ shape: [2, 3, 4] }, { shape: [3, 1], fill: "positive" }], attributes: {} },
  { inputs: [{ shape: [1, 4] }, { shape: [3, 1], fill: "positive" }], attributes: {} },
];

function binary(name: string, f: (x: number, y: number) => number, gradient: GradientRule<Attributes>): Op {
  return defineOp({
    name,
    onnx: { type: name },
    infer: inferElementwise,
    gradient,
    reference: ([a, b]) => [zipElements(a, b, f)],
    slice: sliceElementwise,
    samples: BINARY_SAMPLES,
    errors: [
      {
        inputs: [{ shape: [2, 3] }, { shape: [2, 4] }],
        attributes: {},
        code: "E_SHAPE",
        why: "3 does not stretch to 4",
      },
      {
        inputs: [{ shape: [2] }, { shape: [2], dtype: "int64", fill: { below: 2 } }],
        attributes: {},
        code: "E_DTYPE",
        why: "int64 is not float32",
      },
    ],
    source: `${ONNX}${name}.html`,
  });
}

function unary(
  name: string,
  f: (x: number) => number,
  gradient: GradientRule<Attributes>,
  fill: "normal" | "positive" = "normal",
): Op {
  return defineOp({
    name,
    onnx: { type: name },
    infer: inferElementwise,
    gradient,
    reference: ([x]) => [mapElements(x, f)],
    slice: sliceElementwise,
    samples: [{ inputs: [{ shape: [2, 5], fill }], attributes: {} }],
    errors: [
      {
        inputs: [{ shape: [2], dtype: "bool", fill: "mask" }],
        attributes: {},
        code: "E_DTYPE",
        why: "bool is not float32",
      },
    ],
    source: `${ONNX}${name}.html`,
  });
}

// y = a + b  =>  da = dy, db = dy
export const Add: Op = binary(
  "Add",
  (x, y) => x + y,
  ({ outputGradients: [dy] }) => [dy, dy],
);

// y = a - b  =>  da = dy, db = -dy
export const Sub: Op = binary(
  "Sub",
  (x, y) => x - y,
  ({ outputGradients: [dy], wanted }) => [dy, wanted[1] && dy ? neg(dy) : undefined],
);

// y = a b  =>  da = dy b, db = dy a
export const Mul: Op = binary(
  "Mul",
  (x, y) => x * y,
  ({ inputs: [a, b], outputGradients: [dy], wanted }) => [
    wanted[0] && dy ? mul(dy, b) : undefined,
    wanted[1] && dy ? mul(dy, a) : undefined,
  ],
);

// y = a / b  =>  da = dy / b, db = -dy y / b
export const Div: Op = binary(
  "Div",
  (x, y) => x / y,
  ({ inputs: [, b], outputs: [y], outputGradients: [dy], wanted }) => [
    wanted[0] && dy ? div(dy, b) : undefined,
    wanted[1] && dy ? neg(div(mul(dy, y), b)) : undefined,
  ],
);

// y = -x  =>  dx = -dy
export const Neg: Op = unary(
  "Neg",
  (x) => -x,
  ({ outputGradients: [dy] }) => [dy && neg(dy)],
);

// y = e^x  =>  dx = dy y
export const Exp: Op = unary("Exp", Math.exp, ({ outputs: [y], outputGradients: [dy] }) => [dy && mul(dy, y)]);

// y = ln x  =>  dx = dy / x
export const Log: Op = unary(
  "Log",
  Math.log,
  ({ inputs: [x], outputGradients: [dy] }) => [dy && div(dy, x)],
  "positive",
);

// y = sqrt x  =>  dx = dy / (2 y)
export const Sqrt: Op = unary(
  "Sqrt",
  Math.sqrt,
  ({ outputs: [y], outputGradients: [dy] }) => [dy && div(dy, add(y, y))],
  "positive",
);

// y = sin x  =>  dx = dy cos x
export const Sin: Op = unary("Sin", Math.sin, ({ inputs: [x], outputGradients: [dy] }) => [dy && mul(dy, cos(x))]);

// y = cos x  =>  dx = -dy sin x
export const Cos: Op = unary("Cos", Math.cos, ({ inputs: [x], outputGradients: [dy] }) => [dy && neg(mul(dy, sin(x)))]);

/**
 * a + b, element by element. Axes of size 1, and axes that one of them lacks in front, are repeated.
 *
 * @example
 * const sum = add(x, y);
 */
export const add = (a: Value, b: Value): Value => applyOne(Add, [a, b]);
/**
 * a - b, with shapes as in {@link add}.
 *
 * @example
 * const difference = sub(x, y);
 */
export const sub = (a: Value, b: Value): Value => applyOne(Sub, [a, b]);
/**
 * a b, element by element, with shapes as in {@link add}.
 *
 * @example
 * const doubled = mul(x, scalar(x, 2));
 */
export const mul = (a: Value, b: Value): Value => applyOne(Mul, [a, b]);
/**
 * a / b, with shapes as in {@link add}.
 *
 * @example
 * const ratio = div(x, y);
 */
export const div = (a: Value, b: Value): Value => applyOne(Div, [a, b]);
/**
 * -x.
 *
 * @example
 * const opposite = neg(x);
 */
export const neg = (x: Value): Value => applyOne(Neg, [x]);
export const sqrt = (x: Value): Value => applyOne(Sqrt, [x]);
/**
 * e^x of each element.
 *
 * @example
 * const powers = exp(x);
 */
export const exp = (x: Value): Value => applyOne(Exp, [x]);
export const sin = (x: Value): Value => applyOne(Sin, [x]);
export const cos = (x: Value): Value => applyOne(Cos, [x]);

/**
 * A float32 scalar in the graph of `like`.
 *
 * @example
 * const halved = mul(x, scalar(x, 0.5));
 */
export const scalar = (like: Value, value: number): Value => like.graph.constant("float32", [], [value]);
