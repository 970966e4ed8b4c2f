/** A real model that is quick: all-MiniLM-L6-v2 without its upper four layers, with a head drawn at random. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TextClassifier } from "../../src/index.js";

/** Writes the classifier to `folder`. */
export async function saveTwoLayers(folder: string, labels: readonly string[], seed = 3): Promise<void> {
  const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels, seed });
  await classifier.save(folder);
  await classifier.close();
  const config = join(folder, "config.json");
  writeFileSync(config, readFileSync(config, "utf8").replace('"num_hidden_layers": 6', '"num_hidden_layers": 2'));
}
