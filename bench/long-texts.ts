/**
 * Long texts: what is read of a film review of 230 words on average by a model that reads 128 tokens.
 *
 *   npx tsx bench/long-texts.ts [--way head] [--rows 1000] [--epochs 2] [--seed 1] …
 *
 * Reads IMDB from the optional `shared` folder beside the checkout: as many rows to train as to test on, drawn by the seed.
 */
import { parseArgs } from "node:util";
import { type FitOptions, readDataset, TextClassifier } from "../src/index.js";
import { sharedPath } from "../tests/support/shared.js";

const WAYS: Readonly<Record<string, FitOptions>> = {
  head: { longTexts: "head" },
  tail: { longTexts: "tail" },
  "head+tail": { longTexts: "head+tail" },
  "windows, mean": { longTexts: "windows", stride: 0 },
  "windows, max": { longTexts: "windows", stride: 0, windowScores: "max" },
};

const { values } = parseArgs({
  options: {
    way: { type: "string", multiple: true, default: Object.keys(WAYS) },
    rows: { type: "string", default: "1000" },
    epochs: { type: "string", default: "2" },
    seed: { type: "string", multiple: true, default: ["1"] },
  },
});

const path = sharedPath("data/imdb/aclImdb_train.tar.gz");
if (path === undefined) throw new Error("data/imdb is not in the shared folder beside this checkout");
const all = await readDataset(path);
const rows = Number(values.rows);

for (const seed of values.seed.map(Number)) {
  const { train, test } = all.sample(2 * rows, seed).split({ test: 0.5, stratify: true, seed });
  if (test === undefined) throw new Error("nothing held out");
  for (const way of values.way) {
    const start = performance.now();
    const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: train.labels, seed });
    await classifier.fit(train, { ...WAYS[way], epochs: Number(values.epochs), learningRate: 1e-4, seed });
    const trained = (performance.now() - start) / 1000;
    const { accuracy, examples } = await classifier.evaluate(test);
    console.log(
      `imdb, ${train.length} rows, ${way}, seed ${seed}: ${accuracy.toFixed(4)} on ${examples} rows, trained in ${trained.toFixed(0)} s`,
    );
    await classifier.close();
  }
}
