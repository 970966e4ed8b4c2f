/** RoBERTa and XLM-RoBERTa of KerasHub. */
import type { WeightReader } from "../weight-reader.js";
import {
  BERT_LAYER,
  commonConfig,
  type KerasHubModel,
  kerasHubClassifier,
  kerasHubPreset,
  pair,
  transformerEncoders,
  wordsAndPositions,
} from "./keras-hub.js";

const WORDS = "roberta.embeddings.word_embeddings.weight";
const POSITIONS = "roberta.embeddings.position_embeddings.weight";
const SEGMENTS = "roberta.embeddings.token_type_embeddings.weight";
/** The rows of Hugging Face's table before the position of the first token: up to the id of padding, which is 1. */
const ROWS_BEFORE = 2;

/**
 * Hugging Face's tables from those of KerasHub, which leaves out what RoBERTa never reads: the rows of positions before
 * that of the first token, and what is added for the one segment, which is zero.
 */
function withUnreadRows(weights: WeightReader): WeightReader {
  if (!weights.names.includes(WORDS)) return weights;
  return {
    ...weights,
    names: [...weights.names, SEGMENTS],
    shape(name) {
      if (name === SEGMENTS) return [1, ...weights.shape(WORDS).slice(1)];
      const [rows, ...width] = weights.shape(name);
      return name === POSITIONS ? [rows + ROWS_BEFORE, ...width] : weights.shape(name);
    },
    async read(name) {
      if (name === SEGMENTS) return new Float32Array(weights.shape(WORDS)[1]);
      const values = await weights.read(name);
      if (name !== POSITIONS) return values;
      const table = new Float32Array(values.length + ROWS_BEFORE * weights.shape(POSITIONS)[1]);
      table.set(values, table.length - values.length);
      return table;
    },
  };
}

const roberta = (
  own: Pick<KerasHubModel, "name" | "folder" | "readTokenizer" | "assets">,
  modelType: string,
): KerasHubModel => ({
  ...own,
  encoder: (layers) => [
    ...wordsAndPositions(layers, "roberta.embeddings"),
    ...transformerEncoders(layers, "roberta.encoder.layer.{n}", BERT_LAYER),
  ],
  head: (layers) => [
    ...pair(`${layers}/dense`, "classifier.dense", "dense"),
    ...pair(`${layers}/dense_1`, "classifier.out_proj", "dense"),
  ],
  readConfig: (backbone) => ({
    model_type: modelType,
    ...commonConfig(backbone),
    max_position_embeddings: (backbone.max_sequence_length as number) + ROWS_BEFORE,
    type_vocab_size: 1,
    pad_token_id: ROWS_BEFORE - 1,
    layer_norm_eps: 1e-5,
  }),
  complete: withUnreadRows,
});

const bytes = roberta(
  {
    name: "Roberta",
    folder: "roberta",
    readTokenizer: () => ({ tokenizer_class: "RobertaTokenizer" }),
    assets: { "assets/tokenizer/vocabulary.json": "vocab.json", "assets/tokenizer/merges.txt": "merges.txt" },
  },
  "roberta",
);
const multilingual = roberta(
  {
    name: "XLMRoberta",
    folder: "xlm_roberta",
    readTokenizer: () => ({ tokenizer_class: "XLMRobertaTokenizer" }),
    assets: { "assets/tokenizer/vocabulary.spm": "sentencepiece.bpe.model" },
  },
  "xlm-roberta",
);

export const kerasHubRoberta = kerasHubPreset(bytes);
export const kerasHubRobertaClassifier = kerasHubClassifier(bytes);
export const kerasHubXlmRoberta = kerasHubPreset(multilingual);
export const kerasHubXlmRobertaClassifier = kerasHubClassifier(multilingual);
