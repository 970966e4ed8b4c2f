/** From a model's name to its folder. */
import { existsSync } from "node:fs";
import type { HubOptions } from "../../hub/hub-options.js";
import { defaultCache, storageOf } from "../../hub/node/hub-cache.js";
import { knownModel, type ModelPlace, nearestModels, placeOf } from "../names/model-place.js";
import { downloadArchive } from "./download-archive.js";
import { checkModel, downloadModel } from "./download-model.js";
import { embeddedFolder } from "./embedded-model.js";

/**
 * The place of the model `name`. The hub gave its oldest models an owner later: one that the cache has without it is
 * taken from there.
 *
 * @throws E_WEIGHTS for what is no name of a model
 */
export function placeInCache(name: string, { cacheDir }: Pick<HubOptions, "cacheDir">): ModelPlace {
  const place = placeOf(name);
  const hasOwner = place.kind !== "hub" || place.id === name || !/^[\w.-]+$/.test(name);
  const old = storageOf(cacheDir ?? defaultCache(), { type: "model", id: name });
  return hasOwner || !existsSync(old) ? place : { kind: "hub", id: name };
}

/**
 * Makes sure that the model `name` is on this machine, and returns its folder. `name` is one of {@link listModels}, an
 * address (`hf://`, `kaggle://`, of a page at huggingface.co, kaggle.com or tfhub.dev, of an archive), or the id of
 * any model on the Hugging Face Hub. What the cache holds is not fetched again.
 *
 * @example
 * const folder = await pullModel("small_bert/bert_en_uncased_L-4_H-512_A-8");
 *
 * @throws E_WEIGHTS for what is no name of a model, E_HUB for a download that fails
 */
export async function pullModel(name: string, options: HubOptions = {}): Promise<string> {
  const place = placeInCache(name, options);
  if (place.kind === "embedded") return embeddedFolder();
  if (place.kind !== "hub") return downloadArchive(place, options);
  const { id, revision = options.revision } = place;
  return downloadModel(id, { ...options, revision }, hintFor(name));
}

/**
 * Whether `name` means a model; nothing of it is downloaded.
 *
 * @throws E_WEIGHTS for what is no name of a model, E_HUB where the hub has no such model
 */
export async function checkName(name: string, options: HubOptions): Promise<void> {
  const place = placeInCache(name, options);
  if (place.kind !== "hub") return;
  const { id, revision = options.revision } = place;
  await checkModel(id, { ...options, revision }, hintFor(name));
}

/** What else `name` may mean, where it is in no table. */
const hintFor = (name: string): string => (knownModel(name) === undefined ? nearestModels(name) : "");
