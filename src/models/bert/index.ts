/** BERT: Devlin et al. 2018, arXiv:1810.04805. */
import { poolerHead } from "../../heads/pooler.js";
import { type BertConfig, bertFields, bertFileNames, bertRecord, readBertFields } from "../bert-config.js";
import { encodeAsBert } from "../bert-encoder.js";
import { defineModel, type Model } from "../model.js";

export const bert: Model = defineModel<BertConfig>({
  ...bertRecord,
  modelType: "bert",
  classNames: { encoder: "BertModel", classifier: "BertForSequenceClassification" },
  readConfig: (config) => readBertFields(bertFields, config),
  wordEmbeddings: "bert.embeddings.word_embeddings.weight",
  encode: (scope, config, inputs) => encodeAsBert(scope, config, inputs, { prefix: "bert" }),
  head: poolerHead,
  fileNames: bertFileNames("bert"),
  source: "transformers models/bert/modeling_bert.py",
});
