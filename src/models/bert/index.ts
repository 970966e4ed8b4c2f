/** BERT: Devlin et al. 2018, arXiv:1810.04805. */
import { poolerHead } from "../../heads/pooler.js";
import { defineModel, type Model } from "../model.js";
import { type BertConfig, readBertConfig } from "./config.js";
import { encodeWithBert } from "./encoder.js";

export const bert: Model = defineModel<BertConfig>({
  modelType: "bert",
  classNames: { encoder: "BertModel", classifier: "BertForSequenceClassification" },
  readConfig: readBertConfig,
  sizes: (config) => ({
    vocabularySize: config.vocab_size,
    maxPositions: config.max_position_embeddings,
    tokenTypes: config.type_vocab_size,
    hiddenSize: config.hidden_size,
    layers: config.num_hidden_layers,
  }),
  withDropout: (config, probability) => ({
    ...config,
    hidden_dropout_prob: probability,
    attention_probs_dropout_prob: probability,
    classifier_dropout: probability,
  }),
  withVocabulary: (config, size) => ({ ...config, vocab_size: size }),
  wordEmbeddings: "bert.embeddings.word_embeddings.weight",
  encode: encodeWithBert,
  head: poolerHead,
  headDefaults: (config) => ({
    dropout: config.classifier_dropout ?? config.hidden_dropout_prob,
    deviation: config.initializer_range,
  }),
  fileNames: (parameter) => {
    const bare = parameter.replace(/^bert\./, "");
    const names = [...new Set([parameter, bare])];
    // Checkpoints converted from TensorFlow name the two parameters of LayerNorm gamma and beta.
    const old = names
      .filter((name) => name.includes("LayerNorm."))
      .map((name) => name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"));
    return [...names, ...old];
  },
  source: "transformers models/bert/modeling_bert.py",
});
