/**
 * A real model that is quick: all-MiniLM-L6-v2 without its upper four layers, with a head drawn at random. The head of a
 * trained classifier tells texts apart more clearly: `sharpness` multiplies its weights.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TextClassifier } from "../../src/index.js";

/** Writes the classifier to `folder`. */
export async function saveTwoLayers(folder: string, labels: readonly string[], seed = 3, sharpness = 1): Promise<void> {
  const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels, seed });
  await classifier.save(folder);
  await classifier.close();
  const config = join(folder, "config.json");
  writeFileSync(config, readFileSync(config, "utf8").replace('"num_hidden_layers": 6', '"num_hidden_layers": 2'));
  if (sharpness !== 1) multiplyTensor(join(folder, "model.safetensors"), "classifier.weight", sharpness);
}

/** Multiplies a float32 tensor of a safetensors file where it stands. */
function multiplyTensor(path: string, name: string, factor: number): void {
  const bytes = readFileSync(path);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, start)) as Record<string, { data_offsets: [number, number] }>;
  const [from, to] = header[name].data_offsets;
  for (let at = start + from; at < start + to; at += 4) bytes.writeFloatLE(factor * bytes.readFloatLE(at), at);
  writeFileSync(path, bytes);
}
