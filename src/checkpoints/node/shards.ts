/** Weights that are spread over several files, by the `weight_map` of an index that stands beside them. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail } from "../../base/errors.js";
import type { WeightReader } from "../weight-reader.js";
import { openBytes } from "./file-bytes.js";

/** An index names each weight of a model once: this is some hundred times the longest one known. */
const MAX_INDEX_BYTES = 1 << 28;

/**
 * Opens the files that the index at `path` names, each by `openFile`; their names must end in `ending`.
 *
 * @throws E_WEIGHTS for an index that is no JSON, leads out of its folder, or does not fit its files
 */
export async function openShards(
  path: string,
  ending: ".safetensors" | ".bin",
  openFile: (path: string) => Promise<WeightReader>,
): Promise<WeightReader> {
  const index = await openBytes(path);
  await index.close();
  const text = index.size > MAX_INDEX_BYTES ? "" : await readFile(path, "utf8");
  const places = weightMap(text);
  const outside = [...places.values()].find((file) => !/^[\w.-]+$/.test(file) || !file.endsWith(ending));
  if (places.size === 0 || outside !== undefined) {
    fail("E_WEIGHTS", {
      where: path,
      expected: `a weight_map to ${ending} files beside it`,
      got: outside === undefined ? "none" : `"${outside}"`,
      fix: "get the file anew",
    });
  }
  const files = new Map<string, WeightReader>();
  const close = async (): Promise<void> => {
    for (const reader of files.values()) await reader.close();
  };
  try {
    for (const name of new Set(places.values())) files.set(name, await openFile(join(dirname(path), name)));
    for (const [name, file] of places) files.get(file)?.shape(name);
  } catch (error) {
    await close();
    throw error;
  }
  const readerFor = (name: string): WeightReader =>
    files.get(places.get(name) ?? "") ??
    fail("E_WEIGHTS", { where: path, expected: `a weight "${name}"`, got: `none among ${places.size}` });
  return {
    names: [...places.keys()],
    shape: (name) => readerFor(name).shape(name),
    read: (name) => readerFor(name).read(name),
    close,
  };
}

/** The file of each weight, by an index; nothing where it has none. */
function weightMap(text: string): Map<string, string> {
  try {
    const { weight_map } = JSON.parse(text) as { weight_map: Record<string, string> };
    return new Map(Object.entries(weight_map).map(([name, file]) => [name, String(file)]));
  } catch {
    return new Map();
  }
}
