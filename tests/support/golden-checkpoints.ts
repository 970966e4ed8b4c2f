/** The checkpoints that transformers wrote, put on disk, and the logits of a classifier folder. */
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom } from "../../src/base/random.js";
import { openCheckpoint } from "../../src/checkpoints/node/open-checkpoint.js";
import { type LoadedWeights, loadWeights } from "../../src/classifier/load-weights.js";
import { modelOf } from "../../src/models/registry.js";
import { nodeRuntime } from "../../src/runtime/node/onnxruntime.js";
import { loadTokenizer } from "../../src/tokenizers/tokenizer.js";
import { tokenizeTexts } from "../../src/tokenizing/tokenize-texts.js";
import { buildInferenceGraph } from "../../src/training/classifier-graph.js";
import { logitsOf } from "../../src/training/evaluate.js";
import { createPredictor } from "../../src/training/predictor.js";

interface Variant {
  readonly name: string;
  /** Contents in base64. */
  readonly files: Readonly<Record<string, string>>;
  /** [N, C], of the variants with a head. */
  readonly logits?: readonly (readonly number[])[];
}

export interface GoldenCheckpoints {
  readonly labels: readonly string[];
  readonly texts: readonly string[];
  readonly tokenIds: readonly (readonly number[])[];
  readonly tokenizerFiles: Readonly<Record<string, string>>;
  /** By truncation strategy: of some texts, each with the next one as its pair, the logits of variant "float32". */
  readonly pairs: Readonly<
    Record<string, { readonly rows: readonly number[]; readonly logits: readonly (readonly number[])[] }>
  >;
  readonly variants: readonly Variant[];
}

export const goldenCheckpoints = JSON.parse(
  readFileSync(new URL("../golden/transformers-checkpoints.json", import.meta.url), "utf8"),
) as GoldenCheckpoints;

/** Writes a variant and the tokenizer into `folder`. */
export async function writeVariant(name: string, folder: string): Promise<Variant> {
  const variant = goldenCheckpoints.variants.find((candidate) => candidate.name === name);
  if (variant === undefined) throw new Error(`no variant "${name}"`);
  await mkdir(folder, { recursive: true });
  for (const [file, content] of Object.entries({ ...goldenCheckpoints.tokenizerFiles, ...variant.files })) {
    await writeFile(join(folder, file), Buffer.from(content, "base64"));
  }
  return variant;
}

/** Token ids and logits of `texts`, and what was read, of a classifier over `labels` classes. */
export async function classify(
  folder: string,
  texts: readonly string[],
  labels: number,
): Promise<LoadedWeights & { tokenIds: number[][]; logits: Float32Array }> {
  const checkpoint = await openCheckpoint(folder);
  try {
    const model = modelOf(checkpoint.config);
    const config = model.readConfig(checkpoint.config);
    const graph = buildInferenceGraph({ model, config, outputs: labels });
    const loaded = await loadWeights(checkpoint.weights, graph.parameters, model, {
      source: folder,
      newHead: false,
      random: createRandom(1),
    });
    const weights = Object.fromEntries(
      graph.parameters.map(({ name, shape }) => {
        return [name, { dtype: "float32" as const, shape, data: loaded.weights.get(name) as Float32Array }];
      }),
    );
    const tokenizer = loadTokenizer(checkpoint.tokenizerFiles);
    const maxLength = Math.min(tokenizer.modelMaxLength ?? 512, model.sizes(config).maxPositions);
    const tokens = tokenizeTexts(texts, tokenizer, { maxLength });
    const predictor = await createPredictor({ runtime: nodeRuntime, graph, weights, threads: 1 });
    try {
      const options = {
        padId: tokenizer.padId,
        padToMultipleOf: 1,
        maxLength,
        batchSize: 32,
        family: "single-label",
      } as const;
      const logits = await logitsOf(predictor, tokens, labels, options);
      return { ...loaded, tokenIds: texts.map((text) => [...tokenizer.encode(text, { maxLength }).ids]), logits };
    } finally {
      await predictor.close();
    }
  } finally {
    await checkpoint.weights.close();
  }
}
