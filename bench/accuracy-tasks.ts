/** The data sets whose accuracies docs/results.md gives, and how they are trained on. */
import { type Dataset, type ReadOptions, readDataset, type TrainingOptions } from "../src/index.js";
import { benchData } from "./minilm-classifier.js";

export interface AccuracyTask {
  readonly train: () => Promise<{ train: Dataset; test: Dataset }>;
  readonly options: TrainingOptions;
  /** The metric that is published for the task. */
  readonly score: string;
}

const read = (file: string, options: ReadOptions): Promise<Dataset> => readDataset(benchData(file), options);

/** How the files of TREC are read. */
export const TREC = {
  format: "lines",
  pattern: "^(?<label>[A-Z]+):\\S+ (?<text>.*)$",
  encoding: "latin1",
  text: "text",
  label: "label",
} as const;

/** How the files of CoLA are read. */
export const COLA: ReadOptions = { header: false, label: 2, text: 4, quote: false, delimiter: "\t" };

/** By the name that benchmarks take. */
export const ACCURACY_TASKS: Readonly<Record<string, AccuracyTask>> = {
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
  cola: {
    train: async () => ({ train: await read("cola/train.tsv", COLA), test: await read("cola/dev.tsv", COLA) }),
    options: { epochs: 3, learningRate: 1e-4 },
    score: "matthews",
  },
  banking77: {
    train: async () => {
      const train = await read("banking77/train.csv", { text: "text", label: "category" });
      const test = { text: "text", label: "category", labels: train.labels };
      return { train, test: await read("banking77/test.csv", test) };
    },
    options: { epochs: 5, learningRate: 2e-4, batchSize: 16 },
    score: "macroF1",
  },
};
