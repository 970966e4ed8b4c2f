/** BERT in `tf_model.h5`, as transformers saved it for TensorFlow until its version 4; the rest of its folder is Hugging Face's. */
import type { Conversion, NameRule } from "./conversion.js";

const LAYER = "bert.encoder.layer.{n}";
const STORED = "encoder/layer_._{n}";

const dense = (stored: string, name: string): NameRule[] => [
  [`${stored}/kernel:0`, `${name}.weight`, "dense"],
  [`${stored}/bias:0`, `${name}.bias`],
];
const normalization = (stored: string, name: string): NameRule[] => [
  [`${stored}/gamma:0`, `${name}.weight`],
  [`${stored}/beta:0`, `${name}.bias`],
];

export const transformersBert: Conversion = {
  name: "TFBert of transformers",
  rules: [
    ["embeddings/word_embeddings/weight:0", "bert.embeddings.word_embeddings.weight"],
    ["embeddings/position_embeddings/embeddings:0", "bert.embeddings.position_embeddings.weight"],
    ["embeddings/token_type_embeddings/embeddings:0", "bert.embeddings.token_type_embeddings.weight"],
    ...normalization("embeddings/LayerNorm", "bert.embeddings.LayerNorm"),
    ...["query", "key", "value"].flatMap((part) =>
      dense(`${STORED}/attention/self/${part}`, `${LAYER}.attention.self.${part}`),
    ),
    ...dense(`${STORED}/attention/output/dense`, `${LAYER}.attention.output.dense`),
    ...normalization(`${STORED}/attention/output/LayerNorm`, `${LAYER}.attention.output.LayerNorm`),
    ...dense(`${STORED}/intermediate/dense`, `${LAYER}.intermediate.dense`),
    ...dense(`${STORED}/output/dense`, `${LAYER}.output.dense`),
    ...normalization(`${STORED}/output/LayerNorm`, `${LAYER}.output.LayerNorm`),
    ...dense("bert/pooler/dense", "bert.pooler.dense"),
    ...dense("classifier", "classifier"),
  ],
  source: "transformers 4, modeling_tf_bert.py and modeling_tf_pytorch_utils.py",
};
