import { describe, expect, it } from "vitest";
import { createRandom } from "../base/random.js";
import { evaluate } from "../graph/evaluate.js";
import { createGraph, type Value } from "../graph/graph.js";
import type { ReferenceTensor } from "../graph/op.js";
import * as nn from "../nn/index.js";
import { createScope } from "../nn/scope.js";
import { type ChosenHead, chooseHead } from "./head.js";
import { pooledHead } from "./pooled.js";
import { poolerHead } from "./pooler.js";
import { recordedHead, recordHead } from "./recording.js";

const HIDDEN = 4;
const OUTPUTS = 3;
const DEFAULTS = { dropout: 0.1, deviation: 0.02 };

/** A head in a graph of its own, over two texts of three and of two tokens; values are those of a seed. */
function build({ head, options }: ChosenHead, { training = false, pooler = true, outputs = OUTPUTS } = {}) {
  const graph = createGraph();
  const { scope, declared } = createScope(graph, training);
  const sequence = graph.input("sequence", "float32", [2, 3, HIDDEN]);
  const attentionMask = graph.input("attention_mask", "int64", [2, 3]);
  const pooled = () => graph.input("pooled", "float32", [2, HIDDEN]);
  const logits = head.build(
    scope,
    { sequence, attentionMask, ...(pooler ? { pooled } : {}) },
    outputs,
    options,
    DEFAULTS,
  );
  const random = createRandom(7);
  const feeds: Record<string, ReferenceTensor> = {};
  for (const { origin, shape } of graph.inputs) {
    if (origin.kind !== "input") continue;
    const dims = shape as number[];
    const own = random.fork(origin.name);
    const data = Float64Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => own.normal());
    feeds[origin.name] = { shape: dims, data };
  }
  feeds.attention_mask = { shape: [2, 3], data: Float64Array.of(1, 1, 1, 1, 1, 0) };
  // All of the second text is below 0 in one element, so that a 0 of padding would be the largest.
  const { data } = feeds.sequence as ReferenceTensor;
  for (const token of [3, 4]) data[token * HIDDEN] = -Math.abs(data[token * HIDDEN] as number);
  return { logits, parameters: declared().parameters, feeds };
}

const valuesOf = (value: Value, feeds: Record<string, ReferenceTensor>): number[] => [
  ...evaluate([value], feeds)[0].data,
];

/** What the pooling of `x` [2, 3, 4] should be, padding left out. */
function pooledBy(pooling: string, { sequence, pooled }: Record<string, ReferenceTensor>): number[][] {
  const token = (row: number, t: number): number[] => [
    ...(sequence as ReferenceTensor).data.subarray((row * 3 + t) * HIDDEN, (row * 3 + t + 1) * HIDDEN),
  ];
  return [0, 1].map((row) => {
    const tokens = row === 0 ? [token(0, 0), token(0, 1), token(0, 2)] : [token(1, 0), token(1, 1)];
    const each = (f: (values: number[]) => number): number[] =>
      Array.from({ length: HIDDEN }, (_, d) => f(tokens.map((values) => values[d] as number)));
    if (pooling === "cls") return tokens[0] as number[];
    if (pooling === "pooler") return [...(pooled as ReferenceTensor).data.subarray(row * HIDDEN, (row + 1) * HIDDEN)];
    if (pooling === "mean") return each((values) => values.reduce((a, b) => a + b) / values.length);
    return each((values) => Math.max(...values));
  });
}

function denseOf(x: number[], name: string, feeds: Record<string, ReferenceTensor>): number[] {
  const { data: weight } = feeds[`${name}.weight`] as ReferenceTensor;
  const { data: bias } = feeds[`${name}.bias`] as ReferenceTensor;
  return [...bias].map((b, row) =>
    x.reduce((sum, value, i) => sum + value * (weight[row * x.length + i] as number), b),
  );
}

function expectClose(actual: readonly number[], wanted: readonly number[]): void {
  expect(actual).toHaveLength(wanted.length);
  for (const [i, value] of wanted.entries()) expect(actual[i]).toBeCloseTo(value, 12);
}

describe("a head chosen by options", () => {
  it.each(["cls", "pooler", "mean", "max"])("pools by %s and leaves padding out", (pooling) => {
    const { logits, feeds } = build(chooseHead(pooledHead, { pooling }));
    const wanted = pooledBy(pooling, feeds).flatMap((x) => denseOf(x, "classifier", feeds));
    expectClose(valuesOf(logits, feeds), wanted);
  });

  it("has hidden layers with an activation", () => {
    const { logits, feeds, parameters } = build(
      chooseHead(pooledHead, { pooling: "mean", hiddenLayers: [5, 2], headActivation: "tanh" }),
    );
    expect(parameters.map(({ name, place, decay }) => `${name} ${place} ${decay}`)).toEqual([
      "head.0.weight head true",
      "head.0.bias head false",
      "head.1.weight head true",
      "head.1.bias head false",
      "classifier.weight head true",
      "classifier.bias head false",
    ]);
    const hidden = (x: number[], name: string) => denseOf(x, name, feeds).map(Math.tanh);
    const wanted = pooledBy("mean", feeds).flatMap((x) =>
      denseOf(hidden(hidden(x, "head.0"), "head.1"), "classifier", feeds),
    );
    expectClose(valuesOf(logits, feeds), wanted);
  });

  it("drops before each dense layer, by its own probability or the model's", () => {
    const masks = (options: Record<string, unknown>): number[] =>
      build(chooseHead(pooledHead, { hiddenLayers: [5], ...options }), { training: true }).logits.graph.inputs.flatMap(
        ({ origin }) => (origin.kind === "input" && origin.role.kind === "dropout" ? [origin.role.probability] : []),
      );
    expect(masks({})).toEqual([0.1, 0.1]);
    expect(masks({ headDropout: 0.5 })).toEqual([0.5, 0.5]);
    expect(masks({ headDropout: 0 })).toEqual([]);
  });

  it("refuses options that it does not have, and a pooler that is not there", () => {
    expect(() => chooseHead(pooledHead, { pooling: "sum" })).toThrow(
      "option pooling: expected one of cls, pooler, mean, max",
    );
    expect(() => chooseHead(pooledHead, { hiddenLayers: [0] })).toThrow("option hiddenLayers");
    expect(() => build(chooseHead(poolerHead), { pooler: false })).toThrow("expected an encoder with a pooler");
  });
});

describe("a head built in code", () => {
  const head = recordHead(
    ({ sequence, pooled, attentionMask, outputs }) => {
      const tokens = nn.maxOverTokens(sequence, attentionMask);
      const x = nn.dense(6, { activation: "relu" })(nn.add(tokens, pooled));
      return nn.dense(outputs)(nn.dropout(0.2)(x));
    },
    HIDDEN,
    OUTPUTS,
  );

  it("computes what the code says, also after a way through JSON", () => {
    const stored = chooseHead(recordedHead, JSON.parse(JSON.stringify(head.options)));
    for (const one of [head, stored]) {
      const { logits, feeds, parameters } = build(one);
      expect(parameters.map(({ name }) => name)).toEqual([
        "head.dense.weight",
        "head.dense.bias",
        "head.dense_1.weight",
        "head.dense_1.bias",
      ]);
      const largest = pooledBy("max", feeds);
      const wanted = pooledBy("pooler", feeds).flatMap((pooled, row) => {
        const x = pooled.map((value, d) => value + (largest[row]?.[d] as number));
        return denseOf(
          denseOf(x, "head.dense", feeds).map((value) => Math.max(value, 0)),
          "head.dense_1",
          feeds,
        );
      });
      expectClose(valuesOf(logits, feeds), wanted);
    }
  });

  it("drops in training alone", () => {
    const { logits, feeds } = build(head, { training: true });
    const mask = logits.graph.inputs.find(({ origin }) => origin.kind === "input" && origin.role.kind === "dropout");
    expect(mask?.shape).toEqual([2, 6]);
    expect(Object.keys(feeds)).toContain("dropout.0");
    expect(
      build(head).logits.graph.inputs.some(({ origin }) => origin.kind === "input" && origin.name === "dropout.0"),
    ).toBe(false);
  });

  it("is refused where its outputs are not those of the labels, or no logits", () => {
    expect(() => build(head, { outputs: 2 })).toThrow("expected a head of 2 outputs, got one that was built for 3");
    expect(() => recordHead(({ sequence }) => sequence, HIDDEN, 2)).toThrow(
      "expected logits of shape [B, 2], got [B, T, 4]",
    );
  });

  it("that is stored with what no head is built of is refused by name", () => {
    const { steps, ...rest } = head.options as { steps: readonly object[] };
    const withStep = (step: object) => chooseHead(recordedHead, { ...rest, steps: [...steps, step] });
    expect(() => build(withStep({ operator: "Eval", inputs: [0], attributes: {} }))).toThrow('got "Eval"');
    expect(() => build(withStep({ operator: "Add", inputs: [0, 999], attributes: {} }))).toThrow('got "999"');
    expect(() => withStep({ script: "x" })).toThrow("option steps");
  });

  it("calls layers on values of its own model only", () => {
    const x = createGraph().input("x", "float32", [2, 3]);
    expect(() => nn.dense(2)(x)).toThrow("call layers inside the function that is given as head");
    expect(() => nn.dropout(1)).toThrow("expected a rate of at least 0 and below 1, got 1");
  });
});
