/** all-MiniLM-L6-v2 trained on some sentences of SST-2 and saved, so that scores are not those of a head drawn at random. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readDataset, TextClassifier } from "../src/index.js";
import { sharedPath } from "../tests/support/shared.js";

/** Where a data set of the optional `shared` folder beside the checkout stands. @throws Error where it is absent */
export function benchData(file: string): string {
  const path = sharedPath(`data/${file}`);
  if (path === undefined) throw new Error(`data/${file} is not in the shared folder beside this checkout`);
  return path;
}

/** Trains the classifier on 640 sentences, reading up to 256 tokens, and returns the folder that it was saved to. */
export async function saveMiniLmClassifier(): Promise<string> {
  const sentences = await readDataset(benchData("sst2/train.tsv"), { text: "sentence", label: "label" });
  const { train } = sentences.split({ test: 1 - 640 / sentences.length, stratify: true, seed: 42 });
  const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: sentences.labels });
  await classifier.fit(train, { track: false, epochs: 1, learningRate: 1e-4, maxLength: 256 });
  const folder = join(await mkdtemp(join(tmpdir(), "textune-bench-")), "classifier");
  await classifier.save(folder);
  await classifier.close();
  return folder;
}
