import { expect, it } from "vitest";
import { fillSample } from "../../tests/conformance/samples.js";
import { differentiate } from "../autodiff/differentiate.js";
import { sliceEarly } from "../autodiff/slice-early.js";
import { createRandom } from "../base/random.js";
import { evaluate } from "../graph/evaluate.js";
import { createGraph, type Value } from "../graph/graph.js";
import { gradientAlgebra } from "./algebra.js";
import { exp, mul } from "./arithmetic.js";
import { reshape, Slice, slice } from "./movement.js";
import { reduceSum } from "./reduction.js";

it("slice counts a negative axis from the last, in value, gradient and where it is taken early", () => {
  const results = [2, -1].map((axis) => {
    const graph = createGraph();
    const x = graph.input("x", "float32", [2, 3, 4]);
    const part = slice(exp(x), axis, 1, 2);
    const loss = reshape(reduceSum(mul(part, part), [0, 1, 2]), []);
    const [early] = sliceEarly([loss], { operator: Slice.name, slice });
    const outputs: Value[] = [part, ...differentiate(loss, [x], gradientAlgebra), early];
    return evaluate(outputs, { x: fillSample({ shape: [2, 3, 4] }, createRandom(1)) });
  });
  expect(results[1]).toEqual(results[0]);
  expect(results[0][0].shape).toEqual([2, 3, 2]);
});
