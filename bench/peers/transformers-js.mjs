/**
 * Prediction by transformers.js: `node transformers-js.mjs FOLDER TEXTS.json THREADS`, a worker of bench/predict.ts.
 * Each line on standard input asks for one pass over the texts.
 */
import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { createInterface } from "node:readline";
import { env, pipeline } from "@huggingface/transformers";

// Its onnxruntime would send usage data, and be measured doing so.
process.env.ORT_DISABLE_TELEMETRY ??= "1";
const [folder, textsPath, threads] = process.argv.slice(2);
env.allowRemoteModels = false;
env.localModelPath = dirname(resolve(folder));
const session_options = { intraOpNumThreads: Number(threads), interOpNumThreads: 1 };
const classify = await pipeline("text-classification", basename(folder), { dtype: "fp32", session_options });
const texts = JSON.parse(readFileSync(textsPath, "utf8"));

console.log(JSON.stringify({ ready: true }));
for await (const line of createInterface({ input: process.stdin })) {
  const { batch, byLength } = JSON.parse(line);
  const start = performance.now();
  const processor = process.cpuUsage();
  const order = texts.map((_, row) => row);
  if (byLength) order.sort((a, b) => texts[a].length - texts[b].length);
  const scores = [];
  for (let at = 0; at < order.length; at += batch) {
    const rows = order.slice(at, at + batch);
    const results = await classify(
      rows.map((row) => texts[row]),
      { top_k: null },
    );
    for (const [i, row] of rows.entries()) scores[row] = results[i];
  }
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(processor);
  const processorSeconds = (user + system) / 1e6;
  const logProbabilities = scores.map((classes) =>
    classes.toSorted((a, b) => (a.label < b.label ? -1 : 1)).map(({ score }) => Math.log(score)),
  );
  console.log(
    JSON.stringify({
      seconds,
      processorSeconds,
      logProbabilities,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    }),
  );
}
