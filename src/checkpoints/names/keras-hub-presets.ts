/**
 * The presets of KerasHub whose architectures Textune has, from where KerasHub has them.
 *
 * @source keras_hub/src/models/bert/bert_presets.py, and those of the others beside it
 */
import type { KnownModel } from "./known-model.js";

type Preset = readonly [name: string, version: number, parameters: number, languages?: string];

const presets = (folder: string, architecture: string, licence: string, rows: readonly Preset[]): KnownModel[] =>
  rows.map(([name, version, parameters, languages = "English"]) => ({
    name,
    source: `kaggle://keras/${folder}/keras/${name}/${version}`,
    architecture,
    parameters,
    languages,
    licence,
    aliases: [],
  }));

export const KERAS_HUB_PRESETS: readonly KnownModel[] = [
  ...presets("bert", "bert", "Apache-2.0", [
    ["bert_tiny_en_uncased", 3, 4_385_920],
    ["bert_small_en_uncased", 3, 28_763_648],
    ["bert_medium_en_uncased", 3, 41_373_184],
    ["bert_base_en_uncased", 3, 109_482_240],
    ["bert_base_en", 3, 108_310_272],
    ["bert_base_zh", 3, 102_267_648, "Chinese"],
    ["bert_base_multi", 3, 177_853_440, "104 languages"],
    ["bert_large_en_uncased", 3, 335_141_888],
    ["bert_large_en", 3, 333_579_264],
    ["bert_tiny_en_uncased_sst2", 5, 4_385_920],
  ]),
  ...presets("albert", "albert", "Apache-2.0", [
    ["albert_base_en_uncased", 5, 11_683_584],
    ["albert_large_en_uncased", 3, 17_683_968],
    ["albert_extra_large_en_uncased", 3, 58_724_864],
    ["albert_extra_extra_large_en_uncased", 3, 222_595_584],
  ]),
  ...presets("distil_bert", "distilbert", "Apache-2.0", [
    ["distil_bert_base_en_uncased", 3, 66_362_880],
    ["distil_bert_base_en", 3, 65_190_912],
    ["distil_bert_base_multi", 3, 134_734_080, "104 languages"],
  ]),
  ...presets("electra", "electra", "Apache-2.0", [
    ["electra_small_discriminator_uncased_en", 2, 13_483_008],
    ["electra_base_discriminator_uncased_en", 2, 108_891_648],
    ["electra_large_discriminator_uncased_en", 2, 334_092_288],
  ]),
  ...presets("roberta", "roberta", "MIT", [
    ["roberta_base_en", 3, 124_055_040],
    ["roberta_large_en", 3, 354_310_144],
  ]),
  ...presets("xlm_roberta", "xlm-roberta", "MIT", [
    ["xlm_roberta_base_multi", 3, 277_453_056, "100 languages"],
    ["xlm_roberta_large_multi", 3, 558_840_832, "100 languages"],
  ]),
  ...presets("deberta_v3", "deberta-v2", "MIT", [
    ["deberta_v3_extra_small_en", 3, 70_682_112],
    ["deberta_v3_small_en", 3, 141_304_320],
    ["deberta_v3_base_en", 3, 183_831_552],
    ["deberta_v3_large_en", 3, 434_012_160],
    ["deberta_v3_base_multi", 3, 278_218_752, "100 languages"],
  ]),
];
