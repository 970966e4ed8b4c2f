/**
 * Prediction, from texts to probabilities, on SST-2's dev set and reviews of IMDB with a fine-tuned all-MiniLM-L6-v2,
 * against transformers.js and PyTorch + transformers. Libraries take turns, pass by pass; ratios are medians of rounds.
 *
 *   npx tsx bench/predict.ts [--data sst2,imdb] [--batches 1,32] [--rounds 3] [--sst2-texts 872] [--imdb-texts 200]
 *     [--threads N] [--clock wall] [--python python3] [--model FOLDER] [--json]
 *
 * `--threads 1 --clock processor` counts processor time, which work of others on the machine hardly changes.
 * Peers that are not installed are left out: see bench/peers/README.md.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readDataset } from "../src/index.js";
import { loadTokenizer, type TextTokenizer } from "../src/tokenizers/tokenizer.js";
import { imdbReviews } from "../tests/parity/tokenizer-texts.js";
import { median } from "./median.js";
import { benchData, saveMiniLmClassifier } from "./minilm-classifier.js";
import { type Pass, type PassRequest, type PassWorker, startPassWorker } from "./pass-worker.js";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { values: options } = parseArgs({
  options: {
    data: { type: "string", default: "sst2,imdb" },
    batches: { type: "string", default: "1,32" },
    rounds: { type: "string", default: "3" },
    "sst2-texts": { type: "string", default: "872" },
    "imdb-texts": { type: "string", default: "200" },
    threads: { type: "string", default: String(availableParallelism()) },
    clock: { type: "string", default: "wall" },
    python: { type: "string", default: "python3" },
    model: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

/** What the classifier reads of a text, in tokens. */
const MAX_LENGTH = 256;
/** Scores of all libraries agree within this. */
const TOLERANCE = 1e-4;

/** `count` texts, evenly spread over all. */
function spread(texts: readonly string[], count: number): string[] {
  const size = Math.min(count, texts.length);
  return Array.from({ length: size }, (_, i) => texts[Math.floor((i * texts.length) / size)]);
}

/**
 * The beginning of `text` that no library has to cut: of a longer one transformers.js drops the last [SEP] too, and so
 * computes something else.
 */
function beginning(text: string, tokenizer: TextTokenizer): string {
  const words = text.split(/\s+/);
  for (;;) {
    const fitting = words.join(" ");
    const excess = tokenizer.encode(fitting, { maxLength: MAX_LENGTH }).fullLength - MAX_LENGTH;
    if (excess <= 0) return fitting;
    words.length -= Math.ceil(excess / 2);
  }
}

const TEXTS: Readonly<Record<string, () => Promise<string[]>>> = {
  sst2: async () => {
    const dev = await readDataset(benchData("sst2/dev.tsv"), { text: "sentence", label: "label" });
    const texts = Array.from({ length: dev.length }, (_, row) => dev.text(row));
    return spread(texts, Number(options["sst2-texts"]));
  },
  imdb: async () => {
    const reviews = await imdbReviews(benchData("imdb/aclImdb_train.tar.gz"));
    const tokenizer = loadTokenizer({ "tokenizer.json": await readFile(join(folder, "tokenizer.json"), "utf8") });
    return spread(reviews, Number(options["imdb-texts"])).map((review) => beginning(review, tokenizer));
  },
};

/** The libraries that run here, by name; says why another does not. */
async function startAll(folder: string, textsPath: string): Promise<Map<string, PassWorker>> {
  const { threads, python } = options;
  const commands = {
    Textune: [process.execPath, "--import", "tsx", here("predict-worker.ts"), folder, textsPath, threads],
    "transformers.js": [process.execPath, here("peers/transformers-js.mjs"), folder, textsPath, threads],
    PyTorch: [
      python,
      here("peers/torch_predict.py"),
      textsPath,
      "--passes",
      "--model",
      folder,
      "--threads",
      threads,
    ].concat("--max-length", String(MAX_LENGTH)),
  };
  const workers = new Map<string, PassWorker>();
  for (const [library, [command, ...args]] of Object.entries(commands)) {
    const worker = await startPassWorker(command, args);
    if (typeof worker === "string") console.error(`${library} is left out: ${worker}`);
    else workers.set(library, worker);
  }
  return workers;
}

const timeOf = ({ seconds, processorSeconds }: Pass): number =>
  options.clock === "processor" ? processorSeconds : seconds;

/** The largest difference of log-probabilities, that is of logits up to what a softmax takes out. */
function difference(a: Pass, b: Pass): number {
  return Math.max(
    ...a.logProbabilities.map((row, i) =>
      Math.max(...row.map((value, c) => Math.abs(value - b.logProbabilities[i][c]))),
    ),
  );
}

console.error(`${cpus()[0].model}, ${options.threads} threads, Node ${process.version}`);
const folder = options.model ?? (await saveMiniLmClassifier());
if (!existsSync(join(folder, "onnx", "model.onnx"))) {
  const { status, stderr } = spawnSync(options.python, [here("peers/torch_export.py"), folder], { encoding: "utf8" });
  if (status !== 0)
    console.error(`no model for transformers.js: ${stderr?.trim().split("\n").at(-1) ?? options.python}`);
}

const table: Record<string, string | number>[] = [];
for (const data of options.data.split(",")) {
  const texts = await TEXTS[data]();
  const textsPath = join(await mkdtemp(join(tmpdir(), "textune-bench-")), "texts.json");
  await writeFile(textsPath, JSON.stringify(texts));
  const workers = await startAll(folder, textsPath);
  for (const batch of options.batches.split(",").map(Number)) {
    // Textune itself puts texts of like length together; a peer does as it is told.
    const ways = [...workers].flatMap(([library, worker]) =>
      (batch === 1 || library === "Textune" ? [false] : [false, true]).map((byLength) => ({
        name: byLength ? `${library}, by length` : library,
        pass: () => worker.pass({ batch, byLength } satisfies PassRequest),
      })),
    );
    const passes = new Map<string, Pass[]>(ways.map(({ name }) => [name, []]));
    // The first round warms up and is checked.
    for (let round = 0; round <= Number(options.rounds); round++) {
      for (const { name, pass } of ways) passes.get(name)?.push(await pass());
    }
    const ours = passes.get("Textune") as Pass[];
    for (const [name, theirs] of passes) {
      const largest = difference(ours[0], theirs[0]);
      if (largest > TOLERANCE) throw new Error(`${name}: scores differ by ${largest}, expected at most ${TOLERANCE}`);
      const seconds = theirs.slice(1).map(timeOf);
      const row = {
        data: `${data}, ${texts.length} texts`,
        batch,
        library: name,
        "texts/s": Number((texts.length / median(seconds)).toFixed(1)),
        "Textune is faster by": Number(median(seconds.map((time, i) => time / timeOf(ours[i + 1]))).toFixed(2)),
        "scores differ by": largest.toExponential(0),
        "peak MiB": Math.round((theirs.at(-1) as Pass).peakMemoryBytes / 2 ** 20),
      };
      table.push(row);
      console.error(Object.values(row).join("  "));
    }
  }
  for (const worker of workers.values()) await worker.close();
}
if (options.json) console.log(JSON.stringify(table));
else console.table(table);
