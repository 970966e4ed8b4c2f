/**
 * What data costs: makes a CSV file of 1.3 million questions, and measures reading, splitting, reporting and
 * the first batch of training, each in a process of its own, for the peak memory is the process's.
 *
 *   npx tsx bench/data.ts [--rows 1306122] [--peers] [--only WORD]
 */
import { execFileSync } from "node:child_process";
import { createWriteStream, existsSync, mkdtempSync, rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createRandom } from "../src/base/random.js";
import { openCheckpoint } from "../src/checkpoints/node/open-checkpoint.js";
import { nodePlatform } from "../src/classifier/node/platform.js";
import { TextClassifier } from "../src/classifier/node/text-classifier.js";
import { prepareTraining } from "../src/classifier/prepare-texts.js";
import type { Dataset } from "../src/data/dataset/dataset.js";
import { readDataset } from "../src/data/dataset/node/read-dataset.js";
import { pipelineOf } from "../src/data/pipeline/pipeline.js";
import { reportDataset } from "../src/data/report/report-dataset.js";
import { singleLabelClassification } from "../src/tasks/single-label.js";
import { loadTokenizer, type TextTokenizer } from "../src/tokenizers/tokenizer.js";
import { lengthOf, type TokenizedTexts } from "../src/tokenizing/tokenized-texts.js";
import { type Batch, collate } from "../src/training/batch.js";
import { planBatches, splitBatch } from "../src/training/batch-plan.js";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1306122" },
    peers: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    task: { type: "string" },
    file: { type: "string" },
  },
});

const MAX_LENGTH = 128;
const SPLIT = { validation: 0.1, test: 0.1, stratify: true, seed: 42 } as const;

/** Questions of made-up words, frequent ones far more often, 6 % of them labelled 1: the shape of Quora's set. */
function* questions(rows: number): Generator<string> {
  const random = createRandom(7);
  const syllables = ["ka", "lo", "mi", "ter", "an", "su", "re", "ni", "vo", "del", "ish", "qua", "pro", "en"];
  const word = (): string =>
    Array.from({ length: 1 + random.integer(4) }, () => syllables[random.integer(syllables.length)]).join("");
  const vocabulary = Array.from({ length: 40_000 }, word);
  yield "qid,question_text,target\n";
  let piece = "";
  for (let row = 0; row < rows; row++) {
    const length = Math.max(3, Math.round(12.8 + 7 * random.normal()));
    const text = Array.from({ length }, () => vocabulary[Math.floor(vocabulary.length * random.float() ** 4)]).join(
      " ",
    );
    piece += `${row.toString(16).padStart(20, "0")},${row % 5 === 0 ? `"${text}, right?"` : `${text}?`},${random.float() < 0.062 ? 1 : 0}\n`;
    if (piece.length > 2 ** 18) {
      yield piece;
      piece = "";
    }
  }
  yield piece;
}

async function makeFile(rows: number): Promise<string> {
  const path = join(tmpdir(), `textune-questions-${rows}.csv`);
  if (!existsSync(path)) {
    await pipeline(Readable.from(questions(rows)), createWriteStream(`${path}.part`));
    await rename(`${path}.part`, path);
  }
  return path;
}

/** What is said of a task; by a function where finding out is not part of the task. */
type Outcome = string | (() => Promise<string>);

const tasks: Readonly<Record<string, (file: string) => Promise<Outcome>>> = {
  read: async (file) => `${(await readDataset(file)).length} rows`,
  "read and split": async (file) => `${(await readDataset(file)).split(SPLIT).train.length} rows to train on`,
  "read, split, report": async (file) =>
    `${(await reportDataset((await readDataset(file)).split(SPLIT))).findings.length} findings`,
  "first batch of a pipeline": async (file) => {
    const { train } = (await readDataset(file)).split(SPLIT);
    const tokenizer = await defaultTokenizer();
    for await (const batch of pipelineOf(train)
      .shuffle(10_000)
      .map((row) => tokenizer.encode(row.text, { maxLength: MAX_LENGTH }).ids)
      .batch(32))
      return `${batch.length} texts`;
    return "";
  },
  "first batch of fit, one thread": (file) => firstBatch(file, { threads: 1, tokenCache: false }),
  "first batch of fit": (file) => firstBatch(file, { tokenCache: false }),
  "the same, filling the cache": (file) => firstBatch(file, { tokenCache: true }),
  "the same, from the cache": (file) => firstBatch(file, { tokenCache: true }),
  "data's share of a step": shareOfStep,
};

/** Reads and splits `file` and gets as far as `fit` does before its first step. */
async function firstBatch(file: string, options: Preparation): Promise<Outcome> {
  const { train } = (await readDataset(file)).split(SPLIT);
  const texts = await prepare(train, options);
  const batches = eachBatch(texts);
  const { value } = batches.next();
  return async () => {
    const held = await heldMegabytes();
    return `${value?.size} of ${train.length} texts with ${(texts.ids.length / 1e6).toFixed(1)} million tokens; ${held} MB are kept`;
  };
}

/** Megabytes of JavaScript's memory that are in use. */
async function heldMegabytes(): Promise<string> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  // The memory of arrays is given back a little after they are found to be garbage.
  for (let round = 0; round < 2; round++) {
    collect();
    await new Promise<void>((resolve) => setTimeout(resolve, 200));
  }
  const { heapUsed, external } = process.memoryUsage();
  return ((heapUsed + external) / 1e6).toFixed(0);
}

/** How long the trainer waits for data: choosing and padding batches of SST-2, beside whole steps. */
async function shareOfStep(): Promise<string> {
  const path = fileURLToPath(new URL("../../shared/data/sst2/train.tsv", import.meta.url));
  if (!existsSync(path)) return "no SST-2 beside the checkout";
  const train = await readDataset(path);
  const texts = await prepare(train, { tokenCache: false });
  const started = performance.now();

  for (const _ of eachBatch(texts));
  const waiting = (performance.now() - started) / Math.ceil(texts.length / 32);
  const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: train.labels });
  const steps: number[] = [];
  const onStep = ({ milliseconds }: { readonly milliseconds: number }): void => void steps.push(milliseconds);
  await classifier.fit(train.sample(32 * 60), { epochs: 1, callbacks: [{ onStep }] });
  const step = steps.slice(10).reduce((sum, milliseconds) => sum + milliseconds, 0) / (steps.length - 10);
  return `${waiting.toFixed(3)} of ${step.toFixed(0)} ms, ${((100 * waiting) / step).toFixed(2)} %`;
}

interface Preparation {
  readonly threads?: number;
  readonly tokenCache: boolean;
}

/** The tokens of `train` as `fit` makes them. */
async function prepare(train: Dataset, options: Preparation): Promise<TokenizedTexts> {
  const tokenizer = await defaultTokenizer();
  const { training } = await prepareTraining(nodePlatform, train, undefined, {
    ...options,
    task: singleLabelClassification,
    labels: train.labels.names,
    tokenizer,
    maxLength: MAX_LENGTH,
    vocabularySize: tokenizer.vocabularySize,
    compactVocabulary: true,
    onWarning: (line) => console.log(line),
  });
  return training.texts;
}

/** The batches of an epoch, as `fit` makes them. */
function* eachBatch(texts: TokenizedTexts): Generator<Batch> {
  const lengths = Float64Array.from({ length: texts.length }, (_, row) => lengthOf(texts, row));
  const plan = { batchSize: 32, groupByLength: true, shuffle: true };
  for (const rows of planBatches(lengths, plan, createRandom(42)))
    for (const part of splitBatch(rows, lengths, 1024))
      yield collate(texts, part, { padId: 0, padToMultipleOf: 1, maxLength: MAX_LENGTH });
}

async function defaultTokenizer(): Promise<TextTokenizer> {
  const checkpoint = await openCheckpoint("all-MiniLM-L6-v2");
  await checkpoint.weights.close();
  return loadTokenizer(checkpoint.tokenizerFiles);
}

if (values.task !== undefined && values.file !== undefined) {
  const started = performance.now();
  const outcome = await tasks[values.task]?.(values.file);
  const seconds = (performance.now() - started) / 1000;
  const result = typeof outcome === "function" ? await outcome() : outcome;
  console.log(
    `${values.task.padEnd(30)} ${seconds.toFixed(1).padStart(7)} s ${(process.resourceUsage().maxRSS / 1000).toFixed(0).padStart(6)} MB   ${result}`,
  );
} else {
  const file = await makeFile(Number(values.rows));
  const self = fileURLToPath(import.meta.url);
  const cache = mkdtempSync(join(tmpdir(), "textune-bench-"));
  const env = { ...process.env, TEXTUNE_CACHE: cache };
  for (const task of Object.keys(tasks)) {
    if (!task.includes(values.only)) continue;
    execFileSync(process.execPath, ["--import", "tsx", self, "--task", task, "--file", file], {
      stdio: "inherit",
      env,
    });
  }
  rmSync(cache, { recursive: true });
  if (values.peers)
    execFileSync("python3", [fileURLToPath(new URL("peers/read_data.py", import.meta.url)), file], {
      stdio: "inherit",
    });
}
