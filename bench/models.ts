/**
 * The table of docs/models.md: how many parameters each model has, how fast it trains and in how much memory. Random
 * weights; every batch has `--batch` texts of `--tokens` tokens, none of it padding. At most `--rows` rows of the word
 * embeddings are trained, as where a training set has so many different tokens. Each model in a process of its own.
 *
 *   npx tsx bench/models.ts [--only deberta-v3-base,…] [--tokens 128] [--batch 8] [--steps 2] [--rows 20000] [--json]
 */
import { execFile } from "node:child_process";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { sizeOf } from "../src/graph/shape.js";
import { modelOf } from "../src/models/registry.js";
import { buildInferenceGraph } from "../src/training/classifier-graph.js";
import { PRESETS } from "./model-presets.js";
import type { Measured, Work } from "./train-worker.js";

const run = promisify(execFile);
const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: Object.keys(PRESETS).join(",") },
    tokens: { type: "string", default: "128" },
    batch: { type: "string", default: "8" },
    steps: { type: "string", default: "2" },
    rows: { type: "string", default: "20000" },
    threads: { type: "string", default: String(availableParallelism()) },
    json: { type: "boolean", default: false },
  },
});

/** Parameters of the encoder with what its classifier's head reads, but for the last dense layer. */
function parametersOf(name: string): number {
  const raw = PRESETS[name];
  const model = modelOf(raw);
  const { parameters } = buildInferenceGraph({ model, config: model.readConfig(raw), outputs: 1 });
  return parameters.filter(({ place }) => place !== "head").reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

async function measure(name: string): Promise<Measured> {
  const [tokens, batch, steps, threads, rows] = (["tokens", "batch", "steps", "threads", "rows"] as const).map(
    (option) => Number(options[option]),
  );
  const raw = PRESETS[name];
  // The id of padding is one of those that occur.
  const config = { ...raw, vocab_size: Math.min(rows, raw.vocab_size as number), pad_token_id: 0 };
  const work: Work = { config, tokens, batch, steps, threads, gradientCheckpointing: false };
  const worker = fileURLToPath(new URL("train-worker.ts", import.meta.url));
  const { stdout } = await run(process.execPath, ["--import", "tsx", worker, JSON.stringify(work)]);
  return JSON.parse(stdout) as Measured;
}

const names = options.only.split(",");
console.error(
  `${cpus()[0].model}, ${options.threads} threads; batch ${options.batch} x ${options.tokens} tokens, ${options.rows} rows`,
);
const results: Record<string, { millions: string; examplesPerSecond: string; peakMiB: number }> = {};
for (const name of names) {
  const { fastestStepSeconds, peakMemoryBytes } = await measure(name);
  results[name] = {
    millions: (parametersOf(name) / 1e6).toFixed(1),
    examplesPerSecond: (Number(options.batch) / fastestStepSeconds).toFixed(2),
    peakMiB: Math.round(peakMemoryBytes / 2 ** 20),
  };
  console.error(name, JSON.stringify(results[name]));
}
if (options.json) console.log(JSON.stringify(results));
else console.table(results);
