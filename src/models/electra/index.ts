/** ELECTRA's discriminator: Clark et al. 2020, arXiv:2003.10555. BERT on narrower embeddings, without a pooler. */
import type { z } from "zod";
import { denseGeluHead } from "../../heads/first-token.js";
import { bertFields, bertFileNames, bertRecord, readBertFields } from "../bert-config.js";
import { encodeAsBert } from "../bert-encoder.js";
import { defineModel, type Model } from "../model.js";
import { size } from "../read-config.js";

const schema = bertFields.extend({ embedding_size: size.default(128) });

export const electra: Model = defineModel<z.infer<typeof schema>>({
  ...bertRecord,
  modelType: "electra",
  classNames: { encoder: "ElectraModel", classifier: "ElectraForSequenceClassification" },
  readConfig: (config) => readBertFields(schema, config),
  wordEmbeddings: "electra.embeddings.word_embeddings.weight",
  encode(scope, config, inputs) {
    const { sequence } = encodeAsBert(scope, config, inputs, {
      prefix: "electra",
      embeddings: { width: config.embedding_size, projection: "embeddings_project" },
    });
    return { sequence };
  },
  head: denseGeluHead,
  fileNames: bertFileNames("electra"),
  source: "transformers models/electra/modeling_electra.py",
});
