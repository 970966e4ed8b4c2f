/**
 * A training step of BERT L2/H128 (batches of 32 x 128 tokens, no dropout) and the rate of matrix products, against
 * TensorFlow.js and jax-js, both on WebAssembly. In turn, each in a process of its own; medians of runs.
 *
 *   npx tsx bench/js-peers.ts [--steps 5] [--runs 3] [--threads N] [--json]
 *
 * Textune's step does more: it trains the embeddings too, and clips and decays in AdamW, where TensorFlow.js runs Adam
 * and jax-js plain gradient descent. Peers that are not installed are left out: see bench/peers/README.md.
 */
import { execFile } from "node:child_process";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { median } from "./median.js";
import { configOf, SIZES } from "./random-configs.js";
import type { Measured, Work } from "./train-worker.js";

const run = promisify(execFile);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { values: options } = parseArgs({
  options: {
    steps: { type: "string", default: "5" },
    runs: { type: "string", default: "3" },
    threads: { type: "string", default: String(availableParallelism()) },
    json: { type: "boolean", default: false },
  },
});

const BATCH = 32;
const { steps, threads } = options;
const work: Work = {
  config: configOf("bert", SIZES["L2/H128"], 0),
  tokens: 128,
  batch: BATCH,
  steps: Number(steps),
  threads: Number(threads),
  gradientCheckpointing: false,
};
const programs: Readonly<Record<string, readonly string[]>> = {
  Textune: ["--import", "tsx", here("train-worker.ts"), JSON.stringify(work)],
  "TensorFlow.js": [here("peers/tfjs-train.mjs"), steps],
  "jax-js": [here("peers/jax-js-train.mjs"), steps],
};

/** `ceiling` is the rate of a product of square matrices of 1,024 rows, in FLOP/s. */
type Figures = Pick<Measured, "secondsPerStep" | "ceiling" | "peakMemoryBytes">;

console.error(`${cpus()[0].model}, ${threads} threads, Node ${process.version}`);
const results = new Map<string, Figures[]>();
for (let i = 0; i < Number(options.runs); i++) {
  for (const [name, args] of Object.entries(programs)) {
    try {
      const { stdout } = await run(process.execPath, args);
      const measured = JSON.parse(stdout.trim().split("\n").at(-1) as string) as Figures;
      results.set(name, [...(results.get(name) ?? []), measured]);
    } catch (error) {
      if (name === "Textune") throw error;
      const { stderr = "" } = error as { stderr?: string };
      if (i === 0) console.error(`${name} is left out: ${stderr.split("\n").find((line) => line.includes("Error"))}`);
    }
  }
}
const ours = results.get("Textune") as Figures[];
const table = [...results].map(([library, theirs]) => ({
  library,
  "train examples/s": Number((BATCH / median(theirs.map((run) => run.secondsPerStep))).toFixed(1)),
  "Textune is faster by": Number(
    median(theirs.map((run, i) => run.secondsPerStep / ours[i].secondsPerStep)).toFixed(1),
  ),
  "product GFLOP/s": Math.round(median(theirs.map((run) => run.ceiling)) / 1e9),
  "peak MiB": Math.round(median(theirs.map((run) => run.peakMemoryBytes)) / 2 ** 20),
}));
if (options.json) console.log(JSON.stringify(table));
else console.table(table);
