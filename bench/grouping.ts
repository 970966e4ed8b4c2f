/**
 * The loss of training with batches of texts of like length beside that of batches drawn at random, on SST-2: the means
 * over the same number of steps, the accuracy on dev, and the speed.
 *
 *   npx tsx bench/grouping.ts [--rows 8192] [--seeds 1,2] [--png FILE] [--json]
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { chartSvg, svgToPng } from "../src/data/report/node/render-images.js";
import { readDataset, TextClassifier } from "../src/index.js";
import { benchData } from "./minilm-classifier.js";

const { values: options } = parseArgs({
  options: {
    rows: { type: "string", default: "8192" },
    seeds: { type: "string", default: "1,2" },
    png: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const BLOCK = 16;

interface Curve {
  readonly batches: "of like length" | "at random";
  readonly seed: number;
  /** Mean loss of each run of steps. */
  readonly losses: readonly number[];
  readonly accuracy: number;
  readonly examplesPerSecond: number;
}

const columns = { text: "sentence", label: "label" };
const train = (await readDataset(benchData("sst2/train.tsv"), columns)).sample(Number(options.rows), 1);
const dev = await readDataset(benchData("sst2/dev.tsv"), columns);

async function curve(seed: number, groupByLength: boolean): Promise<Curve> {
  const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: train.labels, seed });
  const { losses, epochs } = await classifier.fit(train, {
    track: false,
    epochs: 1,
    learningRate: 1e-4,
    groupByLength,
    seed,
  });
  const { accuracy } = await classifier.evaluate(dev);
  await classifier.close();
  const blocks = Array.from({ length: Math.ceil(losses.length / BLOCK) }, (_, block) =>
    mean(losses.slice(block * BLOCK, (block + 1) * BLOCK)),
  );
  const result: Curve = {
    batches: groupByLength ? "of like length" : "at random",
    seed,
    losses: blocks,
    accuracy,
    examplesPerSecond: epochs[0].examplesPerSecond,
  };
  console.error(
    `seed ${seed}, batches ${result.batches}: accuracy ${accuracy.toFixed(4)}, ${result.examplesPerSecond.toFixed(1)} examples/s`,
  );
  return result;
}

const curves: Curve[] = [];
for (const seed of options.seeds.split(",").map(Number))
  for (const groupByLength of [true, false]) curves.push(await curve(seed, groupByLength));

if (options.png !== undefined) {
  const values = curves.flatMap(({ batches, seed, losses }) =>
    losses.map((loss, block) => ({ batches, seed: String(seed), loss, step: (block + 1) * BLOCK })),
  );
  const svg = await chartSvg({
    name: "grouping",
    title: "Training loss, batches of like length and at random",
    spec: {
      width: 620,
      height: 300,
      title: { text: `SST-2, ${train.length} sentences: training loss, mean of ${BLOCK} steps`, anchor: "start" },
      data: { values },
      mark: { type: "line", strokeWidth: 2 },
      encoding: {
        x: { field: "step", type: "quantitative" },
        y: { field: "loss", type: "quantitative", scale: { zero: false } },
        color: { field: "batches", type: "nominal", scale: { range: ["#0072b2", "#e69f00"] } },
        strokeDash: { field: "seed", type: "nominal" },
      },
    },
  });
  await writeFile(options.png, await svgToPng(svg));
}
if (options.json) {
  console.log(JSON.stringify(curves));
} else {
  const blocks = curves[0].losses.keys();
  console.table(
    [...blocks].map((block) => ({
      "after step": (block + 1) * BLOCK,
      ...Object.fromEntries(
        curves.map(({ batches, seed, losses }) => [`${batches}, seed ${seed}`, losses[block].toFixed(3)]),
      ),
    })),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
