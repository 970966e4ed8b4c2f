import { describe, expect, it } from "vitest";
import { add, mul } from "../ops/arithmetic.js";
import { evaluate } from "./evaluate.js";
import { createGraph } from "./graph.js";
import { printGraph } from "./print.js";
import { extract, substitute } from "./substitute.js";

const vector = (...values: number[]) => ({ shape: [values.length], data: Float64Array.from(values) });

describe("substitute", () => {
  it("computes with other values in the place of some, and leaves the rest as it is", () => {
    const graph = createGraph();
    const [x, y, z] = ["x", "y", "z"].map((name) => graph.input(name, "float32", [2]));
    const product = mul(x, y);
    const sum = add(product, x);
    const [changed, same] = substitute([sum, x], new Map([[product, z]]));
    expect([...evaluate([changed], { x: vector(1, 2), z: vector(10, 20) })[0].data]).toEqual([11, 22]);
    expect(same).toBe(x);
    expect(substitute([sum], new Map())).toEqual([sum]);
  });
});

describe("extract", () => {
  it("is equal for parts that compute the same of different inputs", () => {
    const graph = createGraph();
    const [x, a, b] = ["x", "a", "b"].map((name) => graph.input(name, "float32", ["B"]));
    const first = add(mul(x, a), graph.constant("float32", [], [2]));
    const second = add(mul(first, b), graph.constant("float32", [], [2]));
    const one = extract([first]);
    expect(one.inputs).toEqual([x, a]);
    const [hidden] = [graph.input("hidden", "float32", ["B"])];
    const two = extract(substitute([second], new Map([[first, hidden]])));
    expect(two.inputs).toEqual([hidden, b]);
    expect(printGraph(two.outputs)).toBe(printGraph(one.outputs));
    expect([...evaluate([one.outputs.o0], { i0: vector(3), i1: vector(5) })[0].data]).toEqual([17]);
  });

  it("differs where the computation does", () => {
    const graph = createGraph();
    const [x, a] = ["x", "a"].map((name) => graph.input(name, "float32", ["B"]));
    expect(printGraph(extract([mul(x, a)]).outputs)).not.toBe(printGraph(extract([add(x, a)]).outputs));
  });
});
