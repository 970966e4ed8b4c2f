/**
 * A tracked fine-tuning from the first look at the data to a sweep: the steps of a well-known program for BERT, TensorFlow
 * and Weights & Biases, without an account. `textune runs list --dir …` shows the runs afterwards.
 *
 *   npx tsx examples/track-runs.ts [FILE]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipelineOf, readDataset, reportDataset, TextClassifier } from "textune";
import { Artifact, agent, init, logEvaluation, logOutputs, sweep, Table, tracker } from "textune/tracking";

const place = await mkdtemp(join(tmpdir(), "textune-track-runs-"));
const dir = join(place, "runs");

// 1. The data: two classes, one of them rare. (The argument may name SMS Spam's SMSSpamCollection.)
const file = process.argv[2];
const whole =
  file === undefined
    ? (await readDataset("examples/data/support-tickets.csv")).map(({ label }) => ({
        label: label === "product" ? "product" : "other",
      }))
    : await readDataset(file);
whole.labels.names.forEach((name, id) => {
  console.log(name, whole.labels.counts[id]);
});
for (const { unit, all } of (await reportDataset(whole)).lengths)
  console.log(`average ${unit} ${all.mean.toFixed(0)}, at most ${all.maximum}`);

// 2. A small stratified part to train on and one to validate: both keep the mix of classes.
const { train, validation } = whole.split({ train: 160, validation: 80, stratify: true, seed: 42 });
console.log(`${train.length} rows to train on, ${validation.length} to validate`);

// 3. All parameters in one place.
const config = {
  maxLength: 32,
  batchSize: 32,
  learningRate: 5e-4,
  epochs: 2,
  optim: "adam",
  weightDecay: 0,
  dropout: 0.1,
} as const;
const modelName = "all-MiniLM-L6-v2";

// 4. The input pipeline. `fit` makes its own of a data set; this one shows what goes in.
const batches = pipelineOf(train)
  .map((row) => ({ text: row.text, label: train.labelId(row.index) }))
  .shuffle(1000, { seed: 42 })
  .batch(config.batchSize, { dropRemainder: true })
  .prefetch(2);
console.log(JSON.stringify(await batches.elementSpec()));

// 5. The pre-trained model with a new head, trained as a whole and tracked by a callback.
const open = () =>
  TextClassifier.fromPretrained(modelName, {
    labels: train.labels,
    // One output and a sigmoid, learned by binary cross-entropy.
    problemType: "binary_classification",
    seed: 42,
  });
const classifier = await open();
const common = { project: "Finetune-BERT-Text-Classification", group: modelName, dir };
const training = await init({ ...common, jobType: "train", config: { ...config, modelName } });
training.log({
  samples: new Table({ columns: ["text", "label"], data: [...train.head(3)].map(({ text, label }) => [text, label]) }),
});
await classifier.fit(train, { ...config, validation, callbacks: [tracker(training)] });
await training.finish();
console.log(`${training.name}: validation loss ${Number(training.summary["best/loss"]).toFixed(3)}`);

// 6. A run for the evaluation: its numbers, its curves, and the rows it is most wrong about.
const evaluating = await init({ ...common, jobType: "evaluate", config });
const report = await classifier.evaluate(validation, { metrics: ["accuracy", "precisionAtRecall@0.5"] });
logEvaluation(evaluating, "validation", report);
logOutputs(evaluating, "validation", await classifier.outputs(validation), (row) => validation.text(row));
await evaluating.finish();
console.log(`accuracy ${report.accuracy.toFixed(3)}`);

// 7. A run that keeps the model, in versions.
await classifier.save(join(place, modelName));
const saving = await init({ ...common, jobType: "save", config });
const artifact = new Artifact({ name: modelName, type: "model", metadata: config });
await artifact.addDir(join(place, modelName));
const { version, bytes } = await saving.logArtifact(artifact, { aliases: ["best"] });
await saving.finish();
await classifier.close();
console.log(`${artifact.name}:${version}, ${(bytes / 1e6).toFixed(1)} MB`);

// 8. A sweep, in W&B's words: every trial a run of its group.
const id = await sweep(
  {
    name: "rates",
    method: "bayes",
    metric: { name: "val_loss", goal: "minimize" },
    parameters: {
      learningRate: { distribution: "log_uniform_values", min: 1e-5, max: 1e-3 },
      batchSize: { values: [16, 32] },
    },
    early_terminate: { type: "hyperband", min_iter: 1 },
    run_cap: 3,
  },
  { project: common.project, dir },
);
const trials = await agent(
  id,
  async ({ config: parameters, signal }) => {
    const run = await init({ config });
    const fresh = await open();
    await fresh.fit(train, { ...config, ...parameters, epochs: 1, validation, signal, callbacks: [tracker(run)] });
    await run.finish();
    await fresh.close();
  },
  { dir },
);
for (const { number, state, value, setting, error } of trials)
  console.log(`trial ${number} ${state}${error}: loss ${value?.toFixed(3)}, ${JSON.stringify(setting)}`);
await rm(place, { recursive: true });
