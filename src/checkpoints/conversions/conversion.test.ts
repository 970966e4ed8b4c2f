import { describe, expect, it } from "vitest";
import type { WeightReader } from "../weight-reader.js";
import { converted, type NameRule, placesOf, storedShapes } from "./conversion.js";
import { conversionOf } from "./registry.js";

/** A reader of weights whose values are their places. */
function stored(shapes: Readonly<Record<string, readonly number[]>>): WeightReader {
  const sizeOf = (name: string): number => shapes[name].reduce((size, dim) => size * dim, 1);
  return {
    names: Object.keys(shapes),
    shape: (name) => shapes[name],
    read: async (name) => Float32Array.from({ length: sizeOf(name) }, (_, i) => i),
    close: async () => undefined,
  };
}

const RULES: readonly NameRule[] = [
  ["layer_{n}/query/kernel", "layer.{n}.query.weight", "to-heads"],
  ["layer_{n}/query/bias", "layer.{n}.query.bias", "heads"],
  ["layer_{n}/output/kernel", "layer.{n}.output.weight", "from-heads"],
  ["block{_n}/kernel", "block.{n}.weight", "dense"],
  ["/bias", "head.bias"],
];

describe("names", () => {
  it("are known by their end, or as a whole, and carry the number of their layer", () => {
    const places = placesOf(
      ["a/layer_12/query/bias", "block/kernel", "b/block_3/kernel", "bias", "a/bias", "player_1/query/bias"],
      RULES,
    );
    expect([...places].map(([name, place]) => `${name} ${place.name}`)).toEqual([
      "a/layer_12/query/bias layer.12.query.bias",
      "block/kernel block.0.weight",
      "b/block_3/kernel block.3.weight",
      "bias head.bias",
    ]);
  });

  it("lead to the library that most of them belong to, and to none where they are Hugging Face's", () => {
    const google = ["bert/embeddings/word_embeddings", "bert/encoder/layer_0/output/dense/kernel"];
    const garden = ["word_embeddings/embeddings", "transformer/layer_0/output/kernel"];
    expect(conversionOf(google)?.name).toContain("google-research");
    expect(conversionOf(garden)?.name).toContain("Model Garden");
    expect(conversionOf(["bert.encoder.layer.0.output.dense.weight"])).toBeUndefined();
  });

  it("that lead to one place are refused", () => {
    const twice = stored({ "a/layer_0/query/bias": [2, 2], "b/layer_0/query/bias": [2, 2] });
    expect(() => converted(twice, RULES, "here")).toThrow(/here: expected one weight.*layer_0.*layer_0/);
  });
});

describe("layouts", () => {
  const weights = converted(
    stored({
      "layer_0/query/kernel": [2, 3, 2],
      "layer_0/query/bias": [3, 2],
      "layer_0/output/kernel": [3, 2, 2],
      other: [2, 2],
    }),
    RULES,
    "here",
  );

  it("put inputs last and make one axis of the heads", async () => {
    expect(weights.shape("layer.0.query.weight")).toEqual([6, 2]);
    // Element [d, h, k] of the kernel goes to row h * 2 + k, column d.
    expect([...(await weights.read("layer.0.query.weight"))]).toEqual([0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]);
    expect(weights.shape("layer.0.query.bias")).toEqual([6]);
    expect([...(await weights.read("layer.0.query.bias"))]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(weights.shape("layer.0.output.weight")).toEqual([2, 6]);
    expect([...(await weights.read("layer.0.output.weight"))]).toEqual([0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]);
  });

  it("leave alone what no rule names", async () => {
    expect(weights.names).toContain("other");
    expect([...(await weights.read("other"))]).toEqual([0, 1, 2, 3]);
    expect(() => weights.shape("nothing")).toThrow(/"nothing"/);
  });

  it("are refused where a weight has too few axes", () => {
    const flat = converted(stored({ "layer_0/output/kernel": [4, 2] }), RULES, "here");
    expect(() => flat.shape("layer.0.output.weight")).toThrow(/more than 2 axes/);
  });

  it("turn large weights as small ones", async () => {
    const large = converted(stored({ "block/kernel": [70, 45] }), RULES, "here");
    const values = await large.read("block.0.weight");
    expect(values.every((value, i) => value === (i % 70) * 45 + Math.floor(i / 70))).toBe(true);
  });
});

it("a weight without values costs no time, whatever its shape says", async () => {
  const empty = converted(stored({ "block/kernel": [2 ** 50, 0] }), RULES, "here");
  expect(await empty.read("block.0.weight")).toHaveLength(0);
});

it("shapes are told as they are stored, with the number of layers", () => {
  const { of, layers } = storedShapes(
    stored({ "x/layer_1/query/kernel": [2, 3, 2], "x/layer_0/query/bias": [3, 2] }),
    RULES,
  );
  expect(of("layer.1.query.weight")).toEqual([2, 3, 2]);
  expect(of("layer.5.query.weight")).toBeUndefined();
  expect(layers).toBe(2);
});
