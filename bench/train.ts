/**
 * Training and prediction at a fixed length, against the matrix-product ceiling of the same run and, where Python with
 * PyTorch is there, against PyTorch in turn.
 *
 *   npx tsx bench/train.ts [--model bert] [--sizes L6/H384,L2/H128] [--tokens 128] [--batch 32] [--steps 5] [--runs 3] [--dropout 0.1]
 *                      [--gradient-checkpointing] [--no-peer] [--profile] [--json]
 *
 * --model is the model_type of an architecture. --profile prints the time of each operator of a training step too.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { median } from "./median.js";
import { readOperatorProfiles } from "./operator-profile.js";
import { configOf, type RawConfig, SIZES, type Size } from "./random-configs.js";
import type { Measured, Work } from "./train-worker.js";

const run = promisify(execFile);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const { values: options } = parseArgs({
  options: {
    model: { type: "string", default: "bert" },
    sizes: { type: "string", default: Object.keys(SIZES).join(",") },
    tokens: { type: "string", default: "128" },
    batch: { type: "string", default: "32" },
    steps: { type: "string", default: "5" },
    runs: { type: "string", default: "3" },
    dropout: { type: "string", default: "0.1" },
    threads: { type: "string", default: String(availableParallelism()) },
    "gradient-checkpointing": { type: "boolean", default: false },
    "no-peer": { type: "boolean", default: false },
    profile: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

type Peer = Pick<Measured, "secondsPerStep" | "processorSecondsPerStep" | "peakMemoryBytes">;

async function textune(config: RawConfig, profilePath?: string): Promise<Measured> {
  const [tokens, batch, steps, threads] = (["tokens", "batch", "steps", "threads"] as const).map((name) =>
    Number(options[name]),
  );
  const gradientCheckpointing = options["gradient-checkpointing"];
  const work: Work = {
    ...{ config, tokens, batch, steps, threads, gradientCheckpointing },
    ...(profilePath === undefined ? {} : { profilePath }),
  };
  const { stdout } = await run(process.execPath, ["--import", "tsx", here("train-worker.ts"), JSON.stringify(work)]);
  return JSON.parse(stdout) as Measured;
}

/** Prints where the time of a training step goes. */
async function profile(name: string, config: RawConfig): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "textune-profile-"));
  try {
    const { outsideSeconds } = await textune(config, join(folder, "training"));
    const steps = Number(options.steps) + 1;
    const operators = await readOperatorProfiles((await readdir(folder)).map((file) => join(folder, file)));
    const total = operators.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / steps + 1000 * outsideSeconds;
    const row = (operator: string, milliseconds: number, calls?: number, flops = 0) => ({
      operator,
      "ms a step": milliseconds.toFixed(1),
      share: `${((100 * milliseconds) / total).toFixed(1)} %`,
      calls: calls ?? "",
      "GFLOP/s": flops === 0 ? "" : (flops / milliseconds / 1e6).toFixed(0),
    });
    console.error(`${name}: a training step by operator`);
    console.table([
      ...operators
        .map(({ operator, milliseconds, calls, flops }) =>
          row(operator, milliseconds / steps, Math.round(calls / steps), flops / steps),
        )
        .filter(({ share }) => share !== "0.0 %"),
      row("outside: optimizer, masks, sums of parts", 1000 * outsideSeconds),
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function pytorch(config: RawConfig): Promise<Peer | undefined> {
  if (options["no-peer"]) return undefined;
  const { tokens, batch, steps, threads } = options;
  const work = ["--tokens", tokens, "--batch", batch, "--steps", steps, "--threads", threads, "--json"];
  try {
    const { stdout } = await run("python3", [
      here("peers/torch_train.py"),
      "--config",
      JSON.stringify(config),
      ...work,
    ]);
    return JSON.parse(stdout.trim().split("\n").at(-1) as string) as Peer;
  } catch {
    return undefined;
  }
}

/**
 * Floating-point operations of the matrix products that a training step of BERT computes: three times those of the forward
 * pass. Of the last layer it needs keys and values of all tokens and the rest of one, which is not counted.
 */
function stepFlops({ layers, hidden }: Size, tokens: number, rows: number): number {
  const wholeLayers = (layers - 1) * (24 * hidden * hidden + 4 * tokens * hidden);
  const lastLayer = 4 * hidden * hidden;
  return 3 * (wholeLayers + lastLayer) * tokens * rows;
}

console.error(
  `${options.model}; ${cpus()[0].model}, ${options.threads} threads, Node ${process.version}; batch ${options.batch} x ${options.tokens} tokens, dropout ${options.dropout}`,
);
const rows = Number(options.batch);
const table: Record<string, Record<string, string | number>> = {};
for (const name of options.sizes.split(",")) {
  const size = SIZES[name];
  if (size === undefined) throw new Error(`--sizes: expected some of ${Object.keys(SIZES).join(", ")}, got ${name}`);
  const pairs: { ours: Measured; peer: Peer | undefined }[] = [];
  const config = configOf(options.model, size, Number(options.dropout));
  for (let i = 0; i < Number(options.runs); i++)
    pairs.push({ ours: await textune(config), peer: await pytorch(config) });
  const of = (pick: (pair: (typeof pairs)[number]) => number): number => median(pairs.map(pick));
  const ours = of(({ ours }) => ours.secondsPerStep);
  const both = pairs.flatMap(({ ours, peer }) => (peer === undefined ? [] : [{ ours, peer }]));
  const ratio = (pick: (pair: (typeof both)[number]) => number): string =>
    both.length === 0 ? "-" : median(both.map(pick)).toFixed(2);
  table[name] = {
    "train examples/s": (rows / ours).toFixed(1),
    "tokens/s": Math.round((rows * Number(options.tokens)) / ours),
    "predict examples/s": (rows / of(({ ours }) => ours.predictSeconds)).toFixed(1),
    "outside %": of(({ ours }) => (100 * ours.outsideSeconds) / ours.secondsPerStep).toFixed(0),
    "peak MiB": Math.round(of(({ ours }) => ours.peakMemoryBytes) / 2 ** 20),
    "% of ceiling":
      options.model === "bert"
        ? of(
            ({ ours }) => (100 * stepFlops(size, Number(options.tokens), rows)) / ours.secondsPerStep / ours.ceiling,
          ).toFixed(0)
        : "-",
    "ceiling GFLOP/s": of(({ ours }) => ours.ceiling / 1e9).toFixed(0),
    "PyTorch examples/s":
      both.length === 0 ? "-" : (rows / median(both.map(({ peer }) => peer.secondsPerStep))).toFixed(1),
    "times PyTorch": ratio(({ ours, peer }) => peer.secondsPerStep / ours.secondsPerStep),
    "by processor time": ratio(({ ours, peer }) => peer.processorSecondsPerStep / ours.processorSecondsPerStep),
    "memory / PyTorch": ratio(({ ours, peer }) => ours.peakMemoryBytes / peer.peakMemoryBytes),
  };
  console.error(
    `${name}: ${Object.entries(table[name])
      .map(([key, value]) => `${key} ${value}`)
      .join(", ")}`,
  );
  if (options.profile) await profile(name, config);
}
if (options.json) console.log(JSON.stringify(table));
else console.table(table);
