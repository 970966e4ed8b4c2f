/** All conversions. */
import { type Conversion, placesOf } from "./conversion.js";
import { googleAlbert, modelGardenAlbert } from "./google-albert.js";
import { googleBert } from "./google-bert.js";
import { googleElectra } from "./google-electra.js";
import { kerasHubBert, kerasHubBertClassifier } from "./keras-hub-bert.js";
import { modelGardenBert, modelGardenTalkingHeads } from "./model-garden-bert.js";
import { transformersBert } from "./transformers-bert.js";

export const CONVERSIONS: readonly Conversion[] = [
  googleBert,
  googleAlbert,
  googleElectra,
  modelGardenBert,
  modelGardenTalkingHeads,
  modelGardenAlbert,
  kerasHubBert,
  kerasHubBertClassifier,
  transformersBert,
];

/** The conversion that has a place for most of the weights `names`; undefined where they have Hugging Face's names. */
export function conversionOf(names: readonly string[]): Conversion | undefined {
  let best: { readonly conversion: Conversion; readonly placed: number } | undefined;
  for (const conversion of CONVERSIONS) {
    const placed = placesOf(names, conversion.rules).size;
    if (placed > (best?.placed ?? 0)) best = { conversion, placed };
  }
  return best?.conversion;
}
