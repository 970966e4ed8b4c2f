/** Finds how to read a classifier's outputs: a temperature, a threshold, an interval, and rows that are worth a look. */
import {
  atTemperature,
  chooseMetric,
  confidenceInterval,
  findLabelErrors,
  findThreshold,
  fitTemperature,
  readDataset,
  TextClassifier,
} from "textune";

const tickets = await readDataset("examples/data/support-tickets.csv", { text: "text", label: "label" });
const returns = tickets.map(
  ({ label }) => ({ label: label === "returns" ? "returns" : "other" }),
  ["other", "returns"],
);
const { train, validation, test } = returns.split({ validation: 0.3, test: 0.3, stratify: true, seed: 42 });

const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: train.labels });
await classifier.fit(train, { epochs: 1, learningRate: 2e-4, maxLength: 48, classWeights: "balanced" });

// The model runs once for each set; everything else follows from what it puts out.
const seen = await classifier.outputs(validation);
const temperature = fitTemperature(seen);
const [{ threshold, precision, recall }] = findThreshold(atTemperature(seen, temperature), { metric: "f1" });
console.log({ temperature, threshold, precision, recall });
classifier.decide({ temperature, threshold });

const unseen = atTemperature(await classifier.outputs(test), temperature);
const metric = chooseMetric("f1:returns", unseen.family, unseen.labels);
console.log(metric.name, await confidenceInterval(unseen, metric, { threshold }));
for (const { row, label, suggested } of findLabelErrors(unseen).slice(0, 3))
  console.log(`${label}, or rather ${suggested}? ${test.text(row)}`);
