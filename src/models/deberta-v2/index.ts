/** DeBERTa-v3: He et al. 2021, arXiv:2111.09543. Its files say "deberta-v2", of which it is a kind. */
import { poolerHead } from "../../heads/pooler.js";
import { bertFileNames } from "../bert-config.js";
import { defineModel, type Model } from "../model.js";
import { type DebertaConfig, readDebertaConfig } from "./config.js";
import { encodeWithDeberta } from "./encoder.js";

export const debertaV2: Model = defineModel<DebertaConfig>({
  modelType: "deberta-v2",
  classNames: { encoder: "DebertaV2Model", classifier: "DebertaV2ForSequenceClassification" },
  readConfig: readDebertaConfig,
  sizes: (config) => ({
    vocabularySize: config.vocab_size,
    maxPositions: config.max_position_embeddings,
    tokenTypes: 1,
    hiddenSize: config.hidden_size,
    layers: config.num_hidden_layers,
  }),
  withDropout: (config, dropped) => ({
    ...config,
    hidden_dropout_prob: dropped,
    attention_probs_dropout_prob: dropped,
    cls_dropout: dropped,
    pooler_dropout: dropped,
  }),
  withVocabulary: (config, vocab_size) => ({ ...config, vocab_size }),
  wordEmbeddings: "deberta.embeddings.word_embeddings.weight",
  encode: encodeWithDeberta,
  head: poolerHead,
  headDefaults: (config) => ({
    dropout: config.cls_dropout ?? config.hidden_dropout_prob,
    deviation: config.initializer_range,
  }),
  fileNames: bertFileNames("deberta"),
  loraTargets: ["query_proj", "value_proj"],
  source: "transformers models/deberta_v2/modeling_deberta_v2.py",
});
