/** The models that Textune knows by name: one table. */
import { KERAS_HUB_PRESETS } from "./keras-hub-presets.js";
import type { KnownModel } from "./known-model.js";

const APACHE = "Apache-2.0";
const hub = (id: string): string => `hf://${id}`;
const tfhub = (path: string): string => `https://tfhub.dev/${path}`;
const kaggle = (path: string): string => `kaggle://${path}`;

function row(
  name: string,
  source: string,
  architecture: string,
  parameters: number,
  languages: string,
  licence: string,
  aliases: readonly string[] = [],
): KnownModel {
  return { name, source, architecture, parameters, languages, licence, aliases };
}

/** A model of the hub under its id. */
const ofHub = (id: string, ...rest: [string, number, string, string, (readonly string[])?]): KnownModel =>
  row(id, hub(id), ...rest);

/** What TensorFlow Hub and Kaggle call one of Google's models; the weights are those of the model on the hub. */
const atTensorflowHub = (name: string, onKaggle: string): readonly string[] => [
  name,
  tfhub(`tensorflow/${name}`),
  kaggle(`tensorflow/bert/tensorFlow2/${onKaggle}`),
];

/** Parameters of a BERT with the English vocabulary of 30,522 pieces. */
function bertParameters(layers: number, hidden: number): number {
  const embeddings = (30_522 + 512 + 2 + 2) * hidden;
  const layer = 12 * hidden * hidden + 13 * hidden;
  return embeddings + layers * layer + hidden * hidden + hidden;
}

/** Google's small models, by layers L and width H. @source github.com/google-research/bert, arXiv:1908.08962 */
const SMALL = [2, 4, 6, 8, 10, 12].flatMap((layers) =>
  [128, 256, 512, 768].map((hidden): KnownModel => {
    const size = `uncased_L-${layers}_H-${hidden}_A-${hidden / 64}`;
    return row(
      `small_bert/bert_en_${size}`,
      hub(`google/bert_${size}`),
      "bert",
      bertParameters(layers, hidden),
      "English",
      APACHE,
      [
        `google/bert_${size}`,
        tfhub(`tensorflow/small_bert/bert_en_${size}`),
        tfhub(`google/small_bert/bert_${size}`),
        kaggle(`tensorflow/bert/tensorFlow2/bert-en-${size.replaceAll("_", "-").toLowerCase()}`),
      ],
    );
  }),
);

/** BERT trained on other texts or for other tasks. @source tfhub.dev/google/collections/experts/bert/1 */
const EXPERTS = [
  ...["wiki_books", "wiki_books/mnli", "wiki_books/qnli", "wiki_books/qqp", "wiki_books/squad2", "wiki_books/sst2"],
  ...["pubmed", "pubmed/squad2"],
].map((name) =>
  row(
    `experts_${name.replace("/", "_")}`,
    tfhub(`google/experts/bert/${name}/2`),
    "bert",
    bertParameters(12, 768),
    "English",
    APACHE,
    [tfhub(`google/experts/bert/${name}`)],
  ),
);

/** ALBERT by sizes; of version 2 TensorFlow Hub has the same weights. */
const ALBERT = (
  [
    ["base", 11_683_584],
    ["large", 17_683_968],
    ["xlarge", 58_724_864],
    ["xxlarge", 222_595_584],
  ] as const
).flatMap(([size, parameters]) => [
  ofHub(`albert/albert-${size}-v2`, "albert", parameters, "English", APACHE, [
    `albert-${size}-v2`,
    `albert_en_${size}`,
    tfhub(`tensorflow/albert_en_${size}`),
  ]),
  ofHub(`albert/albert-${size}-v1`, "albert", parameters, "English", APACHE, [`albert-${size}-v1`]),
]);

/** ELECTRA's discriminators; TensorFlow Hub has the same weights, with a pooler that changes nothing. */
const ELECTRA = (
  [
    ["small", 13_483_008],
    ["base", 108_891_648],
    ["large", 334_092_288],
  ] as const
).map(([size, parameters]) =>
  ofHub(`google/electra-${size}-discriminator`, "electra", parameters, "English", APACHE, [
    `electra_${size}`,
    tfhub(`google/electra_${size}`),
  ]),
);

export const KNOWN_MODELS: readonly KnownModel[] = [
  row("all-MiniLM-L6-v2", "embedded", "bert", 22_713_216, "English", APACHE),
  ofHub("sentence-transformers/all-MiniLM-L6-v2", "bert", 22_713_216, "English", APACHE),
  ofHub("sentence-transformers/all-MiniLM-L12-v2", "bert", 33_360_000, "English", APACHE, ["all-MiniLM-L12-v2"]),
  ofHub("microsoft/MiniLM-L12-H384-uncased", "bert", 33_360_000, "English", "MIT", ["MiniLM-L12-H384-uncased"]),
  ...SMALL,
  ofHub("google-bert/bert-base-uncased", "bert", 109_482_240, "English", APACHE, [
    "bert-base-uncased",
    ...atTensorflowHub("bert_en_uncased_L-12_H-768_A-12", "en-uncased-l-12-h-768-a-12"),
  ]),
  ofHub("google-bert/bert-base-cased", "bert", 108_310_272, "English", APACHE, [
    "bert-base-cased",
    ...atTensorflowHub("bert_en_cased_L-12_H-768_A-12", "en-cased-l-12-h-768-a-12"),
  ]),
  ofHub("google-bert/bert-large-uncased", "bert", 335_141_888, "English", APACHE, [
    "bert-large-uncased",
    ...atTensorflowHub("bert_en_uncased_L-24_H-1024_A-16", "en-uncased-l-24-h-1024-a-16"),
  ]),
  ofHub("google-bert/bert-large-cased", "bert", 333_579_264, "English", APACHE, [
    "bert-large-cased",
    ...atTensorflowHub("bert_en_cased_L-24_H-1024_A-16", "en-cased-l-24-h-1024-a-16"),
  ]),
  ofHub("google-bert/bert-large-uncased-whole-word-masking", "bert", 335_141_888, "English", APACHE, [
    "bert-large-uncased-whole-word-masking",
    ...atTensorflowHub("bert_en_wwm_uncased_L-24_H-1024_A-16", "en-wwm-uncased-l-24-h-1024-a-16"),
  ]),
  ofHub("google-bert/bert-large-cased-whole-word-masking", "bert", 333_579_264, "English", APACHE, [
    "bert-large-cased-whole-word-masking",
    ...atTensorflowHub("bert_en_wwm_cased_L-24_H-1024_A-16", "en-wwm-cased-l-24-h-1024-a-16"),
  ]),
  ofHub("google-bert/bert-base-multilingual-cased", "bert", 177_853_440, "104 languages", APACHE, [
    "bert-base-multilingual-cased",
    ...atTensorflowHub("bert_multi_cased_L-12_H-768_A-12", "multi-cased-l-12-h-768-a-12"),
  ]),
  ofHub("google-bert/bert-base-multilingual-uncased", "bert", 167_356_416, "102 languages", APACHE, [
    "bert-base-multilingual-uncased",
  ]),
  ofHub("google-bert/bert-base-chinese", "bert", 102_267_648, "Chinese", APACHE, [
    "bert-base-chinese",
    ...atTensorflowHub("bert_zh_L-12_H-768_A-12", "zh-l-12-h-768-a-12"),
  ]),
  ofHub("google-bert/bert-base-german-cased", "bert", 109_081_344, "German", "MIT", ["bert-base-german-cased"]),
  ...EXPERTS,
  ...ALBERT,
  ...ELECTRA,
  row(
    "talking-heads_base",
    tfhub("tensorflow/talkheads_ggelu_bert_en_base/1"),
    "talking_heads_bert",
    137_834_112,
    "English",
    APACHE,
    ["talkheads_ggelu_bert_en_base"],
  ),
  row(
    "talking-heads_large",
    tfhub("tensorflow/talkheads_ggelu_bert_en_large/1"),
    "talking_heads_bert",
    435_915_776,
    "English",
    APACHE,
    ["talkheads_ggelu_bert_en_large"],
  ),
  ofHub("distilbert/distilbert-base-uncased", "distilbert", 66_362_880, "English", APACHE, ["distilbert-base-uncased"]),
  ofHub("distilbert/distilbert-base-cased", "distilbert", 65_190_912, "English", APACHE, ["distilbert-base-cased"]),
  ofHub("distilbert/distilbert-base-multilingual-cased", "distilbert", 134_734_080, "104 languages", APACHE, [
    "distilbert-base-multilingual-cased",
  ]),
  ofHub("FacebookAI/roberta-base", "roberta", 124_055_040, "English", "MIT", ["roberta-base"]),
  ofHub("FacebookAI/roberta-large", "roberta", 354_310_144, "English", "MIT", ["roberta-large"]),
  ofHub("distilbert/distilroberta-base", "roberta", 81_527_808, "English", APACHE, ["distilroberta-base"]),
  ofHub("FacebookAI/xlm-roberta-base", "xlm-roberta", 277_453_056, "100 languages", "MIT", ["xlm-roberta-base"]),
  ofHub("FacebookAI/xlm-roberta-large", "xlm-roberta", 558_840_832, "100 languages", "MIT", ["xlm-roberta-large"]),
  ofHub("microsoft/mpnet-base", "mpnet", 108_895_872, "English", "MIT", ["mpnet-base"]),
  ofHub("sentence-transformers/all-mpnet-base-v2", "mpnet", 108_895_872, "English", APACHE, ["all-mpnet-base-v2"]),
  ofHub("microsoft/deberta-v3-xsmall", "deberta-v2", 70_682_112, "English", "MIT", ["deberta-v3-xsmall"]),
  ofHub("microsoft/deberta-v3-small", "deberta-v2", 141_304_320, "English", "MIT", ["deberta-v3-small"]),
  ofHub("microsoft/deberta-v3-base", "deberta-v2", 183_831_552, "English", "MIT", ["deberta-v3-base"]),
  ofHub("microsoft/deberta-v3-large", "deberta-v2", 434_012_160, "English", "MIT", ["deberta-v3-large"]),
  ofHub("microsoft/mdeberta-v3-base", "deberta-v2", 278_218_752, "100 languages", "MIT", ["mdeberta-v3-base"]),
  ofHub("answerdotai/ModernBERT-base", "modernbert", 149_014_272, "English", APACHE, ["ModernBERT-base"]),
  ofHub("answerdotai/ModernBERT-large", "modernbert", 394_781_696, "English", APACHE, ["ModernBERT-large"]),
  ...KERAS_HUB_PRESETS,
];
