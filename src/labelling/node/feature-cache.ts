/** Features of data sets, kept on disk: they depend on texts and model alone. */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../../base/node/replace-file.js";
import { userCaches } from "../../base/node/user-caches.js";
import type { ClassifierState } from "../../classifier/classifier-state.js";
import type { Features } from "../../classifier/features.js";
import { unitFeatures } from "../nearest.js";

/** Where features are kept by default. */
export function userFeatureCache(): string {
  return join(userCaches(), "textune", "features");
}

/** Texts whose features are wanted. */
export interface TextsToKnow {
  /** Of the data set that they are of. */
  readonly fingerprint: string;
  readonly length: number;
}

/** What features depend on beside the texts: weights, tokenizer, and how much of a text is read. */
export function modelHash({ weights, tokenizer, rawConfig, head, maxLength, longTexts }: ClassifierState): string {
  const hash = createHash("sha256");
  hash.update(
    JSON.stringify([tokenizer.fingerprint, rawConfig, head.head.name, head.options, maxLength, longTexts ?? null]),
  );
  for (const [name, { buffer, byteOffset, byteLength }] of weights)
    hash.update(name).update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest("hex");
}

/** The features of `texts`, of length 1, from `folder`, or computed and kept there. */
export async function cachedFeatures(
  folder: string,
  texts: TextsToKnow,
  model: string,
  compute: () => Promise<Features>,
): Promise<Features> {
  const key = createHash("sha256").update(`textune features 1 ${texts.fingerprint} ${model}`).digest("hex");
  const path = join(folder, `${key.slice(0, 32)}.features`);
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes !== undefined && bytes.length > 4 && bytes.length % 4 === 0) {
    const values = new Float32Array(bytes.length / 4);
    new Uint8Array(values.buffer).set(bytes);
    const [width] = values;
    if (values.length - 1 === width * texts.length) return { values: values.slice(1), width };
  }
  const features = unitFeatures(await compute());
  const all = new Float32Array(features.values.length + 1);
  all[0] = features.width;
  all.set(features.values, 1);
  // A full disk, or a folder that cannot be written to, costs time and not the work.
  await replaceFile(path, (temporary) => writeFile(temporary, new Uint8Array(all.buffer))).catch(() => {});
  return features;
}
