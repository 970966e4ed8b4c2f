/** ModernBERT: Warner et al. 2024, arXiv:2412.13663. */
import { poolerHead } from "../../heads/pooler.js";
import { defineModel, type Model } from "../model.js";
import { type ModernBertConfig, readModernBertConfig } from "./config.js";
import { encodeWithModernBert } from "./encoder.js";

export const modernBert: Model = defineModel<ModernBertConfig>({
  modelType: "modernbert",
  classNames: { encoder: "ModernBertModel", classifier: "ModernBertForSequenceClassification" },
  readConfig: readModernBertConfig,
  sizes: (config) => ({
    vocabularySize: config.vocab_size,
    maxPositions: config.max_position_embeddings,
    tokenTypes: 1,
    hiddenSize: config.hidden_size,
    layers: config.num_hidden_layers,
  }),
  withDropout: (config, dropped) => ({
    ...config,
    attention_dropout: dropped,
    embedding_dropout: dropped,
    mlp_dropout: dropped,
    classifier_dropout: dropped,
  }),
  withVocabulary: (config, vocab_size) => ({ ...config, vocab_size }),
  wordEmbeddings: "model.embeddings.tok_embeddings.weight",
  encode: encodeWithModernBert,
  head: poolerHead,
  headDefaults: (config) => ({ dropout: config.classifier_dropout, deviation: config.hidden_size ** -0.5 }),
  // The encoder alone is stored without the name of the model.
  fileNames: (parameter) => [...new Set([parameter, parameter.replace(/^model\./, "")])],
  loraTargets: ["Wqkv"],
  source: "transformers models/modernbert/modeling_modernbert.py",
});
