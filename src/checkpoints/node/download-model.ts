/** The files of a model of the Hugging Face Hub that a checkpoint consists of. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "../../base/errors.js";
import type { HubOptions } from "../../hub/hub-options.js";
import { openRepo } from "../../hub/node/open-repo.js";
import { CONFIG_FILE, TOKENIZER_FILES, WEIGHT_FILES, WEIGHT_SHARD } from "../checkpoint.js";

/**
 * Makes sure that the configuration, the tokenizer and the weights of `id` are in the cache, and nothing else, and
 * returns the folder of its commit.
 *
 * @throws E_HUB when it cannot be reached, is not there, needs a token, or sends something damaged
 */
export async function downloadModel(id: string, options: HubOptions): Promise<string> {
  const repo = await openRepo({ type: "model", id }, options);
  if (repo.online) for (const path of neededFiles(repo.paths, id)) await repo.file(path);
  else if (!(await isWhole(repo.folder)))
    fail("E_HUB", {
      where: id,
      expected: '"all-MiniLM-L6-v2", a folder, or a model that is complete in the cache',
      got: `some files of it in ${repo.folder}, and offline`,
      fix: "go online once to download the others",
    });
  return repo.folder;
}

/** Configuration, tokenizer and weights, and nothing else. */
function neededFiles(paths: readonly string[], id: string): readonly string[] {
  const weights = WEIGHT_FILES.find((name) => paths.includes(name));
  if (weights === undefined) {
    fail("E_HUB", {
      where: id,
      expected: "model.safetensors",
      got: paths.includes("pytorch_model.bin")
        ? "only pytorch_model.bin, which can run code when it is read"
        : paths.slice(0, 8).join(", "),
      fix: "choose a model, or a revision of it, with safetensors weights",
    });
  }
  const wanted = new Set<string>([...TOKENIZER_FILES, weights]);
  const needed = paths.filter((path) => wanted.has(path) || (weights !== WEIGHT_FILES[0] && WEIGHT_SHARD.test(path)));
  // The configuration comes last: a snapshot that has it is complete.
  return paths.includes(CONFIG_FILE) ? [...needed, CONFIG_FILE] : needed;
}

/** Whether a folder of the cache holds all that a model needs; a download may have been cut off. */
async function isWhole(folder: string): Promise<boolean> {
  const has = (name: string): boolean => existsSync(join(folder, name));
  if (!has(CONFIG_FILE) || !(has("tokenizer.json") || has("vocab.txt"))) return false;
  const weights = WEIGHT_FILES.find(has);
  if (weights === undefined || weights === "model.safetensors") return weights !== undefined;
  const index = await readFile(join(folder, weights), "utf8");
  // Names are as they stand in JSON: those of shards need no escapes.
  const shards = index.match(/model-\d+-of-\d+\.safetensors/g) ?? [];
  return shards.length > 0 && shards.every(has);
}
