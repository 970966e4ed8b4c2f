/** What RoBERTa and XLM-RoBERTa have in common: all but their tokenizer and their name. */
import { z } from "zod";
import { denseTanhHead } from "../heads/first-token.js";
import { bertFields, bertFileNames, bertRecord, readBertFields } from "./bert-config.js";
import { encodeAsBert } from "./bert-encoder.js";
import { defineModel, type Model, type ModelSpec } from "./model.js";

/** Positions are counted from the row after that of the padding token's id. */
const schema = bertFields.extend({ pad_token_id: z.number().int().min(0).default(1) });
type RobertaConfig = z.infer<typeof schema>;

/**
 * RoBERTa's encoder under `modelType`: BERT's, without segments, and with positions that start behind the id of the
 * padding token. (transformers gives padding that id's position too; it is masked, so that nothing changes by it.)
 *
 * @source arXiv:1907.11692; transformers modeling_roberta.py RobertaEmbeddings
 */
export function robertaModel(own: Pick<ModelSpec<RobertaConfig>, "modelType" | "classNames" | "source">): Model {
  return defineModel<RobertaConfig>({
    ...bertRecord,
    ...own,
    readConfig: (config) => readBertFields(schema, config),
    sizes: (config) => ({
      ...bertRecord.sizes(config),
      maxPositions: config.max_position_embeddings - config.pad_token_id - 1,
    }),
    wordEmbeddings: "roberta.embeddings.word_embeddings.weight",
    encode: (scope, config, inputs) =>
      encodeAsBert(scope, config, inputs, {
        prefix: "roberta",
        skippedPositions: config.pad_token_id + 1,
        segments: "first",
      }),
    head: denseTanhHead,
    fileNames: bertFileNames("roberta"),
  });
}
