/** What BERT and its descendants have in common: the fields of their configurations and the names in their files. */
import { z } from "zod";
import type { EncoderSizes, ModelSpec } from "./model.js";
import { activation, checkHeads, probability, readFields, size } from "./read-config.js";

/** The fields that decide what is computed, with the defaults of transformers' BertConfig. */
export const bertFields = z.object({
  vocab_size: size,
  hidden_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  intermediate_size: size,
  max_position_embeddings: size,
  type_vocab_size: size.default(2),
  hidden_act: activation.default("gelu"),
  layer_norm_eps: z.number().positive().default(1e-12),
  initializer_range: z.number().positive().default(0.02),
  hidden_dropout_prob: probability.default(0.1),
  attention_probs_dropout_prob: probability.default(0.1),
  classifier_dropout: probability.nullish(),
});
export type BertConfig = z.infer<typeof bertFields>;

/** What all configurations with these fields have; some architectures have no segments, or no dropout of the head alone. */
export type CoreConfig = Omit<BertConfig, "type_vocab_size" | "classifier_dropout"> &
  Partial<Pick<BertConfig, "type_vocab_size" | "classifier_dropout">>;

/** `config` by `schema`, which has the fields of BERT. @throws E_WEIGHTS naming the field that is wrong */
export function readBertFields<S extends z.ZodObject & z.ZodType<CoreConfig>>(
  schema: S,
  config: Readonly<Record<string, unknown>>,
): z.output<S> {
  const read = readFields(schema, config);
  checkHeads("hidden_size", read.hidden_size, read.num_attention_heads);
  return read;
}

/** What a record says of a configuration with the fields of BERT. */
export const bertRecord = {
  loraTargets: ["query", "value"],
  sizes: (config: CoreConfig): EncoderSizes => ({
    vocabularySize: config.vocab_size,
    maxPositions: config.max_position_embeddings,
    tokenTypes: config.type_vocab_size ?? 1,
    hiddenSize: config.hidden_size,
    layers: config.num_hidden_layers,
  }),
  withDropout: <C extends CoreConfig>(config: C, dropped: number): C => ({
    ...config,
    hidden_dropout_prob: dropped,
    attention_probs_dropout_prob: dropped,
    classifier_dropout: dropped,
  }),
  withVocabulary: <C extends CoreConfig>(config: C, vocab_size: number): C => ({ ...config, vocab_size }),
  headDefaults: (config: CoreConfig) => ({
    dropout: config.classifier_dropout ?? config.hidden_dropout_prob,
    deviation: config.initializer_range,
  }),
} satisfies Partial<ModelSpec<BertConfig>>;

/**
 * Names under which a parameter may stand in a file: with and without the name `prefix` of the encoder, and as
 * checkpoints converted from TensorFlow name the two parameters of LayerNorm.
 */
export function bertFileNames(prefix: string): (parameter: string) => readonly string[] {
  return (parameter) => {
    const bare = parameter.startsWith(`${prefix}.`) ? parameter.slice(prefix.length + 1) : parameter;
    const names = [...new Set([parameter, bare])];
    const old = names
      .filter((name) => name.includes("LayerNorm."))
      .map((name) => name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"));
    return [...names, ...old];
  };
}
