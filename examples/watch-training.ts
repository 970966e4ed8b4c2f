/** Follows a training step by step, and ends it early through an AbortSignal. */
import { readDataset, TextClassifier } from "textune";

const tickets = await readDataset("examples/data/support-tickets.csv", { text: "text", label: "label" });
const { train, validation } = tickets.split({ validation: 0.2, stratify: true, seed: 7 });
const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: train.labels });

const stop = new AbortController();
const history = await classifier.fit(train, {
  validation,
  epochs: 10,
  learningRate: 1e-4,
  signal: stop.signal,
  callbacks: [
    {
      onStep: ({ step, steps, loss, learningRate }) => {
        if (step % 10 === 0)
          console.log(
            `step ${step} of ${steps}: loss ${loss.toFixed(3)}, learning rate ${learningRate.toExponential(1)}`,
          );
      },
      onEpochEnd: ({ epoch, validationMetrics }) => {
        console.log(
          `epoch ${epoch}: validation accuracy ${validationMetrics?.accuracy.toFixed(3)}, macro F1 ${validationMetrics?.macroF1.toFixed(3)}`,
        );
        if (epoch === 2) stop.abort();
      },
    },
  ],
});
console.log(`kept the weights of epoch ${history.bestEpoch} of ${history.epochs.length}`);
