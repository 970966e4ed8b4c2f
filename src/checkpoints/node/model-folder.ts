/** A model folder in any layout that is known, as a checkpoint in Hugging Face's terms. */
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fail } from "../../base/errors.js";
import { SENTENCE_PIECE_FILES, TEXT_FILES, type TokenizerFiles } from "../../tokenizers/files/tokenizer-files.js";
import { type Checkpoint, CONFIG_FILE, type ModelDescription } from "../checkpoint.js";
import { type Conversion, converted, type JsonObject, storedShapes } from "../conversions/conversion.js";
import { CONVERSIONS, conversionOf } from "../conversions/registry.js";
import { damaged, type WeightReader } from "../weight-reader.js";
import type { OpenedWeights } from "./format.js";
import { findWeights } from "./formats.js";

/** Folders of a model folder in which known layouts have files. */
export const SUBFOLDERS = ["variables", "assets", "assets/tokenizer", "onnx"];
/** Where a vocabulary of WordPieces stands: Hugging Face and Google, TensorFlow Hub, KerasHub. */
export const VOCABULARIES = ["vocab.txt", "assets/vocab.txt", "assets/tokenizer/vocabulary.txt"];
/** Where ALBERT's authors and TensorFlow Hub have its model of SentencePiece, which Hugging Face calls `spiece.model`. */
export const OTHER_PIECES = ["30k-clean.model", "assets/30k-clean.model"];
/** Where libraries have the files of other tokenizers. */
export const ASSETS = CONVERSIONS.flatMap(({ assets = {} }) => Object.keys(assets));
/** The weight of the last dense layer of a classification head, [C, D]. */
const HEADS = ["classifier.weight", "classifier.out_proj.weight"];
const MAX_CLASSES = 1_000_000;
/** No file of a tokenizer is near as long. */
const MAX_TEXT_BYTES = 1 << 28;

/**
 * Opens the model in `folder`; `source` is its name in messages.
 *
 * @throws E_WEIGHTS for a folder that is no whole model
 */
export async function openFolder(folder: string, source: string): Promise<Checkpoint> {
  const found = await filesOfModel(folder);
  const path = join(folder, found.file);
  return readModel(folder, source, path, await found.format.open(path));
}

/** The weights of the model in `folder`, beside which the rest of it stands. @throws E_WEIGHTS where it is no whole model */
export async function filesOfModel(folder: string): Promise<NonNullable<ReturnType<typeof findWeights>>> {
  const files = await listFiles(folder);
  const found = findWeights(files);
  const missing = (expected: string, fix: string) =>
    fail("E_WEIGHTS", {
      where: folder,
      expected,
      got: files.length === 0 ? "an empty folder" : files.slice(0, 8).join(", "),
      fix,
    });
  if (found === undefined) {
    const whole = files.some((name) => CONFIG_NAMES.includes(name));
    return whole
      ? missing("model.safetensors, or weights of another known format", "bring the weights")
      : missing("config.json and weights", "name the folder that holds them");
  }
  if (!hasTokenizer(files))
    missing("tokenizer.json, or a vocabulary (vocab.txt, vocab.json, spm.model)", "bring the model's own tokenizer");
  return found;
}

/** Configurations, in the terms of Hugging Face or of another library. */
export const CONFIG_NAMES = [CONFIG_FILE, ...CONVERSIONS.flatMap(({ configFile = CONFIG_FILE }) => configFile)];

/** Whether `files`, the paths in a model folder, hold a tokenizer. */
export function hasTokenizer(files: readonly string[]): boolean {
  return ["tokenizer.json", ...VOCABULARIES, "vocab.json", ...SENTENCE_PIECE_FILES, ...OTHER_PIECES, ...ASSETS].some(
    (name) => files.includes(name),
  );
}

/** The files of the model folder `folder`. @throws E_WEIGHTS where there is none */
export async function listFiles(folder: string): Promise<string[]> {
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
  return pathsIn(folder);
}

/** The files of a folder and of the subfolders that known layouts have, by their paths in it. */
export async function pathsIn(folder: string): Promise<string[]> {
  const lists = SUBFOLDERS.map(async (sub) =>
    (await readdir(join(folder, sub)).catch(() => [])).map((name) => `${sub}/${name}`),
  );
  return [...(await readdir(folder)), ...(await Promise.all(lists)).flat()];
}

/** The folder that a save of `folder` moved aside and, as it was killed, neither replaced nor put back. */
async function movedAside(folder: string): Promise<string | undefined> {
  const path = resolve(folder);
  const siblings = await readdir(dirname(path)).catch(() => []);
  const name = siblings.find((sibling) => sibling.startsWith(`.${basename(path)}.saving-`) && sibling.endsWith(".old"));
  return name === undefined ? undefined : join(dirname(path), name);
}

/** The checkpoint of `opened` weights, which stand at `path`, with the other files of `folder`. Closes them where it throws. */
export async function readModel(
  folder: string,
  source: string,
  path: string,
  opened: OpenedWeights,
): Promise<Checkpoint> {
  try {
    const standard = await readJson(join(folder, CONFIG_FILE));
    const conversion = conversionOf(opened.weights.names, opened.config ?? standard);
    const weights = conversion === undefined ? opened.weights : inStandardTerms(opened.weights, conversion, path);
    const { config, own } = await readConfig(folder, path, opened, standard, conversion);
    const tokenizerFiles = await readTokenizer(folder, opened, own ? conversion : undefined);
    return { source, config: own ? withLabels(config, weights) : config, weights, tokenizerFiles };
  } catch (error) {
    await opened.weights.close();
    throw error;
  }
}

function inStandardTerms(weights: WeightReader, { rules, complete }: Conversion, path: string): WeightReader {
  const renamed = converted(weights, rules, path);
  return complete?.(renamed) ?? renamed;
}

/**
 * config.json and the tokenizer of a folder whose weights are not read here.
 *
 * @throws E_WEIGHTS where config.json is missing or damaged
 */
export async function readDescription(folder: string): Promise<ModelDescription> {
  const path = join(folder, CONFIG_FILE);
  const config = await readJson(path);
  if (config === undefined) return fail("E_WEIGHTS", { where: path, expected: "a configuration", got: "no such file" });
  return { config, tokenizerFiles: await readStandardFiles(folder) };
}

/** Hugging Face's configuration, from `standard`, what config.json says; `own` where the folder holds none and it was made from another. */
async function readConfig(
  folder: string,
  path: string,
  opened: OpenedWeights,
  standard: JsonObject | undefined,
  conversion: Conversion | undefined,
): Promise<{ config: JsonObject; own: boolean }> {
  if (standard !== undefined && (conversion === undefined || "model_type" in standard))
    return { config: standard, own: false };
  const foreign = opened.config ?? (await readJson(join(folder, conversion?.configFile ?? CONFIG_FILE)));
  const read = foreign === undefined ? undefined : conversion?.readConfig?.(foreign);
  const config = read ?? conversion?.configOfShapes?.(storedShapes(opened.weights, conversion.rules));
  if (config !== undefined) return { config, own: true };
  return fail("E_WEIGHTS", {
    where: folder,
    expected: conversion?.configFile === undefined ? CONFIG_FILE : `${CONFIG_FILE} or ${conversion.configFile}`,
    got: foreign === undefined ? "none" : "one of another model",
    fix: `bring it: ${basename(path)} alone does not tell how many attention heads the model has`,
  });
}

/** Other libraries do not name classes. As in transformers, those of a head are called LABEL_0, LABEL_1, … then. */
function withLabels(config: JsonObject, weights: WeightReader): JsonObject {
  const head = HEADS.find((name) => weights.names.includes(name));
  if (head === undefined) return config;
  const [classes = 0] = weights.shape(head);
  if (classes > MAX_CLASSES) return damaged(head, `at most ${MAX_CLASSES} classes`, String(classes));
  return { ...config, id2label: Object.fromEntries(Array.from({ length: classes }, (_, i) => [i, `LABEL_${i}`])) };
}

/** The tokenizer's files in Hugging Face's layout; made from those of the library where `conversion` is given. */
async function readTokenizer(
  folder: string,
  opened: OpenedWeights,
  conversion: Conversion | undefined,
): Promise<TokenizerFiles> {
  const files = await readStandardFiles(folder);
  const own = await readJson(join(folder, "tokenizer.json"), conversion?.readTokenizer !== undefined);
  const described = own && conversion?.readTokenizer?.(own);
  if (described) delete files["tokenizer.json"];
  if (conversion === undefined) return files;
  for (const name of VOCABULARIES) files["vocab.txt"] ??= await readText(join(folder, name));
  for (const name of OTHER_PIECES) {
    const content = files["spiece.model"] ?? (await readBytes(join(folder, name)));
    if (content !== undefined) files["spiece.model"] = content;
  }
  for (const [path, name] of Object.entries(conversion.assets ?? {})) {
    const content = await readBytes(join(folder, path));
    if (content === undefined || files[name] !== undefined) continue;
    const isText = (TEXT_FILES as readonly string[]).includes(name);
    Object.assign(files, { [name]: isText ? content.toString("utf8") : content });
  }
  const vocabulary = files["vocab.txt"];
  const config = described ?? opened.tokenizerConfig ?? (vocabulary && { do_lower_case: !isCased(vocabulary) });
  if (config) files["tokenizer_config.json"] ??= JSON.stringify(config);
  return files;
}

/** The files of a tokenizer that a folder holds under Hugging Face's names. */
export async function readStandardFiles(
  folder: string,
): Promise<{ -readonly [N in keyof TokenizerFiles]: TokenizerFiles[N] }> {
  const files: { -readonly [N in keyof TokenizerFiles]: TokenizerFiles[N] } = {};
  for (const name of SENTENCE_PIECE_FILES) {
    const content = await readBytes(join(folder, name));
    if (content !== undefined) files[name] = content;
  }
  for (const name of TEXT_FILES) {
    const content = await readText(join(folder, name));
    if (content !== undefined) files[name] = content;
  }
  return files;
}

/**
 * Google's folders do not say whether a model is cased, but its vocabulary does: only a cased one has words with capital
 * letters. (Signs like "ℝ" are capital letters too, and stand in both.)
 */
function isCased(vocabulary: string): boolean {
  return vocabulary.split("\n").some((token) => /[A-Z]/.test(token) && !/^\[.*\]\s*$/.test(token));
}

async function readText(path: string): Promise<string | undefined> {
  return (await readBytes(path))?.toString("utf8");
}

async function readBytes(path: string): Promise<Buffer | undefined> {
  if (!existsSync(path)) return undefined;
  const { size } = await stat(path);
  if (size > MAX_TEXT_BYTES)
    fail("E_WEIGHTS", {
      where: path,
      expected: `at most ${MAX_TEXT_BYTES} bytes`,
      got: String(size),
      fix: "restore the file",
    });
  return readFile(path);
}

/** The object in a JSON file; undefined where there is no file, or it is not wanted. */
export async function readJson(path: string, wanted = true): Promise<JsonObject | undefined> {
  const text = wanted ? await readText(path) : undefined;
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    fail("E_WEIGHTS", { where: path, expected: "JSON", got: "something else", fix: "restore the file" }, error);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    fail("E_WEIGHTS", { where: path, expected: "an object", got: JSON.stringify(value) });
  return value as JsonObject;
}
