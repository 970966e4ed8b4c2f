/**
 * `textune predict FILE --output` from end to end: a file of short texts, made here, is scored by a process that is killed
 * (SIGKILL) on its way and started again; then every row has to be there once. Needs the build in dist/.
 *
 *   npx tsx bench/score.ts [--rows 1300000] [--layers 1] [--dtype q8] [--workers 1] [--format parquet] [--kill-after 20] [--json]
 *
 * The model is all-MiniLM-L6-v2 with its lowest `--layers` layers and a head drawn at random; `--kill-after 0` kills nobody.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createRandom } from "../src/base/random.js";
import type { OnnxDtype } from "../src/checkpoints/onnx-files.js";
import { readDataset, TextClassifier } from "../src/index.js";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { values: options } = parseArgs({
  options: {
    rows: { type: "string", default: "1300000" },
    layers: { type: "string", default: "1" },
    dtype: { type: "string", default: "q8" },
    workers: { type: "string", default: "1" },
    format: { type: "string", default: "parquet" },
    "kill-after": { type: "string", default: "20" },
    json: { type: "boolean", default: false },
  },
});
const rows = Number(options.rows);
const place = await mkdtemp(join(tmpdir(), "textune-score-"));
const input = join(place, "texts.csv");
const output = join(place, `scored.${options.format}`);

/** Sentences of 4 to 16 words of the support tickets, about as long as questions that people type. */
async function writeTexts(): Promise<void> {
  const tickets = await readDataset(here("../examples/data/support-tickets.csv"), { text: "text", label: "label" });
  const words = Array.from({ length: 500 }, (_, row) => tickets.text(row % tickets.length).split(/[\s,"]+/)).flat();
  const random = createRandom(1);
  function* lines(): Generator<string> {
    yield "id,text\n";
    for (let id = 0; id < rows; id++) {
      const text = Array.from({ length: 4 + random.integer(13) }, () => words[random.integer(words.length)]);
      yield `${id},${text.join(" ")}\n`;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(input));
}

/** The folder of the model, exported. */
async function makeModel(): Promise<string> {
  const [whole, model] = [join(place, "whole"), join(place, "model")];
  const made = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: ["no", "yes"] });
  await made.save(whole);
  await made.close();
  const config = join(whole, "config.json");
  const layers = `"num_hidden_layers": ${options.layers}`;
  writeFileSync(config, readFileSync(config, "utf8").replace('"num_hidden_layers": 6', layers));
  const cut = await TextClassifier.fromPretrained(whole);
  await cut.export(model, { dtype: [options.dtype as OnnxDtype] });
  await cut.close();
  return model;
}

/** The largest resident memory of a process so far, in MiB. */
function peakMebibytes(child: ChildProcess): number {
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
    return Number(found?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Runs the command to its end, or for so many seconds; gives what it said of an earlier run, and its peak memory. */
async function run(model: string, seconds: number): Promise<{ readonly resumed?: string; readonly peak: number }> {
  const args = ["predict", model, "--file", input, "--text", "text", "--output", output, "--workers", options.workers];
  const child = spawn(process.execPath, [here("../dist/cli/main.js"), ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  let resumed: string | undefined;
  let peak = 0;
  child.stderr?.on("data", (chunk: Buffer) => {
    said = (said + String(chunk)).slice(-2000);
    resumed ??= /going on after \d+ rows/.exec(said)?.[0];
    if (!options.json) process.stderr.write(chunk);
  });
  const looking = setInterval(() => {
    peak = Math.max(peak, peakMebibytes(child));
  }, 500);
  const killing = seconds > 0 ? setTimeout(() => child.kill("SIGKILL"), seconds * 1000) : undefined;
  await new Promise((resolve) => child.on("close", resolve));
  clearInterval(looking);
  clearTimeout(killing);
  return { ...(resumed === undefined ? {} : { resumed }), peak };
}

await writeTexts();
const model = await makeModel();
const began = performance.now();
const killAfter = Number(options["kill-after"]);
const first = killAfter > 0 ? await run(model, killAfter) : undefined;
const last = await run(model, 0);
const seconds = (performance.now() - began) / 1000;

const scored = await readDataset(output, { text: "text", label: false, columns: ["id", "predicted"] });
let wrong = 0;
for (let row = 0; row < scored.length; row++) if (Number(scored.value(row, "id")) !== row) wrong++;
const result = {
  ...{ rows: scored.length, wrong, megabytes: Math.round((await stat(input)).size / 1e6) },
  ...{ layers: Number(options.layers), dtype: options.dtype, workers: Number(options.workers) },
  ...{ seconds: Math.round(seconds), rowsPerSecond: Math.round(rows / seconds) },
  peakMiB: Math.round(Math.max(first?.peak ?? 0, last.peak)),
  resumed: last.resumed,
};
console.error(`${cpus()[0].model}, ${availableParallelism()} threads, Node ${process.version}`);
console.log(options.json ? JSON.stringify(result) : result);
await rm(place, { recursive: true, force: true });
if (scored.length !== rows || wrong > 0) process.exit(1);
