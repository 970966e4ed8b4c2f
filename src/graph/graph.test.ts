import { describe, expect, it } from "vitest";
import { add, exp, mul, sub } from "../ops/arithmetic.js";
import { linear, matMul } from "../ops/linear.js";
import { createGraph, reachableNodes } from "./graph.js";

const names = (nodes: readonly { op: { name: string } }[]): string[] => nodes.map((node) => node.op.name);

describe("a graph", () => {
  it("makes a common subexpression once", () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", ["B", 4]);
    const y = graph.input("y", "float32", ["B", 4]);
    expect(add(x, y)).toBe(add(x, y));
    expect(exp(add(x, y))).toBe(exp(add(x, y)));
    expect(graph.constant("float32", [], [2])).toBe(graph.constant("float32", [], [2]));
    expect(names(graph.nodes)).toEqual(["Add", "Exp"]);
  });

  it("keeps apart what differs in operands, their order, attributes or element type", () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", [4, 4]);
    const y = graph.input("y", "float32", [4, 4]);
    expect(sub(x, y)).not.toBe(sub(y, x));
    expect(matMul(x, y)).not.toBe(matMul(x, y, { transposeB: true }));
    expect(graph.constant("float32", [], [2])).not.toBe(graph.constant("int64", [], [2]));
    expect(graph.constant("float32", [1], [2])).not.toBe(graph.constant("float32", [], [2]));
  });

  it("lists the nodes that an output needs after their inputs, and no others", () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", [2]);
    const used = exp(x);
    mul(x, x);
    const result = add(used, mul(used, x));
    expect(names(reachableNodes([result]))).toEqual(["Exp", "Mul", "Add"]);
    expect(reachableNodes([x])).toEqual([]);
  });
});

describe("a misfit is refused where it is built", () => {
  const graph = createGraph();
  const x = graph.input("x", "float32", ["B", "T", 384]);

  it("naming the operator, what it was given and what does not fit", () => {
    const weight = graph.input("weight", "float32", [2, 512]);
    const bias = graph.input("bias", "float32", [2]);
    expect(() => linear(x, weight, bias)).toThrow(
      "Linear(float32[B, T, 384], float32[2, 512], float32[2]): weight: expected 384 columns, got [2, 512]",
    );
  });

  it("with the code of what is wrong", () => {
    const ids = graph.input("ids", "int64", ["B", "T", 384]);
    expect(() => add(x, ids)).toThrow(expect.objectContaining({ code: "E_DTYPE" }));
    expect(() => graph.input("x", "float32", [])).toThrow(
      expect.objectContaining({
        code: "E_GRAPH",
        message: 'graph input "x": expected a new name, got one that is taken',
      }),
    );
    const foreign = createGraph().input("y", "float32", ["B", "T", 384]);
    expect(() => add(x, foreign)).toThrow("Add: expected inputs of one graph, got inputs of two");
  });
});
