/** The training loop: epochs of shuffled batches, validation after each, the best epoch kept. */
import { fail } from "../base/errors.js";
import { createRandom, type Random } from "../base/random.js";
import { chooseMetric, isBetter } from "../metrics/chosen-metric.js";
import type { ClassificationReport } from "../metrics/classification-metrics.js";
import { createSchedule, warmupStepsOf } from "../optimizers/schedule.js";
import { lengthOf, type TokenizedTexts } from "../tokenizing/tokenized-texts.js";
import { type CollateOptions, collate } from "./batch.js";
import { planBatches, splitBatch } from "./batch-plan.js";
import type { Callbacks, EpochResult } from "./callbacks.js";
import type { ResolvedTrainingOptions } from "./options.js";
import type { LabelledBatch, Snapshot, Trainer } from "./training-step.js";

export interface FitInput {
  readonly trainer: Trainer;
  readonly texts: TokenizedTexts;
  /** Class ids [N] in [0, C). */
  readonly labelIds: ArrayLike<number>;
  readonly options: ResolvedTrainingOptions;
  readonly collateOptions: CollateOptions;
  /** Metrics on the validation set at the trainer's parameters; undefined without one. */
  readonly validate?: (() => Promise<ClassificationReport>) | undefined;
  readonly validationExamples: number;
  readonly callbacks: Required<Callbacks>;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds from any fixed point. */
  readonly now: () => number;
}

/** What a training did. */
export interface TrainingHistory {
  readonly epochs: readonly EpochResult[];
  /** Mean loss of each step. */
  readonly losses: readonly number[];
  /** The epoch whose weights were kept, counted from 1; undefined where there was no validation, or none ended. */
  readonly bestEpoch: number | undefined;
  /** Whether the signal ended it before its last step. */
  readonly aborted: boolean;
}

/**
 * Trains. Afterwards the trainer holds the weights of the best validated epoch, or those of the last step where
 * nothing was validated or `loadBestModelAtEnd` is false.
 *
 * @throws E_TRAINING when the loss is NaN or infinite; the trainer then holds the best epoch so far, or the
 *   weights before the step that failed
 */
export async function fit(input: FitInput): Promise<TrainingHistory> {
  const { trainer, texts, options, callbacks, now } = input;
  const lengths = Float64Array.from({ length: texts.length }, (_, row) => lengthOf(texts, row));
  const order = createRandom(options.seed).fork("batches");
  const stepsPerEpoch = Math.ceil(Math.ceil(texts.length / options.batchSize) / options.gradientAccumulationSteps);
  const steps = Math.max(1, Math.ceil(options.epochs * stepsPerEpoch));
  const warmupSteps = options.warmupSteps ?? warmupStepsOf(options.warmupRatio, steps);
  const learningRateAt = createSchedule(options.lrSchedulerType, {
    learningRate: options.learningRate,
    warmupSteps,
    totalSteps: steps,
  });
  const metric = chooseMetric(options.metricForBestModel);

  const stopped = (): boolean => input.signal?.aborted ?? false;
  const epochs: EpochResult[] = [];
  const losses: number[] = [];
  let aborted = false;
  let best: { value: number; epoch: number; snapshot: Snapshot | undefined } | undefined;
  const restoreBest = (): void => {
    if (best?.snapshot !== undefined) trainer.restore(best.snapshot);
  };

  await callbacks.onTrainBegin({
    steps,
    epochs: Math.ceil(options.epochs),
    examples: texts.length,
    validationExamples: input.validationExamples,
  });
  for (let epoch = 1; losses.length < steps; epoch++) {
    const sums = { loss: 0, right: 0, examples: 0, milliseconds: 0 };
    for (const parts of planSteps(lengths, options, order.fork(epoch))) {
      if (losses.length === steps || stopped()) break;
      const step = losses.length;
      const start = now();
      const batches = parts
        .flatMap((rows) => splitBatch(rows, lengths, options.tokensPerPass))
        .map((rows) => ({
          ...collate(texts, rows, input.collateOptions),
          labels: Array.from(rows, (row) => input.labelIds[row]),
        }));
      const learningRate = learningRateAt(step);
      const result = await trainer.step(batches, step, learningRate);
      if (!Number.isFinite(result.loss) || !Number.isFinite(result.gradientNorm)) {
        restoreBest();
        stopOnNonFinite(step, result, options, best?.epoch);
      }
      losses.push(result.loss);
      const examples = batches.reduce((sum, { size }) => sum + size, 0);
      const milliseconds = now() - start;
      sums.loss += result.loss * examples;
      sums.right += batches.reduce((sum, batch, part) => sum + countRight(batch, result.logits[part]), 0);
      sums.examples += examples;
      sums.milliseconds += milliseconds;
      const tokens = batches.reduce((sum, { realTokens }) => sum + realTokens, 0);
      await callbacks.onStep({ ...result, step: step + 1, steps, epoch, learningRate, examples, tokens, milliseconds });
    }
    if (stopped()) {
      aborted = true;
      break;
    }
    let validation: ClassificationReport | undefined;
    try {
      validation = await input.validate?.();
    } catch (error) {
      // Weights that overflowed in the epoch's last step, or the signal.
      aborted = stopped();
      if (aborted) break;
      restoreBest();
      throw error;
    }
    const value = validation === undefined ? undefined : metric.read(validation);
    const isBest = value !== undefined && (best === undefined || isBetter(metric, value, best.value));
    if (isBest) {
      best = { value, epoch, snapshot: options.loadBestModelAtEnd ? trainer.snapshot(best?.snapshot) : undefined };
    }
    const result: EpochResult = {
      epoch,
      loss: sums.loss / sums.examples,
      accuracy: sums.right / sums.examples,
      ...(validation === undefined ? {} : { validation }),
      best: isBest,
      seconds: sums.milliseconds / 1000,
      examplesPerSecond: (1000 * sums.examples) / sums.milliseconds,
    };
    epochs.push(result);
    await callbacks.onEpochEnd(result);
  }
  restoreBest();
  return { epochs, losses, bestEpoch: best?.epoch, aborted };
}

/** The batches of an epoch, several to a step where gradients are accumulated. */
function planSteps(lengths: ArrayLike<number>, options: ResolvedTrainingOptions, random: Random): Uint32Array[][] {
  const batches = planBatches(
    lengths,
    { batchSize: options.batchSize, groupByLength: options.groupByLength, shuffle: true },
    random,
  );
  const steps: Uint32Array[][] = [];
  for (let start = 0; start < batches.length; start += options.gradientAccumulationSteps) {
    steps.push(batches.slice(start, start + options.gradientAccumulationSteps));
  }
  return steps;
}

function countRight({ labels, size }: LabelledBatch, logits: Float32Array): number {
  const classes = logits.length / size;
  let right = 0;
  for (let row = 0; row < size; row++) {
    const scores = logits.subarray(row * classes, (row + 1) * classes);
    if (scores.indexOf(Math.max(...scores)) === labels[row]) right++;
  }
  return right;
}

function stopOnNonFinite(
  step: number,
  { loss, gradientNorm }: { readonly loss: number; readonly gradientNorm: number },
  options: ResolvedTrainingOptions,
  bestEpoch: number | undefined,
): never {
  const kept =
    bestEpoch === undefined ? "the weights before this step are kept" : `the weights of epoch ${bestEpoch} are kept`;
  return fail("E_TRAINING", {
    where: `step ${step + 1}`,
    expected: "a finite loss",
    got: Number.isFinite(loss) ? `a loss of ${loss} whose gradients have norm ${gradientNorm}` : `a loss of ${loss}`,
    fix: `${kept}; try a lower learningRate (it was ${options.learningRate}) or a longer warm-up`,
  });
}
