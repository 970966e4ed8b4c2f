/** The configuration of BERT as Hugging Face writes it. */
import { z } from "zod";
import { fail } from "../../base/errors.js";

const size = z.number().int().positive();
const probability = z.number().min(0).lt(1);

const schema = z.object({
  vocab_size: size,
  hidden_size: size,
  num_hidden_layers: z.number().int().min(1),
  num_attention_heads: size,
  intermediate_size: size,
  max_position_embeddings: size,
  type_vocab_size: size.default(2),
  hidden_act: z.literal("gelu").default("gelu"),
  position_embedding_type: z.literal("absolute").default("absolute"),
  is_decoder: z.literal(false).default(false),
  layer_norm_eps: z.number().positive().default(1e-12),
  initializer_range: z.number().positive().default(0.02),
  hidden_dropout_prob: probability.default(0.1),
  attention_probs_dropout_prob: probability.default(0.1),
  classifier_dropout: probability.nullish(),
});

/**
 * The fields of `config.json` that decide what is computed; defaults are those of transformers' BertConfig.
 * Only what Textune computes exactly is accepted: the erf form of GELU and absolute positions.
 */
export type BertConfig = z.infer<typeof schema>;

/** Checks a `config.json`; throws E_WEIGHTS naming the first field that is wrong. */
export function readBertConfig(config: Readonly<Record<string, unknown>>): BertConfig {
  const parsed = schema.safeParse(config);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    const field = path.join(".");
    fail("E_WEIGHTS", {
      where: `config.json, ${field}`,
      expected: message.replace(/^Invalid input: expected /, ""),
      got: JSON.stringify(config[field]) ?? "nothing",
    });
  }
  const { hidden_size, num_attention_heads } = parsed.data;
  if (hidden_size % num_attention_heads !== 0) {
    fail("E_WEIGHTS", {
      where: "config.json, hidden_size",
      expected: `a multiple of num_attention_heads (${num_attention_heads})`,
      got: String(hidden_size),
    });
  }
  return parsed.data;
}
