/** Which folders hold a classifier. */
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { glob } from "tinyglobby";
import { CONFIG_FILE } from "../../checkpoints/checkpoint.js";

/** Folders between the root and a classifier. */
const DEEP = 4;
/** Bytes. */
const MOST_CONFIG = 2 ** 20;

/** Folders below `root` with the configuration of a model; links are not followed, nothing hidden is looked into. */
export async function classifierFolders(root: string): Promise<string[]> {
  const found = await glob(`**/${CONFIG_FILE}`, {
    ...{ cwd: root, deep: DEEP + 1, followSymbolicLinks: false },
    ignore: ["**/node_modules/**"],
  });
  return classifiersAmong(root, found.sort());
}

/** The folders of those of `files` below `root` that are configurations of models, in their order. */
export async function classifiersAmong(root: string, files: readonly string[]): Promise<string[]> {
  const configs = files.filter((path) => basename(path) === CONFIG_FILE);
  const are = await Promise.all(configs.map((path) => describesModel(join(root, path))));
  return configs.filter((_, i) => are[i]).map((path) => dirname(path));
}

async function describesModel(config: string): Promise<boolean> {
  try {
    if ((await stat(config)).size > MOST_CONFIG) return false;
    const value: unknown = JSON.parse(await readFile(config, "utf8"));
    return typeof (value as { model_type?: unknown } | null)?.model_type === "string";
  } catch {
    return false;
  }
}
