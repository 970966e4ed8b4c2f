/**
 * The options of training: one schema for the API, the command line and configuration files.
 *
 * Names are those of Hugging Face's TrainingArguments in camelCase, but `epochs` and `batchSize`, which are Keras'.
 * `npm run build:options` writes the types that editors show from it.
 */

import { z } from "zod";
import { fail } from "../base/errors.js";
import { DEFAULT_SEED } from "../base/random.js";
import { resolveOptions } from "../base/resolve-options.js";
import { OPTIMIZER_NAMES, optimizerFields, optimizerOf } from "../optimizers/registry.js";
import { SCHEDULE_NAMES } from "../optimizers/schedule.js";
import { LONG_TEXTS, type LongTexts, WINDOW_SCORES } from "../tokenizers/long-texts.js";
import type { EncodeOptions } from "../tokenizers/tokenizer.js";
import { TRUNCATION_STRATEGIES, type TruncationStrategy } from "../tokenizers/truncate.js";
import { TOKENS_PER_PASS } from "./batch-plan.js";
import type { ResolvedTrainingOptions, TrainingOptions } from "./training-options.js";

const count = z.number().int().positive();
const fraction = z.number().min(0).max(1);

/** What is trained, and how. */
const MODES = ["full", "linear", "contrastive"] as const;

export const trainingOptions = z.strictObject({
  mode: z
    .enum(MODES)
    .default("full")
    .describe(
      'what is trained: "full" is the model step by step; "linear" the last layer alone, by logistic regression on what the encoder makes of the texts, in seconds; "contrastive" the encoder to put texts of one class together, then the last layer so: for few examples',
    ),
  linearC: z
    .number()
    .positive()
    .optional()
    .describe(
      "linear, contrastive: inverse strength of its penalty, scikit-learn's C; by default the best of five on the validation set, or 1",
    ),
  contrastiveSteps: count.default(100).describe("contrastive: steps of the encoder's training, batchSize texts each"),
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
    .describe("steps in which the learning rate rises; by default those of warmupRatio"),
  lrNumCycles: z
    .number()
    .positive()
    .optional()
    .describe("waves of cosine, half a one by default; or cycles of cosine_with_restarts, one by default"),
  lrPower: z.number().positive().default(1).describe("polynomial: power with which the rate goes down"),
  lrEnd: z.number().min(0).default(1e-7).describe("polynomial: learning rate of the last step"),
  lrFactor: z.number().positive().lt(1).default(0.1).describe("reduce_lr_on_plateau: what the rate is multiplied by"),
  lrPatience: z
    .number()
    .int()
    .min(0)
    .default(1)
    .describe("reduce_lr_on_plateau: evaluations without a better metric before the next lowers the rate"),
  loss: z
    .string()
    .optional()
    .describe(
      "loss: cross_entropy, binary_cross_entropy, focal or mse, or what Keras and PyTorch call them; by default the task's",
    ),
  labelSmoothing: z.number().min(0).lt(1).default(0).describe("share of the truth that is spread over all classes"),
  classWeights: z
    .union([z.enum(["balanced"]), z.array(z.string()).readonly(), z.record(z.string(), z.number()).readonly()])
    .optional()
    .describe(
      'what a row of a class counts: "balanced" for as much of every class, or a weight for each, as in spam=5',
    ),
  sampling: z
    .enum(["oversample", "undersample"])
    .optional()
    .describe(
      "train on as many rows of every class: rows of rare classes repeated, or fewer of frequent ones; as the data is by default",
    ),
  focalGamma: z
    .number()
    .min(0)
    .optional()
    .describe("focal: how much less a row counts that is right already; 2 by default"),
  focalAlpha: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("focal, of labels: what a yes counts; a no counts 1 - alpha; by default both count 1"),
  headLearningRate: z
    .number()
    .positive()
    .optional()
    .describe("highest learning rate of the head; as the rest by default"),
  layerwiseLrDecay: z
    .number()
    .positive()
    .max(1)
    .default(1)
    .describe("learning rate of a layer as a share of that of the layer above it, from the head down"),
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
  longTexts: z
    .enum(LONG_TEXTS)
    .optional()
    .describe(
      "what is read of a text by itself that is longer than maxLength: its head, its tail, a quarter of head and three of tail, or all of it in windows; by default what the tokenizer's files say, as a rule its head",
    ),
  stride: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe("windows: tokens that a window has in common with the one before; by default a quarter of maxLength"),
  windowScores: z
    .enum(WINDOW_SCORES)
    .default("mean")
    .describe("windows: whether the scores of a text are the mean or the largest of its windows'"),
  groupByLength: z.boolean().default(true).describe("make batches of texts of like length"),
  padToMultipleOf: count
    .default(1)
    .describe("batches are padded to a multiple of this many tokens; 1 pads least, 8 suits tensor cores"),
  tokensPerPass: count
    .default(TOKENS_PER_PASS)
    .describe("tokens that pass through the model at once: larger batches are computed in parts"),
  autoFindBatchSize: z
    .boolean()
    .default(false)
    .describe("compute a batch in so small parts that the memory predicted for them is free; its steps stay the same"),
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
    .union([z.number(), z.string()], "none, embeddings, encoder, a number of layers or a /pattern/ of names")
    .refine(isFreeze, "none, embeddings, encoder, a number of layers or a /pattern/ of names")
    .default("none")
    .describe(
      'what is not trained: "embeddings", these and the first layers (a number), the whole "encoder", or parameters whose name matches a /regular expression/',
    ),
  frozenCache: z
    .boolean()
    .default(true)
    .describe(
      "compute layers that stay frozen once, where no dropout is in them, and keep what they make of the texts",
    ),
  frozenCacheMegabytes: z
    .number()
    .min(0)
    .default(2000)
    .describe("memory for what frozen layers make of the texts; more goes to a temporary file, in float16"),
  lora: z
    .boolean()
    .default(false)
    .describe("train adapters of low rank beside the layers and the head, and leave the rest as it is (LoRA)"),
  loraRank: count.optional().describe("rank of the adapters; 8 by default"),
  loraAlpha: z
    .number()
    .positive()
    .optional()
    .describe("the adapters' products are multiplied by loraAlpha / loraRank; 8 by default"),
  loraDropout: z.number().min(0).lt(1).optional().describe("dropout probability before the adapters; 0 by default"),
  loraTargets: z
    .array(z.string())
    .min(1)
    .readonly()
    .optional()
    .describe(
      "layers with adapters, by the last parts of their names, or all-linear; those of PEFT by default: query and value",
    ),
  loraModulesToSave: z
    .array(z.string())
    .readonly()
    .optional()
    .describe("modules that are trained whole beside the head, as in pooler; by default those that the model lacks"),
  unfreezeAfter: count.optional().describe("epochs after which what is frozen is trained too; by default it never is"),
  unfreezeLayersPerEpoch: count
    .optional()
    .describe("layers that are then unfrozen in each epoch, from the top down; all at once by default"),
  emaDecay: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe(
      "evaluate and keep an exponential moving average of the weights, of this decay per step; none by default",
    ),
  greedySoup: z
    .number()
    .int()
    .min(2)
    .optional()
    .describe(
      "of so many of the best evaluations, average the weights at the end, the best first, each where the metric does not fall; none by default",
    ),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe("dropout probability everywhere; as in the model's configuration by default"),
  seed: z.number().int().min(0).default(DEFAULT_SEED).describe("seed of shuffling, dropout and new weights"),
  loadBestModelAtEnd: z
    .boolean()
    .default(true)
    .describe("keep the weights of the best validated epoch instead of the last"),
  evalStrategy: z
    .enum(["epoch", "steps"])
    .default("epoch")
    .describe("when the validation part is evaluated: after every epoch, or every evalSteps steps and at the end"),
  evalSteps: count.optional().describe("steps between two evaluations; with evalStrategy steps 500 by default"),
  earlyStoppingPatience: count
    .optional()
    .describe("evaluations without a better metric after which training ends; by default it goes on to its last epoch"),
  earlyStoppingThreshold: z
    .number()
    .min(0)
    .default(0)
    .describe("how much better the metric has to be for early stopping to count it as better"),
  maxEvalRows: count
    .default(10_000)
    .describe("rows of the validation part that are evaluated while training goes on, drawn once; all are at the end"),
  saveStrategy: z
    .enum(["auto", "no", "epoch", "steps"])
    .default("auto")
    .describe("when a checkpoint is written to go on from: auto is every saveSteps steps, or every five minutes"),
  saveSteps: count.optional().describe("steps between two checkpoints; with saveStrategy steps 500 by default"),
  saveTotalLimit: count.default(2).describe("checkpoints that are kept, the newest"),
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
  const resolved = resolveOptions(trainingOptions, options);
  checkTogether(resolved);
  return resolved;
}

/** What is read of long texts, by the options. */
export function longTextsOf(options: ResolvedTrainingOptions): LongTexts | undefined {
  const { longTexts: read, maxLength, stride = Math.floor(maxLength / 4), windowScores: scores } = options;
  if (read === undefined) return undefined;
  return read === "windows" ? { read, stride, scores } : { read };
}

/** How texts are cut. */
export interface Cutting extends EncodeOptions {
  readonly truncation: TruncationStrategy;
  readonly longTexts: LongTexts | undefined;
}

/** The same by the options. */
export function cuttingOf(options: ResolvedTrainingOptions): Cutting {
  const { maxLength, truncation } = options;
  return { maxLength, truncation, longTexts: longTextsOf(options) };
}

function isFreeze(freeze: number | string): boolean {
  const pattern = /^\/(.+)\/$/.exec(String(freeze))?.[1];
  if (pattern === undefined) return /^(none|embeddings|encoder|[1-9]\d*)$/.test(String(freeze));
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}

/** What means nothing where there are no epochs, no checkpoints and no gradients of the whole model. */
const FULL_ONLY = [
  ...["lora", "freeze", "emaDecay", "greedySoup", "gradientCheckpointing", "autoFindBatchSize"],
  ...["epochs", "saveSteps", "evalStrategy", "evalSteps", "earlyStoppingPatience"],
];

/** What means nothing where there are no steps either. */
const WITH_STEPS = ["learningRate", "lrSchedulerType", "warmupRatio", "warmupSteps", "weightDecay", "optim"];

/** @throws E_CONFIG for an option that does nothing, or cannot be, beside another */
function checkTogether(options: ResolvedTrainingOptions): void {
  const {
    epochs,
    freeze,
    lrSchedulerType,
    saveStrategy = "steps",
    optim,
    unfreezeAfter,
    unfreezeLayersPerEpoch,
  } = options;
  const schedules: Readonly<Record<string, readonly string[]>> = {
    lrNumCycles: ["cosine", "cosine_with_restarts"],
    lrPower: ["polynomial"],
    lrEnd: ["polynomial"],
    lrFactor: ["reduce_lr_on_plateau"],
    lrPatience: ["reduce_lr_on_plateau"],
  };
  for (const [name, owners] of Object.entries(schedules))
    if (!owners.includes(lrSchedulerType)) expectUnchanged(options, name, `lrSchedulerType ${owners.join(" or ")}`);
  if (options.mode === "full") expectUnchanged(options, "linearC", "mode linear or contrastive");
  else for (const name of FULL_ONLY) expectUnchanged(options, name, "mode full");
  if (options.mode === "linear")
    for (const name of WITH_STEPS) expectUnchanged(options, name, "mode full or contrastive");
  if (options.mode !== "full" && (options.saveStrategy === "epoch" || options.saveStrategy === "steps"))
    fail("E_CONFIG", {
      option: "saveStrategy",
      expected: `none, as mode ${options.mode} is done in one go and has no checkpoints`,
      got: options.saveStrategy,
    });
  if (options.mode !== "contrastive") expectUnchanged(options, "contrastiveSteps", "mode contrastive");
  for (const name of ["stride", "windowScores"])
    if (options.longTexts !== "windows") expectUnchanged(options, name, "longTexts windows");
  if (options.longTexts === "windows" && (options.stride ?? 0) > options.maxLength - 3)
    fail("E_CONFIG", {
      option: "stride",
      expected: `less than the text in windows of ${options.maxLength} tokens`,
      got: String(options.stride),
    });
  if (!options.frozenCache) expectUnchanged(options, "frozenCacheMegabytes", "frozenCache");
  for (const name of ["loraRank", "loraAlpha", "loraDropout", "loraTargets", "loraModulesToSave"])
    if (!options.lora) expectUnchanged(options, name, "lora");
  const own = optimizerOf(optim).options.shape;
  for (const name of Object.keys(optimizerFields))
    if (!Object.hasOwn(own, name)) expectUnchanged(options, name, `another optimizer than ${optim}`);
  if (saveStrategy === "no" || saveStrategy === "epoch") expectUnchanged(options, "saveSteps", "saveStrategy steps");
  if (!options.loadBestModelAtEnd) expectUnchanged(options, "greedySoup", "loadBestModelAtEnd");
  if (options.earlyStoppingPatience === undefined)
    expectUnchanged(options, "earlyStoppingThreshold", "earlyStoppingPatience");
  if (options.sampling !== undefined && options.classWeights === "balanced")
    fail("E_CONFIG", {
      option: "classWeights",
      expected: `weights for each class, as sampling ${options.sampling} makes all classes equal`,
      got: "balanced",
      fix: "leave one of the two out",
    });
  if (unfreezeAfter === undefined) expectUnchanged(options, "unfreezeLayersPerEpoch", "unfreezeAfter");
  if (freeze === "none") expectUnchanged(options, "unfreezeAfter", "something that freeze names");
  if (unfreezeAfter !== undefined && unfreezeAfter >= epochs)
    fail("E_CONFIG", {
      option: "unfreezeAfter",
      expected: `fewer than the ${epochs} epochs`,
      got: String(unfreezeAfter),
    });
  if (unfreezeLayersPerEpoch !== undefined && String(freeze).startsWith("/"))
    fail("E_CONFIG", {
      option: "unfreezeLayersPerEpoch",
      expected: "layers that freeze names by number or word",
      got: `freeze ${freeze}`,
    });
}

/** @throws E_CONFIG when `name` has another value than its default, which only means something with `needs` */
function expectUnchanged(options: ResolvedTrainingOptions, name: string, needs: string): void {
  const field: z.ZodType = trainingOptions.shape[name as keyof typeof trainingOptions.shape];
  const value = options[name as keyof ResolvedTrainingOptions];
  if (value === field.parse(undefined)) return;
  fail("E_CONFIG", { option: name, expected: `${needs}, which it belongs to`, got: String(value) });
}
