/** The files of a model of the Hugging Face Hub that a checkpoint consists of. */
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "../../base/errors.js";
import type { HubOptions } from "../../hub/hub-options.js";
import { openRepo } from "../../hub/node/open-repo.js";
import { ADAPTER_CONFIG_FILE, ADAPTER_WEIGHTS_FILE, CONFIG_FILE, TOKENIZER_FILES } from "../checkpoint.js";
import { findWeights, WEIGHT_FORMATS } from "./formats.js";
import { ASSETS, CONFIG_NAMES, hasTokenizer, OTHER_PIECES, pathsIn, VOCABULARIES } from "./model-folder.js";

/**
 * Makes sure that the configuration, the tokenizer and the weights of `id` are in the cache, and nothing else, and
 * returns the folder of its commit. `hint` says what else the name may mean.
 *
 * @throws E_HUB when it cannot be reached, is not there, needs a token, or sends something damaged
 */
export async function downloadModel(id: string, options: HubOptions, hint = ""): Promise<string> {
  const repo = await openRepo({ type: "model", id, hint }, options);
  if (repo.online) {
    const { configuration, others } = neededFiles(repo.paths, id);
    await repo.files(others);
    // It comes last: a snapshot that has it is complete.
    await repo.files(configuration);
  } else if (!(await isWhole(repo.folder)))
    fail("E_HUB", {
      where: id,
      expected: '"all-MiniLM-L6-v2", a folder, or a model that is complete in the cache',
      got: `some files of it in ${repo.folder}, and offline`,
      fix: "go online once to download the others",
    });
  return repo.folder;
}

/** Whether `id` names a model with weights; nothing of it is downloaded. @throws E_HUB where it does not */
export async function checkModel(id: string, options: HubOptions, hint = ""): Promise<void> {
  const repo = await openRepo({ type: "model", id, hint }, options);
  if (repo.online) neededFiles(repo.paths, id);
}

/** Configuration, tokenizer and weights, and nothing else. */
function neededFiles(paths: readonly string[], id: string): Record<"configuration" | "others", readonly string[]> {
  // Of an adapter too the configuration comes last.
  if (paths.includes(ADAPTER_CONFIG_FILE)) {
    const others = [...TOKENIZER_FILES, ADAPTER_WEIGHTS_FILE, CONFIG_FILE];
    return { configuration: [ADAPTER_CONFIG_FILE], others: others.filter((path) => paths.includes(path)) };
  }
  const weights = findWeights(paths);
  if (weights === undefined) {
    return fail("E_HUB", {
      where: id,
      expected: `weights (${WEIGHT_FORMATS.map(({ name }) => name).join(", ")})`,
      got: paths.slice(0, 8).join(", "),
      fix: "choose a model, or a revision of it, with weights in one of these formats",
    });
  }
  const wanted = new Set<string>([
    ...TOKENIZER_FILES,
    ...VOCABULARIES,
    ...OTHER_PIECES,
    ...ASSETS,
    weights.file,
    ...weights.parts,
  ]);
  return {
    configuration: [...new Set(CONFIG_NAMES)].filter((name) => paths.includes(name)),
    others: paths.filter((path) => wanted.has(path)),
  };
}

/** The newest folder of a commit in `storage` that holds all that a model needs; undefined where there is none. */
export async function cachedModelFolder(storage: string): Promise<string | undefined> {
  const snapshots = join(storage, "snapshots");
  const folders = await Promise.all(
    (await readdir(snapshots).catch((): string[] => [])).map(async (commit) => {
      const folder = join(snapshots, commit);
      return { folder, at: (await stat(folder)).mtimeMs, whole: await isWhole(folder) };
    }),
  );
  return folders.filter(({ whole }) => whole).sort((a, b) => b.at - a.at)[0]?.folder;
}

/** Whether a folder of the cache holds all that a model needs; a download may have been cut off. */
async function isWhole(folder: string): Promise<boolean> {
  // A folder of the cache holds links, which may lead to nothing.
  const paths = (await pathsIn(folder).catch((): string[] => [])).filter((path) => existsSync(join(folder, path)));
  if (paths.includes(ADAPTER_CONFIG_FILE)) return paths.includes(ADAPTER_WEIGHTS_FILE);
  const weights = findWeights(paths);
  if (weights === undefined || !hasTokenizer(paths) || !CONFIG_NAMES.some((name) => paths.includes(name))) return false;
  if (!weights.file.endsWith(".index.json")) return true;
  const index = await readFile(join(folder, weights.file), "utf8");
  // Names are as they stand in JSON: those of shards need no escapes.
  const shards = index.match(/[\w.-]+-\d+-of-\d+\.(?:safetensors|bin)/g) ?? [];
  return shards.length > 0 && shards.every((name) => paths.includes(name));
}
