/**
 * Requests a second of `textune serve` and how long they take, by connections, as a share of what the same model does in
 * a process without a server. Needs the build in dist/. One sentence of SST-2's dev set a request; `mixed` has some reviews among them.
 *
 *   npx tsx bench/serve.ts [--model FOLDER] [--dtype q8] [--connections 1,8,64,256] [--seconds 8] [--texts short,mixed]
 *     [--peers python3] [--json]
 *
 * `--peers PYTHON` measures two servers that take each request by itself with the short texts, too: transformers behind
 * uvicorn, and the exported float32 model in transformers.js behind hono. See bench/peers/README.md.
 * `--seconds 120 --connections 64,64,64,64,64` is a soak of ten minutes: memory and errors are printed too.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import autocannon from "autocannon";
import type { OnnxDtype } from "../src/checkpoints/onnx-files.js";
import { readDataset, TextClassifier } from "../src/index.js";
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

/** Texts a second in batches of 64, by a classifier in this process; the first pass does not count. */
async function openOffline(texts: readonly string[]): Promise<() => Promise<number>> {
  const classifier = await TextClassifier.fromPretrained(folder, dtype);
  const pass = async (): Promise<number> => {
    const began = performance.now();
    await classifier.predict(texts, { batchSize: 64 });
    return (1000 * texts.length) / (performance.now() - began);
  };
  await pass();
  return pass;
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

interface Server {
  readonly command: string;
  readonly args: readonly string[];
  readonly port: number;
  /** Where it says that it is ready, and where texts are sent to. */
  readonly ready: string;
  readonly path: string;
}

/** Starts a server in a process of its own, does `work` once it is ready and warm, and ends it. */
async function withServer(
  { command, args, port, ready, path }: Server,
  work: (url: string, child: ChildProcess) => Promise<void>,
): Promise<void> {
  const child = spawn(command, [...args], { stdio: ["ignore", "ignore", "inherit"] });
  const address = `http://127.0.0.1:${port}`;
  try {
    for (let tries = 0; tries < 120; tries++) {
      if ((await fetch(address + ready).catch(() => undefined))?.ok === true) break;
      await setTimeout(500);
    }
    for (const text of TEXTS.short.slice(0, 64))
      await fetch(address + path, { method: "POST", body: JSON.stringify({ input: text }) });
    await work(address + path, child);
  } finally {
    child.kill();
  }
}

/** The resident memory of a process in MiB; 0 where the system does not say it. */
function memoryOf({ pid }: ChildProcess): number {
  const status = existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, "utf8") : "";
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const everyConnections = options.connections.split(",").map(Number);
console.error(
  `${cpus()[0].model}, ${availableParallelism()} threads, Node ${process.version}, ${trained} ${options.dtype ?? ""}`,
);
for (const name of options.texts.split(",")) {
  const texts = TEXTS[name];
  const offlineRate = await openOffline(texts);
  const asked = options.dtype === undefined ? [] : ["--dtype", options.dtype];
  const args = [here("../dist/cli/main.js"), "serve", `model=${folder}`, "--port", "8100", ...asked];
  const textune = { command: process.execPath, args, port: 8100, ready: "/readyz", path: "/v1/classify" };
  await withServer(textune, async (url, child) => {
    for (const connections of everyConnections) {
      // Before and after, as a machine is not equally fast all the time.
      const rates = [await offlineRate()];
      const measured = await load(url, connections, texts);
      const memoryMiB = memoryOf(child);
      rates.push(await offlineRate());
      const offline = (rates[0] + rates[1]) / 2;
      const share = Number((measured.rate / offline).toFixed(2));
      const row = { texts: name, ...measured, offline: Math.round(offline), share, memoryMiB };
      tell(row, `${share} of ${row.offline} offline, ${memoryMiB} MiB`);
    }
  });
}

if (options.peers !== undefined) {
  const common = { ready: "/", path: "/" };
  const threads = String(availableParallelism());
  const python = [here("peers/serve_transformers.py"), trained, "8101", threads];
  const js = [here("peers/serve-transformers-js.mjs"), await exported(trained, "fp32"), "8102", "fp32"];
  const peers: Readonly<Record<string, Server>> = {
    "transformers behind uvicorn": { ...common, command: options.peers, args: python, port: 8101 },
    "transformers.js behind hono": { ...common, command: process.execPath, args: js, port: 8102 },
  };
  for (const [peer, server] of Object.entries(peers))
    await withServer(server, async (url) => {
      for (const connections of everyConnections)
        tell({ texts: "short", ...(await load(url, connections, TEXTS.short)), peer }, peer);
    });
}
if (options.json) console.log(JSON.stringify(results, undefined, 2));
process.exit(0);
