/** Five examples of each class: the last layer alone, solved for in seconds, and adapters that fit into a megabyte. */
import { readDataset, TextClassifier } from "textune";

const tickets = await readDataset("examples/data/support-tickets.csv", { text: "text", label: "label" });
const { train, test } = tickets.split({ test: 0.5, stratify: true, seed: 42 });
const few = train.balance({ perClass: 5, seed: 1 });

const linear = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: few.labels, pooling: "mean" });
await linear.fit(few, { mode: "linear" });
console.log("last layer alone:", (await linear.evaluate(test)).accuracy);

const adapted = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: few.labels, pooling: "mean" });
await adapted.fit(few, { lora: true, epochs: 20, batchSize: 8, learningRate: 2e-3, maxLength: 48 });
console.log("with adapters:", (await adapted.evaluate(test)).accuracy);

await linear.close();
await adapted.close();
