import { expect, it } from "vitest";
import { parameterNames } from "./parameter-names.js";

const named = (weights: readonly string[], nodes: readonly (readonly [string, string[], string])[]): string[] =>
  parameterNames({
    initializers: weights.map((name) => ({ name, dims: [2, 2], dataType: 1 })),
    nodes: nodes.map(([type, inputs, output]) => ({ type, inputs, outputs: [output] })),
  }).map(
    ({ name, stored, transposed, isZero }) => `${name} = ${isZero ? "zeros" : stored}${transposed ? ", turned" : ""}`,
  );

it("a dense weight is known by the bias that is added to its product, on either side", () => {
  const nodes = [
    ["MatMul", ["x", "onnx::MatMul_1"], "a"],
    ["Add", ["query.bias", "a"], "b"],
    ["MatMul", ["b", "val_2"], "c"],
    ["Add", ["c", "key.bias"], "d"],
    ["MatMul", ["d", "scores"], "e"],
  ] as const;
  expect(
    named(
      ["query.bias", "key.bias", "onnx::MatMul_1", "val_2"],
      nodes.map(([t, i, o]) => [t, [...i], o]),
    ),
  ).toEqual([
    "query.bias = query.bias",
    "key.bias = key.bias",
    "query.weight = onnx::MatMul_1, turned",
    "key.weight = val_2, turned",
  ]);
});

it("parameters of equal values, which are stored once, have their names; biases of zeros are made", () => {
  expect(
    named(
      ["a.bias", "pooler.weight", "head.weight", "tied.weight"],
      [
        ["Identity", ["a.bias"], "b.bias"],
        ["Gemm", ["x", "pooler.weight", "a.bias"], "y"],
        ["Gemm", ["y", "head.weight"], "z"],
        ["MatMul", ["x", "tied.weight"], "t"],
        ["Add", ["t", "u"], "v"],
      ],
    ),
  ).toEqual([
    "a.bias = a.bias",
    "pooler.weight = pooler.weight",
    "head.weight = head.weight",
    "tied.weight = tied.weight",
    "b.bias = a.bias",
    "pooler.bias = a.bias",
    "head.bias = zeros",
  ]);
});
