/**
 * The table of docs/models.md: how many parameters each model has, how fast it trains beside BERT-base, and the memory
 * that it takes.
 *
 * Measured is the processor time of one training step, on one thread, of each model with two and with four of its layers;
 * the others cost as much as these two more. Random weights, `--batch` texts of `--tokens` tokens, 2,000 rows of word
 * embeddings: what the rows cost depends on the data and not on the model.
 *
 * With `--memory` it is the peak of a process that trains the whole model, two steps of 8 texts of 128 tokens, with the
 * 20,000 rows that some megabytes of text need.
 *
 *   npx tsx bench/models.ts [--only deberta-v3-base,…] [--tokens 128] [--batch 4] [--memory]
 */
import { execFile } from "node:child_process";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { sizeOf } from "../src/graph/shape.js";
import { modelOf } from "../src/models/registry.js";
import { buildInferenceGraph } from "../src/training/classifier-graph.js";
import { PRESETS } from "./model-presets.js";
import { createRandomClassifier } from "./random-classifier.js";

const ROWS = 2000;
const OCCURRING_ROWS = 20_000;
const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: Object.keys(PRESETS).join(",") },
    tokens: { type: "string", default: "128" },
    batch: { type: "string", default: "4" },
    memory: { type: "boolean", default: false },
    /** Train this one, in a process of its own. */
    one: { type: "string" },
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

/** Trains two steps and prints the peak of the process in MiB. */
async function train(name: string): Promise<void> {
  const { vocab_size } = PRESETS[name];
  const rows = Math.min(OCCURRING_ROWS, vocab_size as number);
  const classifier = await createRandomClassifier(
    { ...PRESETS[name], vocab_size: rows, pad_token_id: 0 },
    { threads: availableParallelism(), gradientCheckpointing: false },
  );
  for (let step = 0; step < 2; step++) await classifier.trainer.step(classifier.batch(8, 128), step, 1e-5);
  console.log(Math.round(process.resourceUsage().maxRSS / 1024));
  await classifier.predictor.close();
  await classifier.trainer.close();
}

async function peakOf(name: string): Promise<string> {
  const args = ["--import", "tsx", fileURLToPath(import.meta.url), "--one", name];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return `${(Number(stdout.trim()) / 1024).toFixed(1)} GiB`;
}

async function speedOf(name: string): Promise<string> {
  const [two, four] = [await stepSeconds(name, 2), await stepSeconds(name, 4)];
  const { num_hidden_layers, n_layers = num_hidden_layers } = PRESETS[name];
  const whole = two + (((n_layers as number) - 2) / 2) * (four - two);
  return (whole / Number(options.batch)).toFixed(4);
}

if (options.one !== undefined) {
  await train(options.one);
  process.exit();
}
const measured = options.memory ? "peak of training" : "processor seconds a text";
const results: Record<string, Record<string, string>> = {};
console.error(
  `${cpus()[0].model}${options.memory ? "" : `, one thread; ${options.batch} texts of ${options.tokens} tokens`}`,
);
for (const name of options.only.split(",")) {
  results[name] = {
    "parameters, millions": (parametersOf(name) / 1e6).toFixed(1),
    [measured]: await (options.memory ? peakOf : speedOf)(name),
  };
  console.error(name, JSON.stringify(results[name]));
}
console.table(results);
