/**
 * Prediction by Textune: `predict-worker.ts FOLDER TEXTS.json THREADS`, a worker of bench/predict.ts. Each line on
 * standard input asks for one pass over the texts.
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { TextClassifier } from "../src/index.js";
import type { PassRequest } from "./pass-worker.js";

const [folder, textsPath, threads] = process.argv.slice(2);
const classifier = await TextClassifier.fromPretrained(folder, { threads: Number(threads) });
const texts = JSON.parse(readFileSync(textsPath, "utf8")) as string[];
const labels = [...classifier.labels].sort();

console.log(JSON.stringify({ ready: true }));
for await (const line of createInterface({ input: process.stdin })) {
  const { batch } = JSON.parse(line) as PassRequest;
  const start = performance.now();
  const processor = process.cpuUsage();
  // Batches of one are single calls, as a server makes them.
  const predictions =
    batch === 1
      ? await oneByOne((text) => classifier.predict(text))
      : await classifier.predict(texts, { batchSize: batch });
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(processor);
  const processorSeconds = (user + system) / 1e6;
  const logProbabilities = predictions.map(({ scores }) => labels.map((label) => Math.log(scores[label])));
  console.log(
    JSON.stringify({
      seconds,
      processorSeconds,
      logProbabilities,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    }),
  );
}
await classifier.close();

async function oneByOne<T>(classify: (text: string) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (const text of texts) results.push(await classify(text));
  return results;
}
