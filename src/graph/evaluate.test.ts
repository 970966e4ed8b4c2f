import { describe, expect, it } from "vitest";
import { add, div, exp, mul, scalar } from "../ops/arithmetic.js";
import { layerNorm } from "../ops/normalization.js";
import { evaluate } from "./evaluate.js";
import { createGraph } from "./graph.js";

const vector = (...values: number[]) => ({ shape: [values.length], data: Float64Array.from(values) });

describe("evaluate", () => {
  it("computes in float64, where float32 would lose the small summand", () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", [1]);
    const [sum] = evaluate([add(x, scalar(x, 1))], { x: vector(1e-12) });
    expect(sum.data[0]).toBe(1 + 1e-12);
    expect(Math.fround(sum.data[0])).toBe(1);
  });

  it("returns inputs, constants and inner values as asked, each node computed from its inputs", () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", [2]);
    const y = mul(add(x, x), exp(x));
    const filled = graph.constant("float32", [3], [7]);
    const results = evaluate([y, x, filled], { x: vector(0, 1) });
    expect(results.map(({ data }) => [...data])).toEqual([
      [0, 2 * Math.E],
      [0, 1],
      [7, 7, 7],
    ]);
  });

  it("gives each output of an operator with several its own value", () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", [1, 2]);
    const one = graph.constant("float32", [2], [1]);
    const zero = graph.constant("float32", [2], [0]);
    const outputs = graph.apply(...operatorOf(layerNorm(x, one, zero, 0)));
    const [y, mean, inverse] = evaluate(outputs, { x: { shape: [1, 2], data: Float64Array.of(1, 5) } });
    expect([...y.data, ...mean.data, ...inverse.data]).toEqual([-1, 1, 3, 0.5]);
  });

  it("asks only for inputs that are needed, and names the one that is missing", () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", [1]);
    const weight = graph.input("weight", "float32", [1]);
    expect(evaluate([div(x, x)], { x: vector(3) })[0].data[0]).toBe(1);
    expect(() => evaluate([mul(x, weight)], { x: vector(3) })).toThrow(
      expect.objectContaining({ code: "E_GRAPH", message: 'input "weight": expected a tensor for it, got none' }),
    );
  });
});

function operatorOf(value: ReturnType<typeof layerNorm>) {
  const { origin } = value;
  if (origin.kind !== "node") throw new Error("not computed by an operator");
  return [origin.op, origin.inputs, origin.attributes] as const;
}
