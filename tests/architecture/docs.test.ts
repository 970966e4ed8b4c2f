/** What the documentation shows is what the code does. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { differentiate } from "../../src/autodiff/differentiate.js";
import { createGraph } from "../../src/graph/graph.js";
import { printGraph } from "../../src/graph/print.js";
import { gelu } from "../../src/ops/activation.js";
import { gradientAlgebra } from "../../src/ops/algebra.js";
import { linear } from "../../src/ops/linear.js";
import { crossEntropy } from "../../src/ops/softmax.js";

it("docs/architecture.md prints the graph that is built", () => {
  const graph = createGraph();
  const x = graph.input("x", "float32", ["B", 384]);
  const weight = graph.input("weight", "float32", [2, 384], { kind: "parameter" });
  const bias = graph.input("bias", "float32", [2], { kind: "parameter" });
  const logits = linear(gelu(x), weight, bias);
  const loss = crossEntropy(
    logits,
    graph.input("labels", "int64", ["B"]),
    graph.input("example_weights", "float32", ["B"]),
  );
  const [dWeight, dBias] = differentiate(loss, [weight, bias], gradientAlgebra);
  const page = readFileSync(new URL("../../docs/architecture.md", import.meta.url), "utf8");
  expect(page).toContain(
    `\`\`\`text\n${printGraph({ loss, "gradient.weight": dWeight, "gradient.bias": dBias })}\n\`\`\``,
  );
});
