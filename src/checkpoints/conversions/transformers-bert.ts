/** BERT in `tf_model.h5`, as transformers saved it for TensorFlow until its version 4; the rest of its folder is Hugging Face's. */
import { bertLayers, type Conversion, dense, normalization } from "./conversion.js";

/** TensorFlow counts the outputs of an operation; a variable has one. */
const ENDING = ":0";

export const transformersBert: Conversion = {
  name: "TFBert of transformers",
  rules: [
    ["embeddings/word_embeddings/weight:0", "bert.embeddings.word_embeddings.weight"],
    ["embeddings/position_embeddings/embeddings:0", "bert.embeddings.position_embeddings.weight"],
    ["embeddings/token_type_embeddings/embeddings:0", "bert.embeddings.token_type_embeddings.weight"],
    ...normalization("embeddings/LayerNorm", "bert.embeddings.LayerNorm", ENDING),
    ...bertLayers("encoder/layer_._{n}", "bert.encoder.layer.{n}", ENDING),
    ...dense("bert/pooler/dense", "bert.pooler.dense", ENDING),
    ...dense("classifier", "classifier", ENDING),
  ],
  source: "transformers 4, modeling_tf_bert.py and modeling_tf_pytorch_utils.py",
};
