/**
 * The table of docs/models.md: how many parameters each model has, and how fast it trains beside BERT-base.
 *
 * Measured is the processor time of one training step, on one thread, of each model with two and with four of its layers;
 * the others cost as much as these two more. Random weights, `--batch` texts of `--tokens` tokens, 2,000 rows of word
 * embeddings: what the rows cost depends on the data and not on the model.
 *
 *   npx tsx bench/models.ts [--only deberta-v3-base,…] [--tokens 128] [--batch 4]
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { sizeOf } from "../src/graph/shape.js";
import { modelOf } from "../src/models/registry.js";
import { buildInferenceGraph } from "../src/training/classifier-graph.js";
import { PRESETS } from "./model-presets.js";
import { createRandomClassifier } from "./random-classifier.js";

const ROWS = 2000;
const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: Object.keys(PRESETS).join(",") },
    tokens: { type: "string", default: "128" },
    batch: { type: "string", default: "4" },
  },
});

/** Parameters of the encoder with what its classifier's head reads, but for the last dense layer. */
function parametersOf(name: string): number {
  const model = modelOf(PRESETS[name]);
  const { parameters } = buildInferenceGraph({ model, config: model.readConfig(PRESETS[name]), outputs: 1 });
  return parameters.filter(({ place }) => place !== "head").reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** Processor time of one step of a model that has so many of its layers, in seconds. */
async function stepSeconds(name: string, layers: number): Promise<number> {
  const raw = PRESETS[name];
  const field = "n_layers" in raw ? "n_layers" : "num_hidden_layers";
  // The id of padding is one of those that occur.
  const config = { ...raw, [field]: layers, vocab_size: ROWS, pad_token_id: 0 };
  const classifier = await createRandomClassifier(config, { threads: 1, gradientCheckpointing: false });
  const parts = classifier.batch(Number(options.batch), Number(options.tokens));
  const used = process.cpuUsage();
  await classifier.trainer.step(parts, 0, 1e-5);
  const { user, system } = process.cpuUsage(used);
  await classifier.predictor.close();
  await classifier.trainer.close();
  return (user + system) / 1e6;
}

const results: Record<string, { "parameters, millions": string; "processor seconds a text": string }> = {};
console.error(`${cpus()[0].model}, one thread; ${options.batch} texts of ${options.tokens} tokens`);
for (const name of options.only.split(",")) {
  const [two, four] = [await stepSeconds(name, 2), await stepSeconds(name, 4)];
  const model = modelOf(PRESETS[name]);
  const { num_hidden_layers, n_layers = num_hidden_layers } = PRESETS[name];
  const whole = two + (((n_layers as number) - 2) / 2) * (four - two);
  results[name] = {
    "parameters, millions": (parametersOf(name) / 1e6).toFixed(1),
    "processor seconds a text": (whole / Number(options.batch)).toFixed(4),
  };
  console.error(name, model.modelType, JSON.stringify(results[name]));
}
console.table(results);
