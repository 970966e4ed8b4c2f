/**
 * Requests a second of `textune serve` and how long they take, by connections, as a share of what the same model does in
 * this process without a server. One sentence of SST-2's dev set a request; `mixed` has some reviews among them.
 *
 *   npx tsx bench/serve.ts [--model FOLDER] [--dtype q8] [--connections 1,8,64,256] [--seconds 8] [--texts short,mixed]
 *     [--peers python3] [--json]
 *
 * `--peers PYTHON` measures two servers that take each request by itself with the short texts, too: transformers behind
 * uvicorn, and the exported float32 model in transformers.js behind hono. See bench/peers/README.md.
 * `--seconds 600 --connections 64` is a soak: memory and errors are printed too.
 */
import { spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import autocannon from "autocannon";
import { pino } from "pino";
import type { OnnxDtype } from "../src/checkpoints/onnx-files.js";
import { readDataset, TextClassifier } from "../src/index.js";
import { startServer } from "../src/serving/node/server.js";
import { median } from "./median.js";
import { benchData, saveMiniLmClassifier } from "./minilm-classifier.js";

const { values: options } = parseArgs({
  options: {
    model: { type: "string" },
    dtype: { type: "string" },
    connections: { type: "string", default: "1,8,64,256" },
    seconds: { type: "string", default: "8" },
    texts: { type: "string", default: "short,mixed" },
    peers: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

/** Every so many texts of `mixed` is a long one: eight sentences. */
const LONG_EVERY = 10;

/** The classifier in FOLDER as ONNX models. */
async function exported(folder: string, dtype: OnnxDtype): Promise<string> {
  const target = join(await mkdtemp(join(tmpdir(), "textune-bench-")), "exported");
  const classifier = await TextClassifier.fromPretrained(folder);
  await classifier.export(target, { dtype });
  await classifier.close();
  return target;
}

const trained = options.model ?? (await saveMiniLmClassifier());
const folder = options.dtype === undefined ? trained : await exported(trained, options.dtype as OnnxDtype);
const dtype = options.dtype === undefined ? {} : { dtype: options.dtype as OnnxDtype };
const dev = await readDataset(benchData("sst2/dev.tsv"), { text: "sentence", label: "label" });
const short = Array.from({ length: 512 }, (_, row) => dev.text(row));
const mixed = short.map((text, i) => (i % LONG_EVERY === 0 ? short.slice(i, i + 8).join(" ") : text));
const TEXTS: Readonly<Record<string, readonly string[]>> = { short, mixed };

/** Texts a second in batches of 32 to 64, the median of three passes after one that does not count. */
async function offlineRate(texts: readonly string[]): Promise<number> {
  const classifier = await TextClassifier.fromPretrained(folder, dtype);
  const rates: number[] = [];
  for (let pass = 0; pass < 4; pass++) {
    const began = performance.now();
    await classifier.predict(texts, { batchSize: 64 });
    if (pass > 0) rates.push((1000 * texts.length) / (performance.now() - began));
  }
  await classifier.close();
  return median(rates);
}

/** Requests a second and their times, from so many connections. */
async function load(url: string, connections: number, texts: readonly string[]) {
  const measured = await autocannon({
    url,
    connections,
    duration: Number(options.seconds),
    timeout: 60,
    requests: texts.map((input) => ({ method: "POST" as const, body: JSON.stringify({ input }) })),
  });
  const { p50, p97_5, p99 } = measured.latency;
  const failed = measured.errors + measured.timeouts + measured.non2xx;
  return { connections, rate: Math.round(measured.requests.average), p50, p975: p97_5, p99, failed };
}

const results: (Awaited<ReturnType<typeof load>> & Readonly<Record<string, string | number>>)[] = [];
function tell(row: (typeof results)[number], more: string): void {
  results.push(row);
  if (options.json) return;
  const { texts, connections, rate, p50, p975, p99, failed } = row;
  console.log(
    `${String(texts).padEnd(6)} ${String(connections).padStart(4)} connections: ${rate} requests/s, ${more}; ` +
      `p50 ${p50} ms, p97.5 ${p975} ms, p99 ${p99} ms; ${failed} failed`,
  );
}

/** Starts the server of a peer, measures it, and ends it. */
async function loadPeer(name: string, command: string, args: readonly string[], port: number): Promise<void> {
  const child = spawn(command, [...args], { stdio: ["ignore", "ignore", "inherit"] });
  const url = `http://127.0.0.1:${port}/`;
  try {
    for (let tries = 0; tries < 120; tries++) {
      if ((await fetch(url).catch(() => undefined))?.ok === true) break;
      await setTimeout(500);
    }
    await load(url, 1, TEXTS.short.slice(0, 64));
    for (const connections of options.connections.split(",").map(Number))
      tell({ texts: "short", ...(await load(url, connections, TEXTS.short)), peer: name }, name);
  } finally {
    child.kill();
  }
}

console.error(
  `${cpus()[0].model}, ${availableParallelism()} threads, Node ${process.version}, ${trained} ${options.dtype ?? ""}`,
);
for (const name of options.texts.split(",")) {
  const texts = TEXTS[name];
  const offline = await offlineRate(texts);
  const server = await startServer([`model=${folder}`], { port: 0, ...dtype }, pino({ level: "silent" }));
  for (const connections of options.connections.split(",").map(Number)) {
    const measured = await load(`${server.address}/v1/classify`, connections, texts);
    const share = Number((measured.rate / offline).toFixed(2));
    const memoryMiB = Math.round(process.memoryUsage.rss() / 2 ** 20);
    const row = { texts: name, ...measured, offline: Math.round(offline), share, memoryMiB };
    tell(row, `${share} of ${row.offline} offline, ${memoryMiB} MiB`);
  }
  await server.close();
}
if (options.peers !== undefined) {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const threads = String(availableParallelism());
  const python = [here("peers/serve_transformers.py"), trained, "8101", threads];
  await loadPeer("transformers behind uvicorn", options.peers, python, 8101);
  const js = [here("peers/serve-transformers-js.mjs"), await exported(trained, "fp32"), "8102", "fp32"];
  await loadPeer("transformers.js behind hono", process.execPath, js, 8102);
}
if (options.json) console.log(JSON.stringify(results, undefined, 2));
process.exit(0);
