/**
 * The steps of a W&B program, without an account: a run that trains, one that evaluates, one that keeps the model.
 * `textune runs list --dir …` shows them afterwards.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readDataset, TextClassifier } from "textune";
import { Artifact, init, logEvaluation, Table, tracker } from "textune/tracking";

const place = await mkdtemp(join(tmpdir(), "textune-track-runs-"));
const config = { maxLength: 32, batchSize: 32, learningRate: 1e-4, epochs: 1, seed: 42 };
const common = { project: "support-tickets", group: "MiniLM", dir: join(place, "runs") };

const tickets = await readDataset("examples/data/support-tickets.csv", { text: "text", label: "label" });
const { train, validation } = tickets.head(120).split({ validation: 0.2, stratify: true, seed: config.seed });
const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: train.labels });

// The metrics of training, by a callback.
const training = await init({ ...common, jobType: "train", config });
training.log({
  data: new Table({ columns: ["text", "label"], data: [...train.head(5)].map(({ text, label }) => [text, label]) }),
});
await classifier.fit(train, { ...config, validation, callbacks: [tracker(training)] });
await training.finish();

// The scores of an evaluation.
const evaluating = await init({ ...common, jobType: "evaluate", config });
logEvaluation(evaluating, "test", await classifier.evaluate(validation));
await evaluating.finish();

// The model, in versions.
const saving = await init({ ...common, jobType: "save", config });
await classifier.save(join(place, "model"));
const artifact = new Artifact({ name: "MiniLM", type: "model", metadata: config });
await artifact.addDir(join(place, "model"));
const { version, bytes } = await saving.logArtifact(artifact, { aliases: ["best"] });
await saving.finish();
await classifier.close();

console.log(`${training.name}: best macro F1 ${Number(training.summary["best/macroF1"]).toFixed(3)}`);
console.log(`${artifact.name}:${version}, ${(bytes / 1e6).toFixed(1)} MB`);
await rm(place, { recursive: true });
