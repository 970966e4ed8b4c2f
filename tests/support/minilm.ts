/** The embedded default model, opened for tests that train it without the classifier around it. */
import { createRandom } from "../../src/base/random.js";
import { openCheckpoint } from "../../src/checkpoints/node/open-checkpoint.js";
import { loadWeights } from "../../src/classifier/load-weights.js";
import type { Model } from "../../src/models/model.js";
import { modelOf } from "../../src/models/registry.js";
import { loadTokenizer, type TextTokenizer } from "../../src/tokenizers/tokenizer.js";
import { buildInferenceGraph } from "../../src/training/classifier-graph.js";

export interface MiniLm {
  readonly model: Model;
  /** Without dropout. */
  readonly config: unknown;
  readonly tokenizer: TextTokenizer;
  /** With a new head. */
  readonly weights: Map<string, Float32Array>;
}

/** With its first `layers` layers, all six by default. */
export async function openMiniLm(labels: number, layers = 6): Promise<MiniLm> {
  const checkpoint = await openCheckpoint("all-MiniLM-L6-v2");
  const model = modelOf(checkpoint.config);
  const config = model.withDropout(model.readConfig({ ...checkpoint.config, num_hidden_layers: layers }), 0);
  const { parameters } = buildInferenceGraph({ model, config, outputs: labels });
  const { weights } = await loadWeights(checkpoint.weights, parameters, model, {
    source: checkpoint.source,
    newHead: true,
    random: createRandom(1),
  });
  await checkpoint.weights.close();
  return { model, config, tokenizer: loadTokenizer(checkpoint.tokenizerFiles), weights };
}
