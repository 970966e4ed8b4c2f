/** A module of TensorFlow Hub with talking heads gives the logits of the same weights under Textune's names. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openCheckpoint } from "../../src/checkpoints/node/open-checkpoint.js";
import { writeBundle } from "../../src/checkpoints/node/write-bundle.js";
import { transposed } from "../../src/checkpoints/weight-reader.js";
import { classify, goldenCheckpoints } from "../support/golden-checkpoints.js";
import { writeRandomCheckpoint } from "../support/random-checkpoint.js";

const { labels } = goldenCheckpoints;
/** Without the longest, which is cut where the tokenizer's files say. */
const texts = goldenCheckpoints.texts.slice(0, -1);
const HEADS = 2;

/** Parts of names, and how Model Garden's EncoderScaffold calls them. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^bert\.embeddings\.LayerNorm/, "embeddings/layer_norm"],
  [/^bert\.embeddings\.(word|token_type)_embeddings\.weight/, "$1_embeddings/embeddings"],
  [/^token_type_embeddings/, "type_embeddings"],
  [/^bert\.embeddings\.position_embeddings\.weight/, "position_embedding/embeddings"],
  [/^bert\.pooler\.dense/, "cls_transform"],
  [/^bert\.encoder\.layer\.0\./, "transformer_scaffold/"],
  [/^bert\.encoder\.layer\.(\d+)\./, "transformer_scaffold_$1/"],
  [/attention\.self\.(pre|post)_softmax\.weight/, "self_attention/$1_softmax_weight"],
  [/attention\.self\.(\w+)/, "self_attention/$1"],
  [/attention\.output\.dense/, "self_attention/attention_output"],
  [/attention\.output\.LayerNorm/, "self_attention_layer_norm"],
  [/(intermediate|gate|output)\.dense/, "feedforward/$1_0"],
  [/output\.LayerNorm/, "feedforward/output_layer_norm_0"],
];

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune talking heads "));
});
afterAll(() => rm(place, { recursive: true, force: true }));

it("is read by the names and the layout of Model Garden", async () => {
  const own = join(place, "own");
  await writeRandomCheckpoint("talking-heads-bert", own, labels);
  const { weights, tokenizerFiles } = await openCheckpoint(own);
  const module = join(place, "module");
  await mkdir(join(module, "variables"), { recursive: true });
  await mkdir(join(module, "assets"));
  const { model } = JSON.parse(tokenizerFiles["tokenizer.json"] ?? "") as { model: { vocab: Record<string, number> } };
  const vocabulary = Object.keys(model.vocab).sort((a, b) => model.vocab[a] - model.vocab[b]);
  await writeFile(join(module, "assets/vocab.txt"), vocabulary.join("\n"));
  const tensors = await Promise.all(
    weights.names
      .filter((name) => !name.startsWith("classifier"))
      .map(async (name) => {
        const renamed = NAMES.reduce((stored, [pattern, to]) => stored.replace(pattern, to), name);
        const isNorm = renamed.includes("layer_norm");
        const stored = renamed
          .replace(".weight", isNorm ? "/gamma" : "/kernel")
          .replace(".bias", isNorm ? "/beta" : "/bias");
        const shape = weights.shape(name);
        const values = await weights.read(name);
        const [outputs, inputs] = shape;
        const isKernel = stored.endsWith("/kernel");
        const kernel = isKernel ? transposed(values, outputs, inputs) : values;
        const axes = isKernel ? [inputs, outputs] : shape;
        return { name: stored, shape: withHeads(stored, axes), read: async () => kernel };
      }),
  );
  await weights.close();
  await writeBundle(join(module, "variables/variables"), tensors);

  const encoder = join(place, "encoder");
  await writeRandomCheckpoint("talking-heads-bert", encoder, labels, { head: false });
  const result = await classify(module, texts, labels.length);
  expect(result.report.created).toEqual(["classifier.weight", "classifier.bias"]);
  expect(result.report.ignored).toEqual([]);
  expect(result.tokenIds).toEqual((await classify(encoder, texts, labels.length)).tokenIds);
  expect(result.logits).toEqual((await classify(encoder, texts, labels.length)).logits);
});

/** Kernels and biases of attention have an axis for the heads. */
function withHeads(stored: string, shape: readonly number[]): readonly number[] {
  const split = (size: number): number[] => [HEADS, size / HEADS];
  if (/self_attention\/(query|key|value)\//.test(stored)) {
    return shape.length === 1 ? split(shape[0]) : [shape[0], ...split(shape[1])];
  }
  return stored.endsWith("attention_output/kernel") ? [...split(shape[0]), shape[1]] : shape;
}
