/** All conversions. */
import { type Conversion, type JsonObject, placesOf } from "./conversion.js";
import { googleAlbert, modelGardenAlbert } from "./google-albert.js";
import { googleBert } from "./google-bert.js";
import { googleElectra } from "./google-electra.js";
import {
  kerasHubAlbert,
  kerasHubAlbertClassifier,
  kerasHubBert,
  kerasHubBertClassifier,
  kerasHubDistilbert,
  kerasHubDistilbertClassifier,
  kerasHubElectra,
  kerasHubWideElectra,
} from "./keras-hub-bert.js";
import { kerasHubDeberta, kerasHubDebertaClassifier } from "./keras-hub-deberta.js";
import {
  kerasHubRoberta,
  kerasHubRobertaClassifier,
  kerasHubXlmRoberta,
  kerasHubXlmRobertaClassifier,
} from "./keras-hub-roberta.js";
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
  kerasHubElectra,
  kerasHubWideElectra,
  kerasHubAlbert,
  kerasHubAlbertClassifier,
  kerasHubDistilbert,
  kerasHubDistilbertClassifier,
  kerasHubRoberta,
  kerasHubRobertaClassifier,
  kerasHubXlmRoberta,
  kerasHubXlmRobertaClassifier,
  kerasHubDeberta,
  kerasHubDebertaClassifier,
  transformersBert,
];

/**
 * The conversion that has a place for most of the weights `names`; undefined where they have Hugging Face's names.
 * Keras numbers the layers of a model by their classes, so that different ones have the same names: those count that
 * know `config`, the library's own configuration, if any of them does.
 */
export function conversionOf(names: readonly string[], config?: JsonObject): Conversion | undefined {
  const placed = CONVERSIONS.map((conversion) => ({ conversion, placed: placesOf(names, conversion.rules).size }));
  const some = placed.filter((one) => one.placed > 0).sort((a, b) => b.placed - a.placed);
  const known = some.find(({ conversion: { configFile, readConfig } }) => {
    return config !== undefined && configFile === undefined && readConfig?.(config) !== undefined;
  });
  return (known ?? some[0])?.conversion;
}
