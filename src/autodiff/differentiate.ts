/**
 * Reverse-mode differentiation: derives the gradient graph from the gradient rule of each operator.
 *
 * The walk visits only nodes that lie between the result and a wanted value, sums where paths meet, and
 * undoes broadcasting in one place.
 */
import { fail } from "../base/errors.js";
import { isDifferentiable } from "../graph/dtype.js";
import { reachableNodes, type Value } from "../graph/graph.js";
import { formatShape, type Shape, sameShape } from "../graph/shape.js";

/** The operators that differentiation itself needs; `src/ops/algebra.ts` provides them. */
export interface GradientAlgebra {
  add(a: Value, b: Value): Value;
  /** The sum of `x` over the axes along which `shape` was stretched to x's shape. */
  sumTo(x: Value, shape: Shape): Value;
  /** A float32 tensor of `shape` filled with `value`. */
  fill(like: Value, shape: Shape, value: number): Value;
}

/**
 * The gradients of `loss` (float32 []) with respect to each of `wrt`, in their shapes.
 *
 * @throws E_GRADIENT where an operator on the way has no gradient, or where a value does not reach the loss
 */
export function differentiate(loss: Value, wrt: readonly Value[], algebra: GradientAlgebra): Value[] {
  if (loss.dtype !== "float32" || loss.shape.length !== 0) {
    fail("E_GRADIENT", {
      where: "differentiate",
      expected: "a float32 scalar loss",
      got: `${loss.dtype}${formatShape(loss.shape)}`,
    });
  }
  return pullBack(loss, algebra.fill(loss, [], 1), wrt, algebra);
}

/**
 * The gradients with respect to each of `wrt`, in their shapes, of a loss whose gradient with respect to `result` is
 * `resultGradient`: the product of that vector with the Jacobian.
 *
 * @throws E_GRADIENT where an operator on the way has no gradient, or where a value does not reach `result`
 */
export function pullBack(
  result: Value,
  resultGradient: Value,
  wrt: readonly Value[],
  algebra: GradientAlgebra,
): Value[] {
  const nodes = reachableNodes([result]);
  const dependent = new Set<Value>(wrt);
  for (const node of nodes) {
    if (!node.inputs.some((input) => dependent.has(input))) continue;
    for (const output of node.outputs) if (isDifferentiable(output.dtype)) dependent.add(output);
  }

  const gradients = new Map<Value, Value>([[result, resultGradient]]);
  for (const node of nodes.reverse()) {
    const wanted = node.inputs.map((input) => dependent.has(input));
    const outputGradients = node.outputs.map((output) => gradients.get(output));
    if (!wanted.includes(true) || outputGradients.every((gradient) => gradient === undefined)) continue;
    const rule = node.op.gradient;
    if (typeof rule !== "function") {
      fail("E_GRADIENT", { where: node.op.name, expected: "a gradient rule", got: `none, as ${rule.none}` });
    }
    const inputGradients = rule(
      { inputs: node.inputs, outputs: node.outputs, outputGradients, wanted },
      node.attributes,
    );
    for (const [index, input] of node.inputs.entries()) {
      if (!wanted[index]) continue;
      const gradient = inputGradients[index];
      if (gradient === undefined) {
        fail("E_GRADIENT", {
          where: `${node.op.name}, input ${index + 1}`,
          expected: "a gradient",
          got: "none from its rule",
        });
      }
      const fitted = sameShape(gradient.shape, input.shape) ? gradient : algebra.sumTo(gradient, input.shape);
      const sum = gradients.get(input);
      gradients.set(input, sum === undefined ? fitted : algebra.add(sum, fitted));
    }
  }
  return wrt.map(
    (value) =>
      gradients.get(value) ??
      fail("E_GRADIENT", {
        where: value.origin.kind === "input" ? `parameter "${value.origin.name}"` : "differentiate",
        expected: "a value that the loss depends on",
        got: "one that it does not",
      }),
  );
}
