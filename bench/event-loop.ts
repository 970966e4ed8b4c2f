/**
 * How long a server waits for its answer while its process trains, predicts and evaluates: in the calling thread and with
 * `worker: true`. Another process asks it, one request after the other.
 *
 *   npx tsx bench/event-loop.ts [--rows 640] [--json]
 */
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { readDataset, TextClassifier } from "../src/index.js";
import { benchData } from "./minilm-classifier.js";

const { values: options } = parseArgs({
  options: { rows: { type: "string", default: "640" }, json: { type: "boolean", default: false } },
});

const server = createServer((_, response) => void response.end("here")).listen(0);
await new Promise((resolve) => server.once("listening", resolve));
const client = spawn(
  process.execPath,
  [
    "--input-type=module",
    "--eval",
    `for (;;) {
       const start = performance.now();
       await (await fetch("http://127.0.0.1:${(server.address() as AddressInfo).port}", { headers: { connection: "close" } })).text();
       process.stdout.write(\`\${(performance.now() - start).toFixed(2)}\\n\`);
       await new Promise((resolve) => setTimeout(resolve, 5));
     }`,
  ],
  { stdio: ["ignore", "pipe", "inherit"] },
);
let waits: number[] = [];
client.stdout.on("data", (chunk: Buffer) => waits.push(...String(chunk).trim().split("\n").map(Number)));
// An answer that is under way when the work begins belongs to what was before.
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500));

const rows: Record<string, unknown>[] = [];
async function measure(work: string, worker: boolean, run: () => Promise<unknown>): Promise<void> {
  await pause();
  waits = [];
  const start = performance.now();
  await run();
  const seconds = (performance.now() - start) / 1000;
  await pause();
  const sorted = waits.sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  rows.push({
    work,
    thread: worker ? "its own" : "the server's",
    seconds: Number(seconds.toFixed(1)),
    answers: sorted.length,
    "median ms": Math.round(at(0.5)),
    "p99 ms": Math.round(at(0.99)),
    "worst ms": Math.round(at(1)),
  });
}

const columns = { text: "sentence", label: "label" };
const train = (await readDataset(benchData("sst2/train.tsv"), columns)).sample(Number(options.rows));
const texts = [...train].map(({ text }) => text);
for (const worker of [false, true]) {
  await using classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: train.labels });
  await measure("train", worker, () => classifier.fit(train, { track: false, epochs: 1, worker }));
  await measure("predict", worker, () => classifier.predict(texts, { worker }));
  await measure("evaluate", worker, () => classifier.evaluate(train, { worker }));
}
client.kill();
server.close();
if (options.json) console.log(JSON.stringify(rows));
else console.table(rows);
