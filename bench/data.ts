/**
 * What data costs: makes a CSV file of 1.3 million questions, and measures reading, splitting, reporting and
 * the first batch, each in a process of its own, for the peak memory is the process's.
 *
 *   npx tsx bench/data.ts [--rows 1306122] [--peers]
 */
import { execFileSync } from "node:child_process";
import { createWriteStream, existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createRandom } from "../src/base/random.js";
import { openCheckpoint } from "../src/checkpoints/node/open-checkpoint.js";
import { pipelineOf } from "../src/data/pipeline.js";
import { readDataset } from "../src/data/read-dataset.js";
import { reportDataset } from "../src/data/report/report-dataset.js";
import { loadTokenizer } from "../src/tokenizers/tokenizer.js";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1306122" },
    peers: { type: "boolean", default: false },
    task: { type: "string" },
    file: { type: "string" },
  },
});

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

const tasks: Readonly<Record<string, (file: string) => Promise<string>>> = {
  read: async (file) => `${(await readDataset(file)).length} rows`,
  "read and split": async (file) => `${(await readDataset(file)).split(SPLIT).train.length} rows to train on`,
  "read, split, report": async (file) =>
    `${(await reportDataset((await readDataset(file)).split(SPLIT))).findings.length} findings`,
  "read, split, tokenize": async (file) => {
    const { train } = (await readDataset(file)).split(SPLIT);
    const encode = await encoder();
    let tokens = 0;
    for (let row = 0; row < train.length; row++) tokens += encode(train.text(row)).length;
    return `${(tokens / 1e6).toFixed(1)} million tokens`;
  },
  "first batch": async (file) => {
    const { train } = (await readDataset(file)).split(SPLIT);
    const encode = await encoder();
    for await (const batch of pipelineOf(train)
      .shuffle(10_000)
      .map((row) => encode(row.text))
      .batch(32))
      return `${batch.length} texts`;
    return "";
  },
};

async function encoder(): Promise<(text: string) => Int32Array> {
  const checkpoint = await openCheckpoint("all-MiniLM-L6-v2");
  await checkpoint.weights.close();
  const tokenizer = loadTokenizer(checkpoint.tokenizerFiles);
  return (text) => tokenizer.encode(text, 128).ids;
}

if (values.task !== undefined && values.file !== undefined) {
  const started = performance.now();
  const result = await tasks[values.task]?.(values.file);
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `${values.task.padEnd(24)} ${seconds.toFixed(1).padStart(7)} s ${(process.resourceUsage().maxRSS / 1000).toFixed(0).padStart(6)} MB   ${result}`,
  );
} else {
  const file = await makeFile(Number(values.rows));
  const self = fileURLToPath(import.meta.url);
  for (const task of Object.keys(tasks)) {
    execFileSync(process.execPath, ["--import", "tsx", self, "--task", task, "--file", file], { stdio: "inherit" });
  }
  if (values.peers)
    execFileSync("python3", [fileURLToPath(new URL("peers/read_data.py", import.meta.url)), file], {
      stdio: "inherit",
    });
}
