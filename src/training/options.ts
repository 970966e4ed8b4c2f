/**
 * The options of training: one schema for the API, the command line and configuration files.
 *
 * Names are those of Hugging Face's TrainingArguments in camelCase, but `epochs` and `batchSize`, which are Keras'.
 * `npm run build:options` writes the types that editors show from it.
 */
import { z } from "zod";
import { resolveOptions } from "../base/resolve-options.js";
import { OPTIMIZER_NAMES, optimizerFields } from "../optimizers/registry.js";
import { SCHEDULE_NAMES } from "../optimizers/schedule.js";
import { TRUNCATION_STRATEGIES } from "../tokenizers/truncate.js";
import { TOKENS_PER_PASS } from "./batch-plan.js";
import type { ResolvedTrainingOptions, TrainingOptions } from "./training-options.js";

const count = z.number().int().positive();
const fraction = z.number().min(0).max(1);

export const trainingOptions = z.strictObject({
  epochs: z.number().positive().default(3).describe("passes over the training set"),
  batchSize: count.default(32).describe("texts per step"),
  learningRate: z.number().positive().default(5e-5).describe("highest learning rate"),
  lrSchedulerType: z.enum(SCHEDULE_NAMES).default("linear").describe("how the learning rate goes on after the warm-up"),
  warmupRatio: fraction.default(0.1).describe("share of the steps in which the learning rate rises"),
  warmupSteps: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe("steps in which the learning rate rises; goes before warmupRatio"),
  weightDecay: z.number().min(0).default(0.01).describe("weight decay of all but biases and normalisations"),
  optim: z.enum(OPTIMIZER_NAMES).default("adamw").describe("optimizer"),
  ...optimizerFields,
  maxGradNorm: z.number().positive().default(1).describe("global norm to which gradients are clipped"),
  gradientAccumulationSteps: count.default(1).describe("batches whose gradients make one step"),
  maxLength: count.default(128).describe("tokens per text, [CLS] and [SEP] included; longer texts lose their end"),
  truncation: z
    .enum(TRUNCATION_STRATEGIES)
    .default("longest_first")
    .describe("which text of a pair is cut where both together are too long"),
  groupByLength: z.boolean().default(true).describe("make batches of texts of like length"),
  padToMultipleOf: count
    .default(1)
    .describe("batches are padded to a multiple of this many tokens; 1 pads least, 8 suits tensor cores"),
  tokensPerPass: count
    .default(TOKENS_PER_PASS)
    .describe("tokens that pass through the model at once: larger batches are computed in parts"),
  gradientCheckpointing: z
    .boolean()
    .default(false)
    .describe("compute layers anew for their gradients instead of keeping them: less memory, a third more work"),
  compactVocabulary: z
    .boolean()
    .default(true)
    .describe("train only the embedding rows whose token occurs; the others decay as they would"),
  tokenCache: z
    .boolean()
    .default(true)
    .describe("keep the tokens of large data on disk, for the next run on the same texts"),
  freeze: z
    .string()
    .regex(/^(none|embeddings|encoder|[1-9]\d*)$/, '"none", "embeddings", "encoder" or a number of layers')
    .default("none")
    .describe('what is not trained: "embeddings", these and the first layers (a number), or the whole "encoder"'),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe("dropout probability everywhere; as in the model's configuration by default"),
  seed: z.number().int().min(0).default(42).describe("seed of shuffling, dropout and new weights"),
  loadBestModelAtEnd: z
    .boolean()
    .default(true)
    .describe("keep the weights of the best validated epoch instead of the last"),
  metricForBestModel: z
    .string()
    .optional()
    .describe("metric by which the best epoch is chosen; by default the task's, which is macroF1 for classes"),
  threads: count.optional().describe("processor threads; all cores by default"),
});

/**
 * Fills in defaults and checks.
 *
 * @throws E_CONFIG naming the option, with the nearest name where it is unknown
 */
export function resolveTrainingOptions(options: TrainingOptions): ResolvedTrainingOptions {
  return resolveOptions(trainingOptions, options);
}

/** The place up to which (see Place) parameters of the encoder are frozen, by the option `freeze`; -1 for none. */
export function frozenDepth(freeze: string): number {
  const named: Readonly<Record<string, number>> = { none: -1, embeddings: 0, encoder: Number.MAX_SAFE_INTEGER };
  return named[freeze] ?? Number(freeze);
}
