/**
 * One measurement of bench/natural.ts in a process of its own, so that its peak memory is its own: `natural-worker.ts
 * TEXTS.tsv MAX_LENGTH BATCH THREADS`. Trains all-MiniLM-L6-v2 for an epoch with the defaults of `fit`; prints one JSON
 * object.
 */
import { readDataset, TextClassifier } from "../src/index.js";

/** Steps left out of the rate of steps: the first ones make buffers, as torch_natural.py does with them too. */
const WARM_UP = 2;

const [path, maxLength, batchSize, threads] = process.argv.slice(2);
const train = await readDataset(path, { text: "text", label: "label", quote: false });
const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: train.labels });
const sums = { examples: 0, seconds: 0 };
const start = performance.now();
await classifier.fit(train, {
  track: false,
  epochs: 1,
  maxLength: Number(maxLength),
  batchSize: Number(batchSize),
  threads: Number(threads),
  callbacks: [
    {
      onStep({ step, steps, examples, milliseconds }) {
        if (step <= WARM_UP && steps > WARM_UP) return;
        sums.examples += examples;
        sums.seconds += milliseconds / 1000;
      },
    },
  ],
});
const fitSeconds = (performance.now() - start) / 1000;
console.log(
  JSON.stringify({
    examplesPerSecond: sums.examples / sums.seconds,
    wholeExamplesPerSecond: train.length / fitSeconds,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
await classifier.close();
