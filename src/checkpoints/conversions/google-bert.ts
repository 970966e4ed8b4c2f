/** BERT as Google released it, for TensorFlow 1: `bert_model.ckpt` with `bert_config.json` and `vocab.txt`. */
import { bertLayers, type Conversion, dense, normalization } from "./conversion.js";

export const googleBert: Conversion = {
  name: "BERT of google-research/bert",
  rules: [
    ["bert/embeddings/word_embeddings", "bert.embeddings.word_embeddings.weight"],
    ["bert/embeddings/token_type_embeddings", "bert.embeddings.token_type_embeddings.weight"],
    ["bert/embeddings/position_embeddings", "bert.embeddings.position_embeddings.weight"],
    ...normalization("bert/embeddings/LayerNorm", "bert.embeddings.LayerNorm"),
    ...bertLayers("bert/encoder/layer_{n}", "bert.encoder.layer.{n}"),
    ...dense("bert/pooler/dense", "bert.pooler.dense"),
    // The head of run_classifier.py: [C, D], not transposed.
    ["/output_weights", "classifier.weight"],
    ["/output_bias", "classifier.bias"],
  ],
  configFile: "bert_config.json",
  readConfig: (config) => ("hidden_size" in config ? { model_type: "bert", ...config } : undefined),
  source: "github.com/google-research/bert modeling.py; transformers convert_bert_original_tf_checkpoint_to_pytorch.py",
};
