/** Names in the files of Google's authors, and where transformers has these weights. */
import { expect, it } from "vitest";
import type { WeightReader } from "../weight-reader.js";
import { converted, storedShapes } from "./conversion.js";
import { conversionOf } from "./registry.js";

/** A file with `names`, each a name and a shape: "a/b [2, 3]". The values of a weight count up from 0. */
function fileOf(names: readonly string[]): WeightReader {
  const shapes = new Map(
    names.map((line) => {
      const [, name = "", shape = ""] = /^(\S+) \[(.*)\]$/.exec(line) ?? [];
      return [name, shape.split(", ").map(Number)] as const;
    }),
  );
  const shape = (name: string): readonly number[] => shapes.get(name) ?? [];
  const read = async (name: string) =>
    Float32Array.from({ length: shape(name).reduce((a, b) => a * b, 1) }, (_, i) => i);
  return { names: [...shapes.keys()], shape, read, close: async () => undefined };
}

const both = (stored: string, width: number, scale = "gamma", shift = "beta"): string[] => [
  `${stored}/${scale} [${width}]`,
  `${stored}/${shift} [${width}]`,
];
const kernel = (stored: string, inputs: number, outputs: number): string[] => [
  `${stored}/kernel [${inputs}, ${outputs}]`,
  `${stored}/bias [${outputs}]`,
];

/** ALBERT of width 4 on embeddings of width 2, as google-research/albert has it. */
const ALBERT = [
  "bert/embeddings/word_embeddings [9, 2]",
  "bert/embeddings/token_type_embeddings [2, 2]",
  "bert/embeddings/position_embeddings [5, 2]",
  ...both("bert/embeddings/LayerNorm", 2),
  ...kernel("bert/encoder/embedding_hidden_mapping_in", 2, 4),
  ...["self/query", "self/key", "self/value", "output/dense"].flatMap((part) =>
    kernel(`bert/encoder/transformer/group_0/inner_group_0/attention_1/${part}`, 4, 4),
  ),
  ...both("bert/encoder/transformer/group_0/inner_group_0/LayerNorm", 4),
  ...kernel("bert/encoder/transformer/group_0/inner_group_0/ffn_1/intermediate/dense", 4, 6),
  ...kernel("bert/encoder/transformer/group_0/inner_group_0/ffn_1/intermediate/output/dense", 6, 4),
  ...both("bert/encoder/transformer/group_0/inner_group_0/LayerNorm_1", 4),
  ...kernel("bert/pooler/dense", 4, 4),
  "cls/predictions/output_bias [9]",
];

/** The same of Model Garden: attention has an axis for its 2 heads. */
const GARDEN_ALBERT = [
  "word_embeddings/embeddings [9, 2]",
  "type_embeddings/embeddings [2, 2]",
  "position_embedding/embeddings [5, 2]",
  ...both("embeddings/layer_norm", 2),
  ...kernel("embedding_projection", 2, 4),
  ...["query", "key", "value"].flatMap((part) => [
    `transformer/self_attention/${part}/kernel [4, 2, 2]`,
    `transformer/self_attention/${part}/bias [2, 2]`,
  ]),
  "transformer/self_attention/attention_output/kernel [2, 2, 4]",
  "transformer/self_attention/attention_output/bias [4]",
  ...both("transformer/self_attention_layer_norm", 4),
  ...kernel("transformer/intermediate", 4, 6),
  ...kernel("transformer/output", 6, 4),
  ...both("transformer/output_layer_norm", 4),
  ...kernel("pooler_transform", 4, 4),
];

/** What transformers' AlbertModel has, with the shapes that it has them in. */
const layer = "albert.encoder.albert_layer_groups.0.albert_layers.0";
const two = (name: string, ...shape: number[]): [string, number[]][] => [
  [`${name}.weight`, shape],
  [`${name}.bias`, shape.slice(0, 1)],
];
const ALBERT_HERE: readonly [string, number[]][] = [
  ["albert.embeddings.word_embeddings.weight", [9, 2]],
  ["albert.embeddings.token_type_embeddings.weight", [2, 2]],
  ["albert.embeddings.position_embeddings.weight", [5, 2]],
  ...two("albert.embeddings.LayerNorm", 2),
  ...two("albert.encoder.embedding_hidden_mapping_in", 4, 2),
  ...["query", "key", "value", "dense"].flatMap((part) => two(`${layer}.attention.${part}`, 4, 4)),
  ...two(`${layer}.attention.LayerNorm`, 4),
  ...two(`${layer}.ffn`, 6, 4),
  ...two(`${layer}.ffn_output`, 4, 6),
  ...two(`${layer}.full_layer_layer_norm`, 4),
  ...two("albert.pooler", 4, 4),
];

it.each([
  ["google-research", ALBERT],
  ["Model Garden", GARDEN_ALBERT],
])("of ALBERT in files of %s lead to transformers' names and shapes", async (library, names) => {
  const file = fileOf(names);
  const conversion = conversionOf(file.names);
  expect(conversion?.name).toMatch(new RegExp(`ALBERT.*${library}`));
  const weights = converted(file, conversion?.rules ?? [], "here");
  expect(ALBERT_HERE.map(([name]) => [name, weights.shape(name)])).toEqual(ALBERT_HERE);
  // [inputs, outputs] of 2 and 4 turned.
  expect([...(await weights.read("albert.encoder.embedding_hidden_mapping_in.weight"))]).toEqual([
    0, 4, 1, 5, 2, 6, 3, 7,
  ]);
});

it("ALBERT's configuration has a GELU that transformers calls otherwise", () => {
  const { readConfig } = conversionOf(fileOf(ALBERT).names) ?? {};
  const config = { hidden_act: "gelu", embedding_size: 128, hidden_size: 768, num_hidden_groups: 1 };
  expect(readConfig?.(config)).toEqual({ ...config, model_type: "albert", hidden_act: "gelu_new" });
  expect(readConfig?.({ hidden_size: 768 })).toBeUndefined();
});

it("of ELECTRA lead to the discriminator, and its shapes tell its configuration", () => {
  const names = [
    "electra/embeddings/word_embeddings [9, 32]",
    "electra/embeddings/token_type_embeddings [2, 32]",
    "electra/embeddings/position_embeddings [5, 32]",
    ...both("electra/embeddings/LayerNorm", 32),
    ...kernel("electra/embeddings_project", 32, 128),
    ...[0, 1].flatMap((n) => [
      ...["self/query", "self/key", "self/value", "output/dense"].flatMap((part) =>
        kernel(`electra/encoder/layer_${n}/attention/${part}`, 128, 128),
      ),
      ...both(`electra/encoder/layer_${n}/attention/output/LayerNorm`, 128),
      ...kernel(`electra/encoder/layer_${n}/intermediate/dense`, 128, 512),
      ...kernel(`electra/encoder/layer_${n}/output/dense`, 512, 128),
      ...both(`electra/encoder/layer_${n}/output/LayerNorm`, 128),
    ]),
    // The generator has the same names below its own.
    ...kernel("generator/encoder/layer_0/intermediate/dense", 64, 256),
    ...kernel("discriminator_predictions/dense", 128, 128),
  ];
  const file = fileOf(names);
  const conversion = conversionOf(file.names);
  expect(conversion?.name).toContain("ELECTRA");
  const rules = conversion?.rules ?? [];
  const weights = converted(file, rules, "here");
  expect(weights.names.filter((name) => name.startsWith("electra."))).toHaveLength(names.length - 4);
  expect(weights.shape("electra.encoder.layer.1.output.dense.weight")).toEqual([128, 512]);
  expect(conversion?.configOfShapes?.(storedShapes(file, rules))).toMatchObject({
    model_type: "electra",
    embedding_size: 32,
    hidden_size: 128,
    num_attention_heads: 2,
    num_hidden_layers: 2,
    intermediate_size: 512,
    vocab_size: 9,
  });
});
