/** Configurations of every architecture for a size, as `config.json` has them: what Textune and PyTorch are both given. */

export interface Size {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
}

/** The sizes of docs/performance.md: BERT tiny, small, MiniLM-L6 and base. */
export const SIZES: Readonly<Record<string, Size>> = {
  "L2/H128": { layers: 2, hidden: 128, heads: 2 },
  "L4/H512": { layers: 4, hidden: 512, heads: 8 },
  "L6/H384": { layers: 6, hidden: 384, heads: 12 },
  "L12/H768": { layers: 12, hidden: 768, heads: 12 },
};

export type RawConfig = Readonly<Record<string, unknown>>;

/** The vocabulary of BERT, for all: its size costs time and memory of its own. */
export const VOCABULARY = 30522;

/** Positions start behind the padding token. */
const ROBERTA = { max_position_embeddings: 514, type_vocab_size: 1, pad_token_id: 1, layer_norm_eps: 1e-5 };

/** What an architecture has otherwise than BERT. */
const OWN: Readonly<Record<string, (size: Size, dropout: number) => RawConfig>> = {
  distilbert: ({ layers, hidden, heads }, dropout) => ({
    ...{ dim: hidden, n_layers: layers, n_heads: heads, hidden_dim: 4 * hidden },
    ...{ dropout, attention_dropout: dropout, seq_classif_dropout: dropout },
  }),
  roberta: () => ROBERTA,
  "xlm-roberta": () => ROBERTA,
  electra: () => ({ embedding_size: 128 }),
  albert: (_, dropout) => ({ embedding_size: 128, hidden_act: "gelu_new", classifier_dropout_prob: dropout }),
  mpnet: () => ROBERTA,
  talking_heads_bert: () => ({ hidden_act: "gelu_new" }),
  "deberta-v2": () => ({
    ...{ type_vocab_size: 0, relative_attention: true, share_att_key: true, position_biased_input: false },
    ...{ norm_rel_ebd: "layer_norm", pos_att_type: "p2c|c2p", position_buckets: 256 },
  }),
  modernbert: ({ hidden }, dropout) => ({
    ...{ intermediate_size: 1.5 * hidden, max_position_embeddings: 8192, pad_token_id: 0 },
    ...{ attention_dropout: dropout, embedding_dropout: dropout, mlp_dropout: dropout, classifier_dropout: dropout },
  }),
};

/** Those of BERT that some architectures do not know. */
const NOT_IN: Readonly<Record<string, readonly string[]>> = {
  distilbert: [
    ...["type_vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size"],
    ...["hidden_dropout_prob", "attention_probs_dropout_prob"],
  ],
  mpnet: ["type_vocab_size"],
  modernbert: ["type_vocab_size", "hidden_dropout_prob", "attention_probs_dropout_prob"],
};

/** The `config.json` of an architecture of a size, with every dropout probability set to `dropout`. */
export function configOf(modelType: string, size: Size, dropout: number): RawConfig {
  const { layers, hidden, heads } = size;
  const shared: RawConfig = {
    ...{ model_type: modelType, vocab_size: VOCABULARY, max_position_embeddings: 512, type_vocab_size: 2 },
    ...{ hidden_size: hidden, num_hidden_layers: layers, num_attention_heads: heads, intermediate_size: 4 * hidden },
    ...{ hidden_dropout_prob: dropout, attention_probs_dropout_prob: dropout },
    ...OWN[modelType]?.(size, dropout),
  };
  return Object.fromEntries(Object.entries(shared).filter(([field]) => !NOT_IN[modelType]?.includes(field)));
}
