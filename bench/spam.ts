/**
 * A rare class: SMS spam, 13 % of the messages, with and without class weights, at the usual and at a tuned threshold.
 *
 *   npx tsx bench/spam.ts [--weights balanced] [--weights none] [--epochs 3] [--seed 1] …
 *
 * Reads the data set from the optional `shared` folder beside the checkout: 60 % of the messages to train on, 20 % to find
 * the threshold on, 20 % to test on, each with as much spam.
 */
import { parseArgs } from "node:util";
import { atTemperature, chooseMetric, findThreshold, readDataset, TextClassifier } from "../src/index.js";
import { sharedPath } from "../tests/support/shared.js";

const { values } = parseArgs({
  options: {
    weights: { type: "string", multiple: true, default: ["none", "balanced"] },
    epochs: { type: "string", default: "3" },
    seed: { type: "string", multiple: true, default: ["1"] },
  },
});

const path = sharedPath("data/sms-spam/SMSSpamCollection");
if (path === undefined) throw new Error("data/sms-spam is not in the shared folder beside this checkout");
const all = await readDataset(path, { header: false, label: 1, text: 2, quote: false, delimiter: "\t" });
const { train, validation, test } = all.split({ validation: 0.2, test: 0.2, stratify: true, seed: 42 });
if (validation === undefined || test === undefined) throw new Error("nothing held out");

for (const seed of values.seed.map(Number)) {
  for (const weights of values.weights) {
    const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: train.labels, seed });
    const epochs = Number(values.epochs);
    const classWeights = weights === "balanced" ? weights : undefined;
    await classifier.fit(train, { epochs, learningRate: 1e-4, classWeights, seed });
    const seen = atTemperature(await classifier.outputs(validation), 1);
    const [{ threshold }] = findThreshold(seen, { metric: "f1" });
    const f1 = chooseMetric("f1:spam", "single-label", classifier.labels);
    const usual = f1.read(await classifier.evaluate(test));
    classifier.decide({ threshold });
    const tuned = f1.read(await classifier.evaluate(test));
    console.log(
      `sms-spam, class weights ${weights}, seed ${seed}: F1 of spam ${usual.toFixed(4)}, at the threshold ${Number(threshold).toFixed(3)} ${tuned.toFixed(4)}, ${test.length} rows`,
    );
    await classifier.close();
  }
}
