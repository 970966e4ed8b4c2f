/** Published models, as their `config.json` describes them, for the table of docs/models.md. */
import type { RawConfig } from "./random-configs.js";

/** Layers L, width D, heads H and vocabulary V of a model like BERT. */
function bertLike(
  modelType: string,
  [layers, hidden, heads, vocabulary]: readonly number[],
  own: RawConfig = {},
): RawConfig {
  return {
    ...{ model_type: modelType, vocab_size: vocabulary, hidden_size: hidden, num_hidden_layers: layers },
    ...{ num_attention_heads: heads, intermediate_size: 4 * hidden, max_position_embeddings: 512, type_vocab_size: 2 },
    ...own,
  };
}

const roberta = { max_position_embeddings: 514, type_vocab_size: 1, pad_token_id: 1, layer_norm_eps: 1e-5 };
const deberta = {
  ...{ type_vocab_size: 0, relative_attention: true, share_att_key: true, position_biased_input: false },
  ...{ norm_rel_ebd: "layer_norm", pos_att_type: "p2c|c2p", position_buckets: 256, layer_norm_eps: 1e-7 },
};

function modernBert([layers, hidden, heads, inner]: readonly number[]): RawConfig {
  return {
    ...{ model_type: "modernbert", vocab_size: 50368, hidden_size: hidden, num_hidden_layers: layers },
    ...{ num_attention_heads: heads, intermediate_size: inner, max_position_embeddings: 8192, pad_token_id: 50283 },
  };
}

const distilBert = {
  ...{ model_type: "distilbert", vocab_size: 30522, dim: 768, n_layers: 6, n_heads: 12, hidden_dim: 3072 },
  ...{ max_position_embeddings: 512, dropout: 0.1, attention_dropout: 0.1 },
};

const albert = (shape: readonly number[]): RawConfig =>
  bertLike("albert", [...shape, 30000], { embedding_size: 128, hidden_act: "gelu_new" });

export const PRESETS: Readonly<Record<string, RawConfig>> = {
  "small_bert/bert_en_uncased_L-2_H-128_A-2": bertLike("bert", [2, 128, 2, 30522]),
  "small_bert/bert_en_uncased_L-4_H-512_A-8": bertLike("bert", [4, 512, 8, 30522]),
  "small_bert/bert_en_uncased_L-8_H-512_A-8": bertLike("bert", [8, 512, 8, 30522]),
  "all-MiniLM-L6-v2": bertLike("bert", [6, 384, 12, 30522]),
  "all-MiniLM-L12-v2": bertLike("bert", [12, 384, 12, 30522]),
  "bert-base-uncased": bertLike("bert", [12, 768, 12, 30522]),
  "bert-base-multilingual-cased": bertLike("bert", [12, 768, 12, 119547]),
  "bert-large-uncased": bertLike("bert", [24, 1024, 16, 30522]),
  "distilbert-base-uncased": distilBert,
  "albert-base-v2": albert([12, 768, 12]),
  "albert-large-v2": albert([24, 1024, 16]),
  "albert-xlarge-v2": albert([24, 2048, 16]),
  "albert-xxlarge-v2": albert([12, 4096, 64]),
  "electra-small-discriminator": bertLike("electra", [12, 256, 4, 30522], { embedding_size: 128 }),
  "electra-base-discriminator": bertLike("electra", [12, 768, 12, 30522], { embedding_size: 768 }),
  "electra-large-discriminator": bertLike("electra", [24, 1024, 16, 30522], { embedding_size: 1024 }),
  "distilroberta-base": bertLike("roberta", [6, 768, 12, 50265], roberta),
  "roberta-base": bertLike("roberta", [12, 768, 12, 50265], roberta),
  "roberta-large": bertLike("roberta", [24, 1024, 16, 50265], roberta),
  "xlm-roberta-base": bertLike("xlm-roberta", [12, 768, 12, 250002], roberta),
  "xlm-roberta-large": bertLike("xlm-roberta", [24, 1024, 16, 250002], roberta),
  "mpnet-base": bertLike("mpnet", [12, 768, 12, 30527], { ...roberta, type_vocab_size: null }),
  "deberta-v3-xsmall": bertLike("deberta-v2", [12, 384, 6, 128100], deberta),
  "deberta-v3-small": bertLike("deberta-v2", [6, 768, 12, 128100], deberta),
  "deberta-v3-base": bertLike("deberta-v2", [12, 768, 12, 128100], deberta),
  "deberta-v3-large": bertLike("deberta-v2", [24, 1024, 16, 128100], deberta),
  "mdeberta-v3-base": bertLike("deberta-v2", [12, 768, 12, 251000], deberta),
  "ModernBERT-base": modernBert([22, 768, 12, 1152]),
  "ModernBERT-large": modernBert([28, 1024, 16, 2624]),
  talkheads_ggelu_bert_en_base: bertLike("talking_heads_bert", [12, 768, 12, 30522], { hidden_act: "gelu_new" }),
  talkheads_ggelu_bert_en_large: bertLike("talking_heads_bert", [24, 1024, 16, 30522], { hidden_act: "gelu_new" }),
};
