import { describe, expect, it } from "vitest";
import { type Node, reachableNodes, type Value } from "../graph/graph.js";
import { sizeOf } from "../graph/shape.js";
import { bert } from "../models/bert/index.js";
import { singleLabelClassification } from "../tasks/single-label.js";
import { buildInferenceGraph, buildTrainingGraph } from "./classifier-graph.js";

const config = bert.readConfig({
  vocab_size: 50,
  hidden_size: 16,
  num_hidden_layers: 3,
  num_attention_heads: 2,
  intermediate_size: 32,
  max_position_embeddings: 24,
});
const options = { model: bert, config, outputs: 2, task: singleLabelClassification };
const MOVES = ["Reshape", "Transpose"];

const producer = ({ origin }: Value): Node | undefined => (origin.kind === "node" ? origin : undefined);
const nodesOf = (outputs: Readonly<Record<string, Value>>): Node[] => reachableNodes(Object.values(outputs));

describe.each([
  ["prediction", [buildInferenceGraph(options).outputs]],
  ["training", buildTrainingGraph(options).stages],
  ["training with gradient checkpointing", buildTrainingGraph({ ...options, gradientCheckpointing: true }).stages],
] as const)("the graph of %s", (_, stages) => {
  it("computes nothing from constants alone", () => {
    for (const node of stages.flatMap(nodesOf))
      expect(
        node.inputs.some(({ origin }) => origin.kind !== "constant"),
        node.op.name,
      ).toBe(true);
  });

  it("moves no value twice where once would do", () => {
    for (const node of stages.flatMap(nodesOf)) {
      const before = producer(node.inputs[0]);
      if (MOVES.includes(node.op.name)) expect(before?.op.name, `before a ${node.op.name}`).not.toBe(node.op.name);
    }
  });

  it("computes no value twice", () => {
    for (const stage of stages) {
      const written = nodesOf(stage).map(
        ({ op, inputs, attributes }) => `${op.name} ${inputs.map(({ id }) => id)} ${JSON.stringify(attributes)}`,
      );
      expect(new Set(written).size).toBe(written.length);
    }
  });
});

describe("the last layer", () => {
  it("reads one token of a text in its query, its output and its feed-forward, forward and backward", () => {
    const [stage] = buildTrainingGraph(options).stages;
    const wide = nodesOf(stage).filter(
      ({ op, inputs }) => ["Linear", "OuterProduct"].includes(op.name) && inputs[0].shape[1] === "T",
    );
    // Six dense layers each in the two layers before; of the last one the key and the value. Each once forward, once for its weight.
    expect(wide).toHaveLength(2 * (6 + 6 + 2));
  });

  it("has a pooler and a head of one row a text", () => {
    const { outputs, parameters } = buildInferenceGraph(options);
    expect(outputs.logits.shape).toEqual(["B", 2]);
    const total = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    // Embeddings and their normalisation, three layers, pooler, head.
    expect(total).toBe((50 + 24 + 2 + 2) * 16 + 3 * (4 * (256 + 16) + 2 * 32 * 16 + 32 + 16 + 4 * 16) + 272 + 34);
  });
});
