/** Fine-tunes the model that comes with Textune, evaluates, classifies, saves, and opens what was saved. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatReport, readDataset, TextClassifier } from "textune";

const tickets = await readDataset("examples/data/support-tickets.csv", { text: "text", label: "label" });
const { train, validation, test } = tickets.split({ validation: 0.1, test: 0.2, stratify: true, seed: 42 });

const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: train.labels });
await classifier.fit(train, { validation, epochs: 3, batchSize: 32, learningRate: 1e-4 });

console.log(formatReport(await classifier.evaluate(test)));
console.log(await classifier.predict("I was charged twice for the same order."));

const folder = join(await mkdtemp(join(tmpdir(), "textune-")), "my-classifier");
await classifier.save(folder);
const saved = await TextClassifier.fromPretrained(folder);
console.log(
  (await saved.predict(["Where is my parcel?", "Does the lamp come with a bulb?"])).map(({ label }) => label),
);
await rm(join(folder, ".."), { recursive: true });
