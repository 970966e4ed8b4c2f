/**
 * Memory over a thousand steps whose texts have another length each: it must not grow, and the peak is to be what was
 * predicted from the graph.
 *
 *   npx tsx bench/memory.ts [--size L2/H128] [--steps 1000] [--batch 32] [--longest 128] [--gradient-checkpointing] [--json]
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { createRandom } from "../src/base/random.js";
import { createRandomClassifier } from "./random-classifier.js";
import { configOf, SIZES } from "./random-configs.js";

const { values: options } = parseArgs({
  options: {
    size: { type: "string", default: "L2/H128" },
    steps: { type: "string", default: "1000" },
    batch: { type: "string", default: "32" },
    longest: { type: "string", default: "128" },
    "gradient-checkpointing": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const size = SIZES[options.size];
if (size === undefined)
  throw new Error(`--size: expected one of ${Object.keys(SIZES).join(", ")}, got ${options.size}`);

const MIB = 2 ** 20;
const steps = Number(options.steps);
const classifier = await createRandomClassifier(configOf("bert", size, 0.1), {
  threads: availableParallelism(),
  gradientCheckpointing: options["gradient-checkpointing"],
});
const random = createRandom(2);
const resident: { step: number; mebibytes: number }[] = [];
for (let step = 0; step < steps; step++) {
  const tokens = 4 + random.integer(Number(options.longest) - 3);
  await classifier.trainer.step(classifier.batch(Number(options.batch), tokens), step, 1e-5);
  if ((step + 1) % Math.ceil(steps / 10) === 0)
    resident.push({ step: step + 1, mebibytes: Math.round(process.memoryUsage.rss() / MIB) });
}
const [largest] = classifier
  .batch(Number(options.batch), Number(options.longest))
  .sort((a, b) => b.size * b.tokens - a.size * a.tokens);
const predicted = classifier.estimate({ B: largest?.size ?? 0, T: largest?.tokens ?? 0 });
const predictedMebibytes = Math.round(predicted.peak / MIB);
const peakMebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
await classifier.predictor.close();
await classifier.trainer.close();

if (options.json) {
  console.log(JSON.stringify({ size: options.size, resident, peakMebibytes, predictedMebibytes }));
} else {
  console.table(resident.map(({ step, mebibytes }) => ({ "after step": step, "resident MiB": mebibytes })));
  console.log(`peak ${peakMebibytes} MiB, predicted ${predictedMebibytes} MiB`);
}
