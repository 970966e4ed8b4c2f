import { expect, it } from "vitest";
import { gelu } from "../ops/activation.js";
import { add, mul, scalar } from "../ops/arithmetic.js";
import { linear } from "../ops/linear.js";
import { layerNorm } from "../ops/normalization.js";
import { createGraph } from "./graph.js";
import { printGraph } from "./print.js";

it("prints used inputs, nodes in order with attributes and types, and what is returned", () => {
  const graph = createGraph();
  const x = graph.input("x", "float32", ["B", "T", 8]);
  graph.input("unused", "int64", ["B"]);
  const weight = graph.input("weight", "float32", [4, 8], { kind: "parameter" });
  const bias = graph.input("bias", "float32", [4], { kind: "parameter" });
  const hidden = gelu(linear(x, weight, bias));
  mul(hidden, hidden); // nothing reads it
  const normal = layerNorm(hidden, bias, bias, 1e-12);
  const y = add(normal, scalar(normal, 0.5));
  const steps = graph.constant("float32", [6], [0, 1, 2, 3, 4, 5]);

  // Values are numbered as they are made; the unread product took %6.
  expect(printGraph({ y, hidden, steps })).toBe(
    [
      "x = input float32[B, T, 8]",
      "weight = input float32[4, 8]",
      "bias = input float32[4]",
      "%4 = Linear(x, weight, bias) float32[B, T, 4]",
      "%5 = Gelu(%4) float32[B, T, 4]",
      "%7, %8, %9 = LayerNorm(%5, bias, bias; epsilon=1e-12) float32[B, T, 4], float32[B, T, 1], float32[B, T, 1]",
      "%11 = Add(%7, {0.5}) float32[B, T, 4]",
      "return y = %11",
      "return hidden = %5",
      "return steps = {0 1 2 3 …}",
    ].join("\n"),
  );
});
