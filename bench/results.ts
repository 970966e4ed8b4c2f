/**
 * The accuracies of docs/results.md: `npx tsx bench/results.ts TASK [SEED …]` with TASK one of sst2, trec, sms.
 * Reads the data sets from the optional `shared` folder beside the checkout.
 */
import { type Dataset, type ReadOptions, readDataset, TextClassifier, type TrainingOptions } from "../src/index.js";
import { sharedPath } from "../tests/support/shared.js";

interface Task {
  readonly train: () => Promise<{ train: Dataset; test: Dataset }>;
  readonly options: TrainingOptions;
  /** The figure that is published for the task. */
  readonly score: "accuracy" | "f1:spam";
}

const read = (file: string, options: ReadOptions): Promise<Dataset> => {
  const path = sharedPath(`data/${file}`);
  if (path === undefined) throw new Error(`data/${file} is not in the shared folder beside this checkout`);
  return readDataset(path, options);
};

const TREC = {
  format: "lines",
  pattern: "^(?<label>[A-Z]+):\\S+ (?<text>.*)$",
  encoding: "latin1",
  text: "text",
  label: "label",
} as const;

const TASKS: Readonly<Record<string, Task>> = {
  sst2: {
    train: async () => ({
      train: await read("sst2/train.tsv", { text: "sentence", label: "label" }),
      test: await read("sst2/dev.tsv", { text: "sentence", label: "label" }),
    }),
    options: { epochs: 2, learningRate: 1e-4 },
    score: "accuracy",
  },
  trec: {
    train: async () => ({
      train: await read("trec/train_5500.label", TREC),
      test: await read("trec/TREC_10.label", TREC),
    }),
    options: { epochs: 5, learningRate: 1e-4, batchSize: 16 },
    score: "accuracy",
  },
  sms: {
    train: async () =>
      (
        await read("sms-spam/SMSSpamCollection", { header: false, label: 1, text: 2, quote: false, delimiter: "\t" })
      ).split({ test: 0.2, stratify: true, seed: 42 }),
    options: { epochs: 3, learningRate: 1e-4 },
    score: "f1:spam",
  },
};

const [name = "", ...seeds] = process.argv.slice(2);
const task = TASKS[name];
if (task === undefined) throw new Error(`name a task: ${Object.keys(TASKS).join(", ")}`);
const { train, test } = await task.train();
console.log(`${name}: ${train.length} rows to train on, ${test.length} to test on`);
for (const seed of seeds.length === 0 ? [1, 2, 3] : seeds.map(Number)) {
  const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: train.labels, seed });
  const start = performance.now();
  let milliseconds = 0;
  await classifier.fit(train, {
    track: false,
    ...task.options,
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
  const report = await classifier.evaluate(test);
  const score = task.score === "accuracy" ? report.accuracy : report.perClass.find(({ label }) => label === "spam")?.f1;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  console.log(
    `${name} seed ${seed}: ${task.score} ${score?.toFixed(4)} (majority ${report.majorityAccuracy.toFixed(4)}), ${((performance.now() - start) / 1000).toFixed(0)} s, peak ${megabytes.toFixed(0)} MiB`,
  );
  await classifier.close();
}
