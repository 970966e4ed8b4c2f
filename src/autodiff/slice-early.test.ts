import { beforeAll, describe, expect, it } from "vitest";
import { fillSample } from "../../tests/conformance/samples.js";
import { createRandom } from "../base/random.js";
import { evaluate } from "../graph/evaluate.js";
import { createGraph, reachableNodes, type Value } from "../graph/graph.js";
import type { ReferenceTensor } from "../graph/op.js";
import { printGraph } from "../graph/print.js";
import { bert } from "../models/bert/index.js";
import { createScope } from "../nn/scope.js";
import { gradientAlgebra } from "../ops/algebra.js";
import { add, exp, mul } from "../ops/arithmetic.js";
import { Slice, slice } from "../ops/movement.js";
import { reduceSum } from "../ops/reduction.js";
import { crossEntropy } from "../ops/softmax.js";
import { differentiate } from "./differentiate.js";
import { sliceEarly } from "./slice-early.js";

const early = (...outputs: Value[]): Value[] => sliceEarly(outputs, { operator: Slice.name, slice });
const operators = (...values: Value[]): string[] => reachableNodes(values).map((node) => node.op.name);
const typesOf = (name: string, ...values: Value[]): string[] =>
  reachableNodes(values)
    .filter((node) => node.op.name === name)
    .map((node) => node.outputs[0].shape.join(" "));

const B = 2;
const T = 5;
const config = bert.readConfig({
  model_type: "bert",
  vocab_size: 11,
  hidden_size: 8,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 12,
  max_position_embeddings: 7,
});

/** A training graph of sizes that are known, which the float64 interpreter needs, before and after the pass. */
function buildBert() {
  const graph = createGraph();
  const ids = (name: string) => graph.input(name, "int64", [B, T]);
  const inputs = {
    inputIds: ids("input_ids"),
    tokenTypeIds: ids("token_type_ids"),
    attentionMask: ids("attention_mask"),
    positionIds: graph.input("position_ids", "int64", [T]),
  };
  const { scope, declared } = createScope(graph, true);
  const encoded = { ...bert.encode(scope, config, inputs), attentionMask: inputs.attentionMask };
  const logits = bert.head.build(scope, encoded, 3, {}, bert.headDefaults(config));
  const { parameters } = declared();
  const loss = crossEntropy(
    logits,
    graph.input("labels", "int64", [B]),
    graph.input("example_weights", "float32", [B]),
  );
  return { graph, parameters, full: [loss, logits], sliced: early(loss, logits) };
}

/** Random values for every input; a mask that the pass cut gets the first token's part of the mask that it was cut from. */
function feedsOf({ graph }: ReturnType<typeof buildBert>): Record<string, ReferenceTensor> {
  const random = createRandom(21);
  const feeds: Record<string, ReferenceTensor> = {};
  const whole: Record<string, readonly number[]> = {
    input_ids: [1, 5, 3, 9, 2, 1, 4, 2, 0, 0],
    attention_mask: [1, 1, 1, 1, 1, 1, 1, 1, 0, 0],
  };
  for (const { origin, shape: dims, dtype } of graph.inputs) {
    if (origin.kind !== "input") continue;
    const { name, role } = origin;
    const shape = dims as readonly number[];
    if (name.endsWith(".part")) {
      const from = feeds[name.replace(".part", "")];
      const axis = shape.findIndex((size, i) => size !== from.shape[i]);
      const [cut] = evaluate([slice(createGraph().input("mask", "float32", from.shape), axis, 0, 1)], { mask: from });
      feeds[name] = cut;
    } else if (name === "position_ids") feeds[name] = { shape, data: Float64Array.from({ length: T }, (_, i) => i) };
    else if (whole[name] !== undefined) feeds[name] = { shape, data: Float64Array.from(whole[name]) };
    else if (role.kind === "dropout")
      feeds[name] = { shape, data: fillSample({ shape, fill: "mask" }, random).data.map((kept) => kept * 1.25) };
    else feeds[name] = fillSample({ shape, fill: dtype === "int64" ? { below: 2 } : "positive" }, random);
  }
  return feeds;
}

describe("a BERT whose head reads one token", () => {
  let built: ReturnType<typeof buildBert>;
  beforeAll(() => {
    built = buildBert();
  });

  it("has the loss, the logits and every gradient that it has without the pass, in float64 and with dropout", () => {
    const { parameters, full, sliced } = built;
    const feeds = feedsOf(built);
    const all = (outputs: readonly Value[]) =>
      evaluate(
        [
          ...outputs,
          ...differentiate(
            outputs[0],
            parameters.map(({ value }) => value),
            gradientAlgebra,
          ),
        ],
        feeds,
      );
    const expected = all(full);
    const got = all(sliced);
    expect(got.length).toBe(2 + parameters.length);
    let largest = 0;
    for (const [i, { shape, data }] of expected.entries()) {
      expect(got[i].shape).toEqual(shape);
      for (const [at, value] of data.entries()) {
        expect(Math.abs(got[i].data[at] - value), i < 2 ? "output" : parameters[i - 2].name).toBeLessThan(1e-12);
        largest = Math.max(largest, Math.abs(value));
      }
    }
    expect(largest).toBeGreaterThan(0.1); // the gradients compared are not all nothing
  });

  it("computes the last layer's query, attention and feed-forward for that token, its keys and values for all", () => {
    const { full, sliced } = built;
    expect(typesOf("Gelu", ...full)).toEqual([`${B} ${T} 12`, `${B} ${T} 12`]);
    expect(typesOf("Gelu", ...sliced)).toEqual([`${B} ${T} 12`, `${B} 1 12`]);
    expect(typesOf("Softmax", ...sliced)).toEqual([`${B} 2 ${T} ${T}`, `${B} 2 1 ${T}`]);
    // Per layer query, key, value, attention output, two of the feed-forward; then pooler and classifier.
    const rows = reachableNodes(sliced)
      .filter(({ op }) => op.name === "Linear")
      .map(({ outputs }) => outputs[0].shape[1]);
    expect(rows.slice(0, 6)).toEqual([T, T, T, T, T, T]);
    expect([...rows.slice(6, 12)].sort()).toEqual([1, 1, 1, 1, T, T]);
    const [loss, logits] = sliced;
    expect(printGraph({ loss, logits })).toMatch(/%\d+ = Gelu\(%\d+\) float32\[2, 1, 12\]/);
  });

  it("draws dropout masks for what is left only", () => {
    const { graph, full, sliced } = built;
    const masks = (outputs: readonly Value[]): string[] => {
      const read = new Set(reachableNodes(outputs).flatMap((node) => node.inputs));
      return graph.inputs
        .filter((value) => read.has(value) && value.origin.kind === "input" && value.origin.role.kind === "dropout")
        .map(({ shape }) => shape.join(" "))
        .sort();
    };
    const layer = [`${B} 2 ${T} ${T}`, `${B} ${T} 8`, `${B} ${T} 8`];
    expect(masks(full)).toEqual([`${B} ${T} 8`, ...layer, ...layer, `${B} 8`].sort());
    expect(masks(sliced)).toEqual([`${B} ${T} 8`, ...layer, `${B} 2 1 ${T}`, `${B} 1 8`, `${B} 1 8`, `${B} 8`].sort());
  });
});

describe("a value with several readers", () => {
  const build = () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", [4, 3]);
    return { x, y: exp(x) };
  };
  const feeds = { x: fillSample({ shape: [4, 3] }, createRandom(3)) };
  const expectEqual = (a: Value, b: Value) => expect(evaluate([a], feeds)[0]).toEqual(evaluate([b], feeds)[0]);

  it("is computed as the slice when all take the same", () => {
    const { y } = build();
    const cut = slice(y, 0, 1, 2);
    const result = add(cut, mul(cut, cut));
    const [after] = early(result);
    expect(typesOf("Exp", after)).toEqual(["2 3"]);
    expect(operators(after)).toEqual(["Slice", "Exp", "Mul", "Add"]);
    expectEqual(after, result);
  });

  it("is computed whole, and once, when one reads it whole", () => {
    const { y } = build();
    const result = add(slice(y, 0, 0, 1), reduceSum(y, [0]));
    const [after] = early(result);
    expect(typesOf("Exp", after)).toEqual(["4 3"]);
    expectEqual(after, result);
  });

  it.each([
    ["different slices", (y: Value) => mul(slice(y, 0, 0, 1), slice(y, 0, 1, 1))],
    ["slices of different axes", (y: Value) => mul(slice(y, 0, 0, 1), reduceSum(slice(y, 1, 0, 1), [0]))],
  ])("is computed whole when two take %s", (_what, read) => {
    const result = read(build().y);
    const [after] = early(result);
    expect(typesOf("Exp", after)).toEqual(["4 3"]);
    expectEqual(after, result);
  });

  it("is computed whole when it is itself an output", () => {
    const { y } = build();
    const cut = slice(y, 0, 2, 1);
    const [whole, part] = early(y, cut);
    expect(whole).toBe(y);
    expect(typesOf("Exp", whole, part)).toEqual(["4 3"]);
    expectEqual(part, cut);
  });

  it("keeps a graph without slices as it is", () => {
    const { y } = build();
    expect(early(y)).toEqual([y]);
  });

  it("stops in front of an operator that needs the whole axis", () => {
    const { x } = build();
    const rows = reduceSum(exp(x), [1]);
    const result = slice(mul(rows, rows), 0, 3, 1);
    const [after] = early(result);
    expect(typesOf("Exp", after)).toEqual(["1 3"]);
    const columns = slice(reduceSum(exp(x), [0]), 1, 1, 2);
    expect(typesOf("Exp", ...early(columns))).toEqual(["4 2"]);
    const across = slice(exp(reduceSum(x, [0])), 1, 0, 3);
    expectEqual(early(across)[0], across);
  });
});
