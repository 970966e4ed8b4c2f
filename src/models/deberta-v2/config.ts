/** The configuration of DeBERTa-v3 as Hugging Face writes it, under the type "deberta-v2". */
import { z } from "zod";
import { fail } from "../../base/errors.js";
import { activation, checkHeads, probability, readFields, size } from "../read-config.js";

/** "p2c|c2p", or the same as a list. */
const positionAttention = z
  .union([z.string().transform((text) => text.toLowerCase().split("|")), z.array(z.string())])
  .refine((kinds) => ["c2p", "p2c"].every((kind) => kinds.some((one) => one.trim() === kind)), 'expected "p2c|c2p"');

const fields = z.object({
  vocab_size: size,
  hidden_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  intermediate_size: size,
  max_position_embeddings: size.default(512),
  hidden_act: activation.default("gelu"),
  layer_norm_eps: z.number().positive().default(1e-7),
  initializer_range: z.number().positive().default(0.02),
  hidden_dropout_prob: probability.default(0.1),
  attention_probs_dropout_prob: probability.default(0.1),
  cls_dropout: probability.nullish(),
  pooler_dropout: probability.default(0),
  pooler_hidden_act: activation.default("gelu"),
  pooler_hidden_size: size.optional(),
  /** Distances that are told apart, half of them exactly; the others by their logarithm. */
  position_buckets: size,
  /** The distance from which on all are one. */
  max_relative_positions: z.number().int().default(-1),
  // What DeBERTa-v3 has, and of older versions some have otherwise.
  relative_attention: z.literal(true),
  share_att_key: z.literal(true),
  norm_rel_ebd: z.literal("layer_norm"),
  position_biased_input: z.literal(false),
  pos_att_type: positionAttention,
  type_vocab_size: z.literal(0).default(0),
  conv_kernel_size: z.literal(0).optional(),
  /** Of pre-training. */
  legacy: z.boolean().optional(),
});

export interface DebertaConfig extends z.infer<typeof fields> {
  /** The distance from which on all are one: `max_relative_positions`, where it is given. */
  readonly farthest: number;
}

/** Checks a `config.json`. @throws E_WEIGHTS naming the field that is wrong */
export function readDebertaConfig(config: Readonly<Record<string, unknown>>): DebertaConfig {
  const read = readFields(fields, config);
  checkHeads("hidden_size", read.hidden_size, read.num_attention_heads);
  const { hidden_size, pooler_hidden_size = hidden_size, max_relative_positions, max_position_embeddings } = read;
  if (pooler_hidden_size !== hidden_size)
    fail("E_WEIGHTS", {
      where: "config.json, pooler_hidden_size",
      expected: `hidden_size (${hidden_size})`,
      got: String(pooler_hidden_size),
    });
  return { ...read, farthest: max_relative_positions < 1 ? max_position_embeddings : max_relative_positions };
}
