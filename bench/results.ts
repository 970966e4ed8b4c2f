/**
 * The accuracies of docs/results.md: `npx tsx bench/results.ts TASK [SEED …] [--epochs N]` with TASK one of sst2, trec,
 * sms, cola, banking77, and fewer or more epochs than it has in accuracy-tasks.ts.
 * Reads the data sets from the optional `shared` folder beside the checkout.
 */
import { parseArgs } from "node:util";
import { chooseMetric, TextClassifier } from "../src/index.js";
import { ACCURACY_TASKS } from "./accuracy-tasks.js";

const { values, positionals } = parseArgs({ options: { epochs: { type: "string" } }, allowPositionals: true });
const [name = "", ...seeds] = positionals;
const task = ACCURACY_TASKS[name];
if (task === undefined) throw new Error(`name a task: ${Object.keys(ACCURACY_TASKS).join(", ")}`);
const { train, test } = await task.train();
console.log(`${name}: ${train.length} rows to train on, ${test.length} to test on`);
for (const seed of seeds.length === 0 ? [1, 2, 3] : seeds.map(Number)) {
  const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: train.labels, seed });
  const start = performance.now();
  let milliseconds = 0;
  await classifier.fit(train, {
    track: false,
    ...task.options,
    ...(values.epochs === undefined ? {} : { epochs: Number(values.epochs) }),
    seed,
    callbacks: [
      {
        onStep(event) {
          milliseconds += event.milliseconds;
          if (event.step % 100 === 0 || event.step === event.steps) {
            console.log(
              `  seed ${seed} step ${event.step}/${event.steps} loss ${event.loss.toFixed(4)} ${((event.step * (task.options.batchSize ?? 32) * 1000) / milliseconds).toFixed(1)} examples/s`,
            );
          }
        },
      },
    ],
  });
  const report = await classifier.evaluate(test, { metrics: [task.score] });
  const score = chooseMetric(task.score, "single-label", classifier.labels).read(report);
  const megabytes = process.resourceUsage().maxRSS / 1024;
  console.log(
    `${name} seed ${seed}: ${task.score} ${score.toFixed(4)} (majority ${report.majorityAccuracy.toFixed(4)}), ${((performance.now() - start) / 1000).toFixed(0)} s, peak ${megabytes.toFixed(0)} MiB`,
  );
  await classifier.close();
}
