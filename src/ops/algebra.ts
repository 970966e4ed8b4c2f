/** The operators that differentiation itself needs. */
import { fail } from "../base/errors.js";
import type { Value } from "../graph/graph.js";
import { formatShape, type Shape } from "../graph/shape.js";
import { add } from "./arithmetic.js";
import { reshape } from "./movement.js";
import { expand, reduceSum, sumLeading } from "./reduction.js";

/** The sum of `x` over the axes along which `shape` was stretched to x's shape. */
function sumTo(x: Value, shape: Shape): Value {
  const extra = x.shape.length - shape.length;
  if (extra > 0 && shape.length === 1 && shape[0] === x.shape[extra]) return sumLeading(x);
  const axes = x.shape.flatMap((dim, axis) => {
    const own = axis < extra ? 1 : shape[axis - extra];
    if (own === dim) return axis < extra ? [axis] : [];
    if (own === 1) return [axis];
    return fail("E_SHAPE", { where: "gradient", expected: formatShape(shape), got: formatShape(x.shape) });
  });
  return reshape(axes.length === 0 ? x : reduceSum(x, axes), shape);
}

export const gradientAlgebra = {
  add,
  sumTo,
  fill: (like: Value, shape: Shape, value: number): Value => expand(like.graph.constant("float32", [], [value]), shape),
};
