/**
 * BERT with talking-heads attention (Shazeer et al. 2020, arXiv:2003.02436) and gated GELU (Shazeer 2020,
 * arXiv:2002.05202). Hugging Face has none: the type and the names of what is new are Textune's.
 */
import { poolerHead } from "../../heads/pooler.js";
import { type BertConfig, bertFields, bertFileNames, bertRecord, readBertFields } from "../bert-config.js";
import { defineModel, type Model } from "../model.js";
import { encodeWithTalkingHeads } from "./encoder.js";

export const talkingHeadsBert: Model = defineModel<BertConfig>({
  ...bertRecord,
  modelType: "talking_heads_bert",
  classNames: { encoder: "TalkingHeadsBertModel", classifier: "TalkingHeadsBertForSequenceClassification" },
  readConfig: (config) => readBertFields(bertFields, config),
  wordEmbeddings: "bert.embeddings.word_embeddings.weight",
  encode: encodeWithTalkingHeads,
  head: poolerHead,
  fileNames: bertFileNames("bert"),
  source: "tensorflow/models official/nlp/modeling, as of TensorFlow Hub's talkheads_ggelu_bert_en_base",
});
