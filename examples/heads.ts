/** Heads of one's own: those of the documents that show how BERT classifies text with Keras, each trained for a moment. */
import { readDataset, TextClassifier } from "textune";
import { dense, dropout, firstToken, maxOverTokens } from "textune/nn";

const tickets = await readDataset("examples/data/support-tickets.csv", { text: "text", label: "label" });
const some = tickets.sample(240, 1);
const three = some
  .filter(({ label }) => label !== "product" && label !== "account")
  .relabel({
    billing: "billing",
    delivery: "delivery",
    returns: "returns",
  });
const two = some.map(({ label }) => ({ label: label === "billing" ? "billing" : "other" }));
const options = { epochs: 1, batchSize: 16, learningRate: 2e-4, maxLength: 32 } as const;

// The plain head: the pooler's output and one dense layer, as transformers' sequence classifier has it.
const plain = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: two.labels });
await plain.fit(two, options);
console.log("plain head, two classes:", (await plain.evaluate(two)).accuracy.toFixed(3));
await plain.close();

// [CLS], a dense layer of 128, dropout, three classes.
const functional = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", {
  labels: three.labels,
  head: ({ sequence, outputs }) => {
    const x = dense(128, { activation: "relu" })(firstToken(sequence)); // [B, 128]
    return dense(outputs)(dropout(0.2)(x)); // [B, 3]
  },
});
await functional.fit(three, options);
console.log("[CLS], dense and dropout, three classes:", (await functional.evaluate(three)).accuracy.toFixed(3));
await functional.close();

// Texts of any length: the largest of each feature over the tokens, padding left out by the attention mask.
const pooled = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", {
  labels: two.labels,
  head: ({ sequence, attentionMask, outputs }) => dense(outputs)(maxOverTokens(sequence, attentionMask)),
});
await pooled.fit(two, options);
console.log("maximum over the tokens:", (await pooled.evaluate(two)).accuracy.toFixed(3));
await pooled.close();

// One unit with a sigmoid over the pooler's output, trained by binary cross-entropy.
const unit = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", {
  labels: two.labels,
  problemType: "binary_classification",
});
await unit.fit(two, { ...options, loss: "binary_crossentropy" });
const { label, probability } = await unit.predict("I was charged twice for the same order.");
console.log("one sigmoid unit:", label, probability.toFixed(3));
await unit.close();

// The same behind a dropout of one half.
const dropped = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", {
  labels: two.labels,
  problemType: "binary_classification",
  pooling: "pooler",
  headDropout: 0.5,
});
await dropped.fit(two, options);
console.log("a dropout of 0.5:", (await dropped.evaluate(two)).accuracy.toFixed(3));
await dropped.close();
