/** A `config.json` as the checked configuration of an architecture: every field is known, or it is an error. */
import { z } from "zod";
import { fail } from "../base/errors.js";
import { HIDDEN_ACTIVATION_NAMES } from "../nn/activations.js";

/** A width, or a number of rows or heads. */
export const size = z.number().int().positive();
/** Of dropout. */
export const probability = z.number().min(0).lt(1);
/** The activation of the feed-forward part. */
export const activation = z.enum(HIDDEN_ACTIVATION_NAMES);

/**
 * Fields that say nothing of what an encoder computes: who made the model, special tokens, labels, how a program is to
 * run it, and what older versions of transformers wrote for every model. Some have to have a value that changes nothing.
 *
 * @source transformers configuration_utils.py PreTrainedConfig, of versions 2 to 5
 */
const NEUTRAL_FIELDS: ReadonlySet<string> = new Set(
  `architectures model_type _name_or_path name_or_path transformers_version tokenizer_class license
  language textune transformers.js_config
  id2label label2id num_labels _num_labels problem_type finetuning_task task_specific_params
  torch_dtype dtype use_bfloat16 torchscript return_dict use_cache output_attentions output_hidden_states output_past
  pad_token_id bos_token_id eos_token_id sep_token_id cls_token_id mask_token_id unk_token_id decoder_start_token_id
  tie_word_embeddings tie_encoder_decoder tie_weights_ prefix chunk_size_feed_forward gradient_checkpointing
  _attn_implementation _attn_implementation_autoset attn_implementation initializer_factor
  max_length min_length do_sample early_stopping num_beams num_beam_groups diversity_penalty temperature top_k top_p
  typical_p repetition_penalty length_penalty no_repeat_ngram_size encoder_no_repeat_ngram_size bad_words_ids
  num_return_sequences output_scores return_dict_in_generate forced_bos_token_id forced_eos_token_id
  remove_invalid_values exponential_decay_length_penalty suppress_tokens begin_suppress_tokens tf_legacy_loss
  directionality pooler_fc_size pooler_num_attention_heads pooler_num_fc_layers pooler_size_per_head pooler_type
  summary_type summary_use_proj summary_activation summary_last_dropout qa_dropout generator_size model_max_length
  sbert_ce_default_activation_function sentence_transformers _commit_hash`.split(/\s+/),
);

/** Fields that every configuration may have, with the values of which an encoder is one that Textune computes. */
const FIXED_FIELDS: Readonly<Record<string, readonly unknown[]>> = {
  is_decoder: [false],
  is_encoder_decoder: [false],
  add_cross_attention: [false],
  cross_attention_hidden_size: [null],
  position_embedding_type: ["absolute"],
};

/**
 * `config` by `schema`, defaults filled in.
 *
 * @throws E_WEIGHTS naming the first field that is wrong, or that neither the schema nor all configurations have: the
 *   model might compute something else because of it
 */
export function readFields<S extends z.ZodObject>(schema: S, config: Readonly<Record<string, unknown>>): z.output<S> {
  const failFor = (field: string, expected: string, fix?: string): never =>
    fail("E_WEIGHTS", {
      where: `config.json, ${field}`,
      expected,
      got: JSON.stringify(config[field]) ?? "nothing",
      ...(fix === undefined ? {} : { fix }),
    });
  for (const [field, value] of Object.entries(config)) {
    const fixed = FIXED_FIELDS[field];
    if (fixed !== undefined && !fixed.includes(value))
      failFor(field, fixed.map((one) => JSON.stringify(one)).join(" or "));
    if (fixed === undefined && !(field in schema.shape) && !NEUTRAL_FIELDS.has(field) && !isEmpty(value))
      failFor(field, "no such field", "Textune does not know what it changes: choose a model without it");
  }
  const parsed = schema.safeParse(config);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  return failFor(path.join("."), message.replace(/^Invalid (input|option): expected |, received .*$/g, ""));
}

/** Nothing is asked for by a field of null, false or an empty list or object. */
function isEmpty(value: unknown): boolean {
  return value === null || value === false || (typeof value === "object" && Object.keys(value).length === 0);
}

/** @throws E_WEIGHTS where `hidden`, of the field `field`, cannot be cut into `heads` equal parts */
export function checkHeads(field: string, hidden: number, heads: number): void {
  if (hidden % heads !== 0)
    fail("E_WEIGHTS", {
      where: `config.json, ${field}`,
      expected: `a multiple of the ${heads} heads`,
      got: String(hidden),
    });
}
