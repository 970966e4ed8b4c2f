/** The data sets on which number formats are compared, and a training of each that takes a minute or two. */
import { existsSync } from "node:fs";
import { type Dataset, readDataset, TextClassifier, type TrainingOptions } from "../src/index.js";
import { TREC } from "./accuracy-tasks.js";
import { benchData } from "./minilm-classifier.js";

export interface ExportTask {
  readonly data: () => Promise<{ readonly train: Dataset; readonly test: Dataset }>;
  readonly options: TrainingOptions;
}

/** By the name that benchmarks take. */
export const EXPORT_TASKS: Readonly<Record<string, ExportTask>> = {
  sst2: {
    data: async () => {
      const columns = { text: "sentence", label: "label" };
      const all = await readDataset(benchData("sst2/train.tsv"), columns);
      const { train } = all.split({ test: 1 - 6000 / all.length, stratify: true, seed: 42 });
      return { train, test: await readDataset(benchData("sst2/dev.tsv"), columns) };
    },
    options: { epochs: 2, learningRate: 1e-4 },
  },
  trec: {
    data: async () => ({
      train: await readDataset(benchData("trec/train_5500.label"), TREC),
      test: await readDataset(benchData("trec/TREC_10.label"), TREC),
    }),
    options: { epochs: 3, learningRate: 1e-4 },
  },
  banking77: {
    data: async () => {
      const columns = { text: "text", label: "category" };
      const all = await readDataset(benchData("banking77/test.csv"), columns);
      const { test } = all.split({ test: 1000, stratify: true, seed: 42 });
      return { train: await readDataset(benchData("banking77/train.csv"), columns), test };
    },
    options: { mode: "linear" },
  },
  imdb: {
    data: async () => {
      const all = await readDataset(benchData("imdb/aclImdb_train.tar.gz"));
      const { train, test } = all.split({ validation: 0.924, test: 0.04, stratify: true, seed: 42 });
      return { train, test };
    },
    options: { mode: "linear", maxLength: 256 },
  },
};

/** The classifier of a task, read from `folder`, or trained and saved there. */
export async function trainedOn({ data, options }: ExportTask, folder: string): Promise<TextClassifier> {
  if (existsSync(folder)) return TextClassifier.fromPretrained(folder);
  const { train } = await data();
  const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", {
    labels: train.labels,
    ...(options.mode === "linear" ? { pooling: "mean" } : {}),
  });
  await classifier.fit(train, { track: false, ...options });
  await classifier.save(folder);
  return classifier;
}
