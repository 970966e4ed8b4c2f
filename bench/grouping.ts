/**
 * The loss of training with batches of texts of like length beside that of batches drawn at random: the means over the
 * same number of steps, the accuracy on the test rows, and the speed.
 *
 *   npx tsx bench/grouping.ts [--task trec] [--rows 8192] [--epochs 1] [--seeds 1,2,3] [--two-layers] [--png FILE] [--json]
 *
 * With --two-layers the model is the embedded one without its upper four layers, which takes a third of the time.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chartSvg, svgToPng } from "../src/data/report/node/render-images.js";
import { TextClassifier } from "../src/index.js";
import { saveTwoLayers } from "../tests/support/two-layers.js";
import { ACCURACY_TASKS } from "./accuracy-tasks.js";

const { values: options } = parseArgs({
  options: {
    task: { type: "string", default: "sst2" },
    rows: { type: "string", default: "8192" },
    epochs: { type: "string" },
    seeds: { type: "string", default: "1,2,3" },
    "two-layers": { type: "boolean", default: false },
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

const task = ACCURACY_TASKS[options.task];
if (task === undefined) throw new Error(`name a task: ${Object.keys(ACCURACY_TASKS).join(", ")}`);
const { train: whole, test } = await task.train();
const train = whole.length > Number(options.rows) ? whole.sample(Number(options.rows), 1) : whole;
const training = { ...task.options, ...(options.epochs === undefined ? {} : { epochs: Number(options.epochs) }) };

async function curve(seed: number, groupByLength: boolean): Promise<Curve> {
  const classifier = await open(seed);
  const { losses, epochs } = await classifier.fit(train, { ...training, track: false, groupByLength, seed });
  const { accuracy } = await classifier.evaluate(test);
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

async function open(seed: number): Promise<TextClassifier> {
  if (!options["two-layers"]) return TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: train.labels, seed });
  const folder = await mkdtemp(join(tmpdir(), "textune grouping "));
  await saveTwoLayers(folder, train.labels.names, seed);
  const classifier = await TextClassifier.fromPretrained(folder);
  await rm(folder, { recursive: true });
  return classifier;
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
      title: { text: `${options.task}, ${train.length} texts: training loss, mean of ${BLOCK} steps`, anchor: "start" },
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
