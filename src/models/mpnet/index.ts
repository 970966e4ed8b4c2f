/** MPNet: Song et al. 2020, arXiv:2004.09297. BERT with a bias of attention by how far apart two tokens are. */
import type { z } from "zod";
import { denseTanhHead } from "../../heads/first-token.js";
import type { LayerNames } from "../../nn/post-norm-layer.js";
import { bertFields, bertFileNames, bertRecord, readBertFields } from "../bert-config.js";
import { encodeAsBert } from "../bert-encoder.js";
import { defineModel, type Model } from "../model.js";
import { size } from "../read-config.js";

const schema = bertFields
  .omit({ type_vocab_size: true, classifier_dropout: true })
  .extend({ relative_attention_num_buckets: size.default(32) });

const LAYER: LayerNames = {
  query: "attention.attn.q",
  key: "attention.attn.k",
  value: "attention.attn.v",
  attended: "attention.attn.o",
  attendedNorm: "attention.LayerNorm",
  inner: "intermediate.dense",
  output: "output.dense",
  outputNorm: "output.LayerNorm",
};

/** Positions start behind the id of the padding token, which no configuration changes. */
const SKIPPED = 2;

export const mpnet: Model = defineModel<z.infer<typeof schema>>({
  ...bertRecord,
  loraTargets: ["q", "v"],
  modelType: "mpnet",
  classNames: { encoder: "MPNetModel", classifier: "MPNetForSequenceClassification" },
  readConfig: (config) => readBertFields(schema, config),
  sizes: (config) => ({
    ...bertRecord.sizes(config),
    maxPositions: config.max_position_embeddings - SKIPPED,
  }),
  wordEmbeddings: "mpnet.embeddings.word_embeddings.weight",
  encode: (scope, config, inputs) =>
    encodeAsBert(scope, config, inputs, {
      prefix: "mpnet",
      names: LAYER,
      skippedPositions: SKIPPED,
      segments: "none",
      relativeBias: { buckets: config.relative_attention_num_buckets, maxDistance: 128 },
    }),
  head: denseTanhHead,
  fileNames: bertFileNames("mpnet"),
  source: "transformers models/mpnet/modeling_mpnet.py",
});
