import { describe, expect, it } from "vitest";
import { evaluate } from "../graph/evaluate.js";
import { createGraph, type Graph, reachableNodes, type Value } from "../graph/graph.js";
import { defineOp, type Op } from "../graph/op.js";
import { gradientAlgebra } from "../ops/algebra.js";
import { add, exp, mul } from "../ops/arithmetic.js";
import { toFloat } from "../ops/conversion.js";
import { linear } from "../ops/linear.js";
import { reshape } from "../ops/movement.js";
import { reduceSum } from "../ops/reduction.js";
import { differentiate } from "./differentiate.js";

const total = (x: Value): Value => reshape(reduceSum(x, [...x.shape.keys()]), []);
const vector = (...values: number[]) => ({ shape: [values.length], data: Float64Array.from(values) });
const matrix = (rows: number, ...values: number[]) => ({
  shape: [rows, values.length / rows],
  data: Float64Array.from(values),
});
const gradientsOf = (loss: Value, ...wrt: Value[]): Value[] => differentiate(loss, wrt, gradientAlgebra);
const operators = (values: readonly Value[]): string[] => reachableNodes(values).map((node) => node.op.name);
const parameter = (graph: Graph, name: string, shape: readonly number[]): Value =>
  graph.input(name, "float32", shape, { kind: "parameter" });

describe("differentiate", () => {
  it("sums the gradients of all paths that meet in a value", () => {
    const graph = createGraph();
    const x = parameter(graph, "x", [3]);
    const square = mul(x, x);
    // Three paths into the square, two into x inside it: d/dx (x⁴ + x² + e^(x²)) = 4x³ + 2x + 2x e^(x²)
    const [dx] = gradientsOf(total(add(add(mul(square, square), square), exp(square))), x);
    const points = [-1, 0.5, 2];
    const [result] = evaluate([dx], { x: vector(...points) });
    for (const [i, p] of points.entries())
      expect(result.data[i]).toBeCloseTo(4 * p ** 3 + 2 * p + 2 * p * Math.exp(p * p), 10);
  });

  it("sums a gradient over the axes along which its value was stretched", () => {
    const graph = createGraph();
    const x = parameter(graph, "x", [2, 3]);
    const row = parameter(graph, "row", [3]);
    const column = parameter(graph, "column", [2, 1]);
    const scale = parameter(graph, "scale", []);
    const loss = total(mul(add(add(x, row), column), scale));
    const gradients = evaluate(gradientsOf(loss, x, row, column, scale), {
      x: matrix(2, 1, 2, 3, 4, 5, 6),
      row: vector(10, 20, 30),
      column: matrix(2, 100, 200),
      scale: { shape: [], data: Float64Array.of(7) },
    });
    expect(gradients.map(({ shape }) => shape)).toEqual([[2, 3], [3], [2, 1], []]);
    expect(gradients.map(({ data }) => [...data])).toEqual([
      [7, 7, 7, 7, 7, 7],
      [14, 14, 14],
      [21, 21],
      [21 + 2 * 60 + 3 * 300], // the sum of x, row and column over all elements
    ]);
  });

  it("gives the loss itself a gradient of one", () => {
    const graph = createGraph();
    const loss = parameter(graph, "loss", []);
    expect(evaluate(gradientsOf(loss, loss), { loss: { shape: [], data: Float64Array.of(5) } })[0].data[0]).toBe(1);
  });

  it("differentiates with respect to inner values too", () => {
    const graph = createGraph();
    const x = parameter(graph, "x", [2]);
    const y = exp(x);
    const [dy] = gradientsOf(total(mul(y, y)), y);
    expect([...evaluate([dy], { x: vector(0, 1) })[0].data]).toEqual([2, 2 * Math.E]);
  });
});

describe("nothing is computed that no parameter needs", () => {
  const graph = createGraph();
  const x = graph.input("x", "float32", [4, 3]);
  const dense = (name: string, from: Value) =>
    linear(from, parameter(graph, `${name}.weight`, [3, 3]), parameter(graph, `${name}.bias`, [3]));
  const lower = dense("lower", x);
  const upper = dense("upper", lower);
  const loss = total(upper);
  const parameters = graph.inputs.slice(1);
  const backward = (wrt: readonly Value[]): string[] => {
    const forward = new Set(reachableNodes([loss]));
    return reachableNodes(gradientsOf(loss, ...wrt))
      .filter((node) => !forward.has(node))
      .map((node) => node.op.name);
  };

  it("below the lowest trained parameter", () => {
    // dx of the lower layer would be a second MatMul; the gradient of its input is never asked for.
    expect(backward(parameters).filter((name) => name === "MatMul")).toHaveLength(1);
    expect(backward(parameters).filter((name) => name === "OuterProduct")).toHaveLength(2);
    const onlyUpper = parameters.filter(
      (value) => value.origin.kind === "input" && value.origin.name.startsWith("upper"),
    );
    expect(backward(onlyUpper)).not.toContain("MatMul");
    expect(backward(onlyUpper).filter((name) => name === "OuterProduct")).toHaveLength(1);
  });

  it("for the weight of a layer of which only the bias is trained", () => {
    const bias = parameters.filter((value) => value.origin.kind === "input" && value.origin.name === "upper.bias");
    expect(backward(bias)).not.toContain("OuterProduct");
    expect(operators(gradientsOf(loss, ...bias))).not.toContain("Linear");
  });
});

describe("an operator with several outputs", () => {
  const seen: boolean[][] = [];
  /** Doubles and triples. */
  const Multiples: Op = defineOp({
    name: "Multiples",
    onnx: { type: "Multiples" },
    infer: ([x]) => [x, x],
    gradient: ({ outputGradients: [double, triple] }) => {
      seen.push([double !== undefined, triple !== undefined]);
      const parts = [double && add(double, double), triple && add(triple, add(triple, triple))].filter(
        (part) => part !== undefined,
      );
      return [parts.length === 2 ? add(parts[0], parts[1]) : parts[0]];
    },
    reference: ([{ shape, data }]) => [2, 3].map((factor) => ({ shape, data: data.map((value) => factor * value) })),
    samples: [],
    errors: [],
    source: "this test",
  });

  it.each([
    {
      name: "the second alone",
      pick: ([, triple]: readonly Value[]) => total(triple),
      expected: 3,
      flows: [false, true],
    },
    { name: "the first alone", pick: ([double]: readonly Value[]) => total(double), expected: 2, flows: [true, false] },
    {
      name: "both",
      pick: ([double, triple]: readonly Value[]) => total(add(double, triple)),
      expected: 5,
      flows: [true, true],
    },
  ])("gets the gradients that flow: $name", ({ pick, expected, flows }) => {
    const graph = createGraph();
    const x = parameter(graph, "x", [2]);
    seen.length = 0;
    const [dx] = gradientsOf(pick(graph.apply(Multiples, [x])), x);
    expect([...evaluate([dx], { x: vector(1, 2) })[0].data]).toEqual([expected, expected]);
    expect(seen).toEqual([flows]);
  });
});

describe("what has no gradient is an error, never a silent zero", () => {
  const make = (gradient: Op["gradient"]): Op =>
    defineOp({
      name: "Round",
      onnx: { type: "Round" },
      infer: ([x]) => [x],
      gradient,
      reference: (x) => x,
      samples: [],
      errors: [],
      source: "this test",
    });
  const through = (gradient: Op["gradient"]) => {
    const graph = createGraph();
    const x = parameter(graph, "x", [2]);
    return () => gradientsOf(total(graph.apply(make(gradient), [x])[0]), x);
  };

  it("an operator without a rule on the way", () => {
    expect(through({ none: "it is a step function" })).toThrow(
      expect.objectContaining({
        code: "E_GRADIENT",
        message: "Round: expected a gradient rule, got none, as it is a step function",
      }),
    );
  });

  it("a rule that leaves out what is wanted", () => {
    expect(through(() => [undefined])).toThrow("Round, input 1: expected a gradient, got none from its rule");
  });

  it("a parameter that the loss does not depend on", () => {
    const graph = createGraph();
    const used = parameter(graph, "used", [2]);
    const unused = parameter(graph, "pooler.weight", [2]);
    mul(unused, used); // not part of the loss
    expect(() => gradientsOf(total(used), used, unused)).toThrow(
      expect.objectContaining({
        code: "E_GRADIENT",
        message: 'parameter "pooler.weight": expected a value that the loss depends on, got one that it does not',
      }),
    );
  });

  it("a loss that is no float32 scalar", () => {
    const graph = createGraph();
    const x = parameter(graph, "x", [2]);
    expect(() => gradientsOf(x, x)).toThrow("differentiate: expected a float32 scalar loss, got float32[2]");
  });

  it("but an operator without a rule does no harm off the way", () => {
    const graph = createGraph();
    const x = parameter(graph, "x", [2]);
    const mask = graph.input("mask", "int64", [2]);
    const rounded = graph.apply(make({ none: "it is a step function" }), [graph.input("data", "float32", [2])])[0];
    const [dx] = gradientsOf(total(mul(mul(x, toFloat(mask)), rounded)), x);
    expect([...evaluate([dx], { x: vector(9, 9), mask: vector(0, 1), data: vector(3, 4) })[0].data]).toEqual([0, 4]);
  });
});
