/** Opens a model: the embedded default, a folder, or a model of the Hugging Face Hub. */
import { existsSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, resolve } from "node:path";
import { fail } from "../../base/errors.js";
import { given } from "../../base/given.js";
import type { HubOptions } from "../../hub/hub-options.js";
import type { Checkpoint } from "../checkpoint.js";
import { isAdapterFolder, openAdapterFolder } from "./adapter-folder.js";
import { checkedEmbeddedWeights, EMBEDDED_HUB_ID, EMBEDDED_MODEL, embeddedFolder } from "./embedded-model.js";
import { openWeights, WEIGHT_FORMATS } from "./formats.js";
import { filesOfModel, openFolder, readModel, SUBFOLDERS } from "./model-folder.js";
import { openSafetensors } from "./safetensors-file.js";
import { ARCHIVE_ENDINGS, unpackArchive } from "./unpack-archive.js";

/**
 * Opens `source`: "all-MiniLM-L6-v2", which comes with the package; a folder; a file of weights with the rest of
 * its model beside it (of TensorFlow's the name before ".index" will do); a zip or tar archive of a folder; or a model
 * by one of its names or addresses (see {@link placeOf}).
 *
 * @throws E_WEIGHTS for a folder that is no whole model, E_HUB for a download that fails
 */
export async function openCheckpoint(source: string, options: HubOptions = {}): Promise<Checkpoint> {
  const { kind, path } = locate(source);
  if (kind === "embedded") return { ...(await openEmbedded()), address: EMBEDDED_HUB_ID };
  if (kind === "file") {
    const isArchive = ARCHIVE_ENDINGS.some((ending) => path.endsWith(ending));
    return { ...(await (isArchive ? openArchive(path) : openFile(path))), address: resolve(path) };
  }
  if (kind === "folder") return { ...(await openAnyFolder(path, source, options)), address: resolve(path) };
  // Clients of hubs take time to load, and models on disk do not need them.
  const { placeInCache, pullModel } = await import("./pull-model.js");
  const place = placeInCache(source, options);
  const address = place.kind === "hub" ? place.id : source;
  return { ...(await openAnyFolder(await pullModel(source, options), source, options)), address };
}

/**
 * Whether `source` names a model, as far as can be told without reading or downloading weights.
 *
 * @throws as {@link openCheckpoint} where it names none
 */
export async function checkCheckpoint(source: string, options: HubOptions = {}): Promise<void> {
  const { kind, path } = locate(source);
  if (kind === "folder" && !isAdapterFolder(path)) await filesOfModel(path);
  if (kind !== "named") return;
  const { checkName } = await import("./pull-model.js");
  await checkName(source, options);
}

interface Place {
  readonly kind: "embedded" | "file" | "folder" | "named";
  readonly path: string;
}

/** What on this machine is called `source`; "named" where nothing is. */
function locate(source: string): Place {
  if (source === EMBEDDED_MODEL) return { kind: "embedded", path: source };
  const isPath = isAbsolute(source) || /^\.{1,2}([\\/]|$)/.test(source);
  const file = [source, `${source}.index`].find(isFile);
  if (file !== undefined) return { kind: "file", path: file };
  if (isPath || existsSync(source)) return { kind: "folder", path: source };
  return { kind: "named", path: source };
}

/** A folder with a model, or with an adapter to another one, which comes from where it says. */
function openAnyFolder(
  folder: string,
  source: string,
  { offline, cacheDir, onDownload }: HubOptions,
): Promise<Checkpoint> {
  if (!isAdapterFolder(folder)) return openFolder(folder, source);
  // A revision is that of the adapter.
  return openAdapterFolder(folder, source, (base) =>
    openCheckpoint(base === EMBEDDED_HUB_ID ? EMBEDDED_MODEL : base, given({ offline, cacheDir, onDownload })),
  );
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

async function openArchive(path: string): Promise<Checkpoint> {
  const { folder, remove } = await unpackArchive(path);
  try {
    const { weights, ...checkpoint } = await openFolder(folder, path);
    const close = async (): Promise<void> => {
      await weights.close();
      await remove();
    };
    return { ...checkpoint, weights: { ...weights, close } };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A file of weights; the rest of the model stands beside it, or in the folder above one like `onnx/`. */
async function openFile(path: string): Promise<Checkpoint> {
  const opened = await openWeights(path);
  if (opened === undefined) {
    return fail("E_WEIGHTS", {
      where: path,
      expected: `a model folder, or a file of weights (${[...WEIGHT_FORMATS.flatMap(({ endings }) => endings), ...ARCHIVE_ENDINGS].join(", ")})`,
      got: "another file",
      fix: "name the folder that holds config.json",
    });
  }
  const beside = dirname(path);
  const folder = SUBFOLDERS.includes(basename(beside)) ? dirname(beside) : beside;
  return readModel(folder, path, path, opened);
}

async function openEmbedded(): Promise<Checkpoint> {
  const folder = embeddedFolder();
  const weights = await checkedEmbeddedWeights(folder);
  return readModel(folder, EMBEDDED_MODEL, weights, { weights: await openSafetensors(weights) });
}
