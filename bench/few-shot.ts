/**
 * Few examples: the three modes on TREC with as many rows of each class, drawn by the seed.
 *
 *   npx tsx bench/few-shot.ts [--rows 8] [--mode linear] [--seed 1] …
 *
 * Reads the data set from the optional `shared` folder beside the checkout.
 */
import { parseArgs } from "node:util";
import { type FitOptions, type FromPretrainedOptions, readDataset, TextClassifier } from "../src/index.js";
import { TREC } from "./accuracy-tasks.js";
import { benchData } from "./minilm-classifier.js";

const { values } = parseArgs({
  options: {
    rows: { type: "string", multiple: true, default: ["8", "64"] },
    mode: { type: "string", multiple: true, default: ["linear", "contrastive", "full"] },
    seed: { type: "string", multiple: true, default: ["1", "2", "3"] },
  },
});

const MODES: Readonly<Record<string, { readonly opening?: FromPretrainedOptions; readonly options: FitOptions }>> = {
  linear: { opening: { pooling: "mean" }, options: { mode: "linear", linearC: 10 } },
  contrastive: {
    opening: { pooling: "mean" },
    options: { mode: "contrastive", linearC: 10, contrastiveSteps: 60, learningRate: 5e-5 },
  },
  full: { options: { epochs: 20, batchSize: 16, learningRate: 1e-4 } },
};

const read = (file: string) => readDataset(benchData(`trec/${file}`), TREC);
const train = await read("train_5500.label");
const test = await read("TREC_10.label");

for (const rows of values.rows.map(Number)) {
  for (const name of values.mode) {
    const way = MODES[name];
    if (way === undefined) throw new Error(`--mode: expected one of ${Object.keys(MODES).join(", ")}, got ${name}`);
    for (const seed of values.seed.map(Number)) {
      const few = train.balance({ perClass: rows, seed });
      const start = performance.now();
      const opening = { labels: train.labels, seed, ...way.opening };
      const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", opening);
      await classifier.fit(few, { ...way.options, seed });
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      const { accuracy } = await classifier.evaluate(test);
      console.log(
        `trec, ${rows} a class (${few.length}), ${name}, seed ${seed}: ${accuracy.toFixed(4)} in ${seconds} s`,
      );
      await classifier.close();
    }
  }
}
