/** The configuration of ModernBERT as Hugging Face writes it, in the form of transformers 4 and in that of 5. */
import { z } from "zod";
import { fail } from "../../base/errors.js";
import { activation, checkHeads, probability, readFields, size } from "../read-config.js";

const ATTENTIONS = ["full_attention", "sliding_attention"] as const;
export type AttentionKind = (typeof ATTENTIONS)[number];

const rotation = z.strictObject({
  rope_type: z.literal("default").default("default"),
  rope_theta: z.number().positive().optional(),
});

const fields = z.object({
  vocab_size: size,
  hidden_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  intermediate_size: size,
  max_position_embeddings: size.default(8192),
  hidden_activation: activation.default("gelu"),
  norm_eps: z.number().positive().default(1e-5),
  /** Written beside `norm_eps` and never read. */
  layer_norm_eps: z.number().optional(),
  initializer_range: z.number().positive().default(0.02),
  /** New weights are drawn without cutting off the rare far ones. */
  initializer_cutoff_factor: z.number().nullish(),
  attention_dropout: probability.default(0),
  embedding_dropout: probability.default(0),
  mlp_dropout: probability.default(0),
  classifier_dropout: probability.default(0),
  classifier_pooling: z.enum(["cls", "mean"]).default("cls"),
  classifier_activation: activation.default("gelu"),
  /** Tokens that a local layer sees, half of them on each side. */
  local_attention: size.default(128),
  layer_types: z.array(z.enum(ATTENTIONS)).nullish(),
  global_attn_every_n_layers: size.default(3),
  rope_parameters: z.strictObject({ full_attention: rotation, sliding_attention: rotation }).partial().nullish(),
  global_rope_theta: z.number().positive().default(160_000),
  local_rope_theta: z.number().positive().nullish(),
  ...Object.fromEntries(
    ["attention_bias", "mlp_bias", "norm_bias", "classifier_bias"].map((name) => [
      name,
      z.literal(false).default(false),
    ]),
  ),
  // Of pre-training, or of a way to run the same on a GPU.
  decoder_bias: z.boolean().optional(),
  deterministic_flash_attn: z.boolean().optional(),
  sparse_prediction: z.boolean().optional(),
  sparse_pred_ignore_index: z.number().optional(),
  reference_compile: z.boolean().nullish(),
  repad_logits_with_grad: z.boolean().optional(),
});

export interface ModernBertConfig extends z.infer<typeof fields> {
  /** Of each layer. */
  readonly attentions: readonly AttentionKind[];
  /** The base of the angles of rotary positions. */
  readonly theta: Readonly<Record<AttentionKind, number>>;
}

/** Checks a `config.json`. @throws E_WEIGHTS naming the field that is wrong */
export function readModernBertConfig(config: Readonly<Record<string, unknown>>): ModernBertConfig {
  const read = readFields(fields, config);
  const { hidden_size, num_attention_heads, num_hidden_layers, layer_types, rope_parameters } = read;
  checkHeads("hidden_size", hidden_size, num_attention_heads);
  if ((hidden_size / num_attention_heads) % 2 !== 0)
    fail("E_WEIGHTS", {
      where: "config.json, hidden_size",
      expected: "heads of an even width, for its halves turn together",
      got: `${num_attention_heads} of ${hidden_size / num_attention_heads}`,
    });
  const attentions =
    layer_types ??
    Array.from({ length: num_hidden_layers }, (_, layer) =>
      layer % read.global_attn_every_n_layers === 0 ? "full_attention" : "sliding_attention",
    );
  if (attentions.length !== num_hidden_layers)
    fail("E_WEIGHTS", {
      where: "config.json, layer_types",
      expected: `one for each of the ${num_hidden_layers} layers`,
      got: String(attentions.length),
    });
  return {
    ...read,
    attentions,
    theta: {
      full_attention: rope_parameters?.full_attention?.rope_theta ?? read.global_rope_theta,
      sliding_attention: rope_parameters?.sliding_attention?.rope_theta ?? read.local_rope_theta ?? 10_000,
    },
  };
}
