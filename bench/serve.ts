/**
 * Requests a second of `textune serve` and how long they take, by connections, as a share of what the same model does in
 * this process without a server. One sentence of SST-2's dev set a request; `mixed` has some reviews among them.
 *
 *   npx tsx bench/serve.ts [--model FOLDER] [--dtype q8] [--connections 1,8,64,256] [--seconds 8] [--texts short,mixed] [--json]
 *
 * `--seconds 600 --connections 64` is a soak: memory and errors are printed too.
 */
import { availableParallelism, cpus } from "node:os";
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
    json: { type: "boolean", default: false },
  },
});

/** Every so many texts of `mixed` is a long one: eight sentences. */
const LONG_EVERY = 10;

const folder = options.model ?? (await saveMiniLmClassifier());
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

const results = [];
console.error(
  `${cpus()[0].model}, ${availableParallelism()} threads, Node ${process.version}, ${folder} ${options.dtype ?? ""}`,
);
for (const name of options.texts.split(",")) {
  const texts = TEXTS[name];
  const offline = await offlineRate(texts);
  const server = await startServer([`model=${folder}`], { port: 0, ...dtype }, pino({ level: "silent" }));
  for (const connections of options.connections.split(",").map(Number)) {
    const measured = await autocannon({
      url: `${server.address}/v1/classify`,
      connections,
      duration: Number(options.seconds),
      timeout: 60,
      requests: texts.map((input) => ({ method: "POST" as const, body: JSON.stringify({ input }) })),
    });
    const rate = measured.requests.average;
    const row = {
      texts: name,
      connections,
      offline: Math.round(offline),
      rate: Math.round(rate),
      share: Number((rate / offline).toFixed(2)),
      p50: measured.latency.p50,
      p975: measured.latency.p97_5,
      p99: measured.latency.p99,
      failed: measured.errors + measured.timeouts + measured.non2xx,
      memoryMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
    };
    results.push(row);
    if (!options.json)
      console.log(
        `${name.padEnd(6)} ${String(connections).padStart(4)} connections: ${row.rate} requests/s, ${row.share} of ${row.offline} offline; ` +
          `p50 ${row.p50} ms, p97.5 ${row.p975} ms, p99 ${row.p99} ms; ${row.failed} failed; ${row.memoryMiB} MiB`,
      );
  }
  await server.close();
}
if (options.json) console.log(JSON.stringify(results, undefined, 2));
process.exit(0);
