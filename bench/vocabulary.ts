/**
 * Peak memory and time of training with XLM-RoBERTa's table of 250,002 tokens where 20,000 of them occur: on the rows that
 * occur (`compactVocabulary`) and on all; beside it the same model with a table of no more rows than occur. Each is a
 * process of its own, which opens a model with random weights and calls `fit`.
 *
 *   npx tsx bench/vocabulary.ts [--occurring 20000] [--rows 1000] [--json]
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { createRandom } from "../src/base/random.js";
import { saveCheckpoint } from "../src/checkpoints/node/save-checkpoint.js";
import { sizeOf } from "../src/graph/shape.js";
import { fromArrays, TextClassifier } from "../src/index.js";
import { modelOf } from "../src/models/registry.js";
import { loadTokenizer } from "../src/tokenizers/tokenizer.js";
import { buildInferenceGraph } from "../src/training/classifier-graph.js";
import { configOf, SIZES } from "./random-configs.js";

const { values: options } = parseArgs({
  options: {
    occurring: { type: "string", default: "20000" },
    rows: { type: "string", default: "1000" },
    json: { type: "boolean", default: false },
    /** The model folder, in a process that trains; and whether it leaves rows out. */
    folder: { type: "string" },
    compact: { type: "boolean", default: false },
  },
});
const VOCABULARY = 250_002;
const SPECIAL = ["<s>", "<pad>", "</s>", "[UNK]", "<mask>"];
const MIB = 2 ** 20;

/** Writes an encoder with random weights, and a tokenizer of as many whole words as its table has rows. */
async function writeModel(folder: string, vocabulary: number): Promise<void> {
  const config = { ...configOf("xlm-roberta", SIZES["L6/H384"], 0.1), vocab_size: vocabulary };
  const model = modelOf(config);
  const random = createRandom(3);
  const { parameters } = buildInferenceGraph({ model, config: model.readConfig(config), outputs: 2 });
  const tensors = parameters
    .filter(({ place }) => place !== "head")
    .map(({ name, shape, initializer }) => {
      const data = new Float32Array(sizeOf(shape)).fill(initializer === "ones" ? 1 : 0);
      if (typeof initializer === "object")
        for (let i = 0; i < data.length; i++) data[i] = 0.07 * (random.float() - 0.5);
      return { name, shape, data };
    });
  const words = Array.from({ length: vocabulary - SPECIAL.length }, (_, i) => `w${i}`);
  const { files } = loadTokenizer({
    "vocab.txt": `${[...SPECIAL, ...words].join("\n")}\n`,
    "tokenizer_config.json": JSON.stringify({ tokenizer_class: "MPNetTokenizer" }),
  });
  await saveCheckpoint(folder, { config, tensors, tokenizerFiles: files });
}

/** Texts of 30 tokens in which the first `--occurring` words occur. */
async function train(folder: string): Promise<void> {
  const random = createRandom(4);
  const words = Number(options.occurring);
  let next = 0;
  const texts = Array.from({ length: Number(options.rows) }, () =>
    Array.from({ length: 28 }, () => `w${next < words ? next++ : random.integer(words)}`).join(" "),
  );
  const dataset = fromArrays(
    texts,
    texts.map(() => (random.integer(2) === 0 ? "a" : "b")),
  );
  const classifier = await TextClassifier.fromPretrained(folder, { labels: dataset.labels });
  const opened = process.memoryUsage.rss();
  const start = performance.now();
  await classifier.fit(dataset, { epochs: 1, maxLength: 32, compactVocabulary: options.compact, optim: "adamw" });
  const seconds = (performance.now() - start) / 1000;
  console.log(JSON.stringify({ opened: opened / MIB, peak: process.resourceUsage().maxRSS / 1024, seconds }));
  await classifier.close();
}

if (options.folder !== undefined) {
  await train(options.folder);
} else {
  const place = await mkdtemp(join(tmpdir(), "textune-vocabulary-"));
  const occurring = Number(options.occurring) + SPECIAL.length;
  try {
    const table: Record<string, unknown>[] = [];
    for (const [rows, compact] of [
      [VOCABULARY, true],
      [VOCABULARY, false],
      [occurring, false],
    ] as const) {
      const folder = join(place, String(rows));
      if (!existsSync(folder)) await writeModel(folder, rows);
      const args = ["--import", "tsx", fileURLToPath(import.meta.url), "--folder", folder, "--rows", options.rows];
      const { stdout } = await promisify(execFile)(process.execPath, [
        ...[...args, "--occurring", options.occurring],
        ...(compact ? ["--compact"] : []),
      ]);
      const { opened, peak, seconds } = JSON.parse(stdout.trim().split("\n").at(-1) as string) as Record<
        string,
        number
      >;
      table.push({
        "rows of the table": rows,
        "rows trained": compact ? occurring : rows,
        "MiB when open": Math.round(opened),
        "peak MiB": Math.round(peak),
        seconds: seconds.toFixed(1),
      });
    }
    if (options.json) console.log(JSON.stringify(table));
    else console.table(table);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
