/** The training loop: epochs of shuffled batches, validation after each, the best epoch kept. */

import { fail } from "../base/errors.js";
import { createRandom, type Random } from "../base/random.js";
import { chooseMetric } from "../metrics/choose-metric.js";
import { createMetrics } from "../metrics/create-metrics.js";
import type { Report } from "../metrics/report.js";
import { createPlateau } from "../optimizers/plateau.js";
import { createSchedule, warmupStepsOf } from "../optimizers/schedule.js";
import { type Targets, type Task, targetsOf } from "../tasks/task.js";
import { lengthOf, type TokenizedTexts } from "../tokenizing/tokenized-texts.js";
import { type CollateOptions, collate } from "./batch.js";
import { planBatches, splitBatch } from "./batch-plan.js";
import { bestMetricOf } from "./best-metric.js";
import {
  type Answer,
  combineCallbacks,
  type EpochResult,
  type Events,
  type TrainBegin,
  type TrainingHistory,
} from "./callbacks.js";
import { earlyStopping } from "./early-stopping.js";
import { cookGreedily, type Soup } from "./greedy-soup.js";
import { grownLoss } from "./grown-loss.js";
import { beginProgress, endEpoch, resumeProgress, stateOf } from "./progress.js";
import { createSaveSchedule } from "./save-schedule.js";
import type { ResolvedTrainingOptions } from "./training-options.js";
import type { StateStore, TrainingState } from "./training-state.js";
import type { Trainer } from "./training-step.js";
import { createValidation } from "./validation.js";

export interface FitInput {
  readonly trainer: Trainer;
  readonly task: Task;
  readonly labels: readonly string[];
  readonly texts: TokenizedTexts;
  readonly targets: Targets;
  readonly options: ResolvedTrainingOptions;
  readonly collateOptions: CollateOptions;
  /** Called before every epoch, counted from 1. */
  readonly beginEpoch?: (epoch: number) => Promise<void>;
  /** Metrics on the validation set at the trainer's parameters; undefined without one. */
  readonly validate?: (() => Promise<Report>) | undefined;
  /** The same on all of its rows, where `validate` takes some of them. */
  readonly validateAll?: (() => Promise<Report>) | undefined;
  /** What the data sets are, to be told. */
  readonly data: TrainBegin["data"];
  readonly events: Events;
  /** Where checkpoints are written. */
  readonly checkpoints?: Pick<StateStore, "save"> | undefined;
  /** The state to go on from, of a training with the same input. */
  readonly resumed?: TrainingState | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds from any fixed point. */
  readonly now: () => number;
}

/**
 * Trains. Afterwards the trainer holds the weights of the best validated epoch, or those of the last step where
 * nothing was validated or `loadBestModelAtEnd` is false. So it does when it throws.
 *
 * @throws E_CONFIG for a metric that the task does not have, E_TRAINING when the loss is NaN or infinite (the weights
 *   before the step that failed then stand for those of the last step), and what a callback throws
 */
export async function fit(input: FitInput): Promise<TrainingHistory> {
  const { trainer, task, labels, texts, options, now } = input;
  const metric = chooseMetric(bestMetricOf(options, task), task.family, labels);
  const early =
    options.earlyStoppingPatience === undefined
      ? undefined
      : earlyStopping({ patience: options.earlyStoppingPatience, threshold: options.earlyStoppingThreshold, metric });
  const events = early === undefined ? input.events : combineCallbacks([input.events, early]);
  const shown = task.shownMetrics.map((name) => chooseMetric(name, task.family, labels));
  const shownOf = (report: Report) => Object.fromEntries(shown.map((one) => [one.name, one.read(report)]));
  const lengths = Float64Array.from({ length: texts.length }, (_, row) => lengthOf(texts, row));
  const order = createRandom(options.seed).fork("batches");
  const stepsPerEpoch = Math.ceil(Math.ceil(texts.length / options.batchSize) / options.gradientAccumulationSteps);
  const steps = Math.max(1, Math.ceil(options.epochs * stepsPerEpoch));
  const warmupSteps = options.warmupSteps ?? warmupStepsOf(options.warmupRatio, steps);
  const scheduledRate = createSchedule(options.lrSchedulerType, {
    learningRate: options.learningRate,
    warmupSteps,
    totalSteps: steps,
    ...{ cycles: options.lrNumCycles, power: options.lrPower, end: options.lrEnd },
  });
  const plateau =
    options.lrSchedulerType === "reduce_lr_on_plateau"
      ? createPlateau({
          ...{ factor: options.lrFactor, patience: options.lrPatience },
          ...{ better: metric.better, learningRate: options.learningRate },
        })
      : undefined;

  const isAborted = (): boolean => input.signal?.aborted ?? false;
  const surroundings = { trainer, plateau, events };
  const progress = input.resumed === undefined ? beginProgress() : resumeProgress(input.resumed, surroundings);
  const { epochs, losses } = progress;
  const heed = async ({ stop, learningRateScale, log }: Required<Answer>): Promise<void> => {
    progress.stopped ||= stop;
    progress.rateScale *= learningRateScale;
    if (Object.keys(log).length > 0) await events.onLog({ step: losses.length, values: log });
  };
  const restoreBest = (): void => {
    trainer.showAverage();
    if (progress.kept.length > 0) trainer.restore(progress.kept[0].snapshot);
  };
  const saveCheckpoint = async (): Promise<void> => {
    if (input.checkpoints === undefined || progress.checkpointStep === losses.length) return;
    try {
      await input.checkpoints.save(stateOf(progress, steps, surroundings));
      progress.checkpointStep = losses.length;
    } catch (error) {
      const { checkpointStep } = progress;
      const older = checkpointStep === undefined ? "there is none yet" : `the one of step ${checkpointStep} is kept`;
      events.onWarning(`${error instanceof Error ? error.message : String(error)} (training goes on; ${older})`);
    }
    schedule.tried();
  };
  const schedule = createSaveSchedule(options, now);
  const { validate } = input;
  const validation = createValidation({
    ...{ trainer, progress, options, metric, plateau, events, steps, validate, shownOf, isAborted, heed, now },
  });

  const isSoupAborted = (): boolean => options.greedySoup !== undefined && progress.kept.length > 0 && isAborted();
  /** The soup of the best evaluations' weights, where one is asked for; undefined too when the signal ended it. */
  const averageBest = async (): Promise<Soup | undefined> => {
    const { best, kept } = progress;
    if (options.greedySoup === undefined || best === undefined || validate === undefined || isAborted())
      return undefined;
    try {
      return await cookGreedily(kept, best.report, { trainer, metric, validate });
    } catch (error) {
      if (!isAborted()) throw error;
      restoreBest();
      return undefined;
    }
  };

  const trainEpoch = async (epoch: number): Promise<Omit<EpochResult, "best" | "validation" | "validationMetrics">> => {
    const metrics = createMetrics(task.family, labels);
    const { sums } = progress;
    const plan = planSteps(lengths, options, order.fork(epoch));
    // What was computed of the epoch before the training was interrupted.
    let from = 0;
    for (const rows of plan.slice(0, progress.stepsOfEpoch).flat()) {
      const to = from + rows.length * task.outputs(labels).length;
      metrics.update(targetsOf(input.targets, rows), progress.logits[0].subarray(from, to));
      from = to;
    }
    for (const rowsOfParts of plan.slice(progress.stepsOfEpoch)) {
      // Here and not after the step, so that a training that goes on does what it owes.
      const goesOn = await validation.evaluate("within epoch");
      if (!goesOn || losses.length === steps || progress.stopped || isAborted()) break;
      const step = losses.length;
      const start = now();
      const parts = rowsOfParts.map((rows) => ({
        ...collate(texts, rows, input.collateOptions),
        targets: targetsOf(input.targets, rows),
      }));
      const learningRate = scheduledRate(step) * progress.rateScale * (plateau?.state().scale ?? 1);
      await events.onStepBegin({ step: step + 1, steps, epoch, learningRate });
      const { loss, gradientNorm, logits } = await trainer.step(parts, step, learningRate);
      if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm))
        stopOnNonFinite(step, { loss, gradientNorm }, options, progress.best?.epoch);
      losses.push(loss);
      const grown = grownLoss(losses);
      if (grown !== undefined)
        events.onWarning(`${grown}; try a lower learningRate (it is ${options.learningRate}) or a longer warm-up`);
      progress.stepsOfEpoch++;
      if (input.checkpoints !== undefined) progress.logits.push(...logits);
      const examples = parts.reduce((sum, { size }) => sum + size, 0);
      const tokens = parts.reduce((sum, { realTokens }) => sum + realTokens, 0);
      const milliseconds = now() - start;
      for (const [part, { targets }] of parts.entries()) metrics.update(targets, logits[part]);
      sums.loss += loss * examples;
      sums.examples += examples;
      sums.milliseconds += milliseconds;
      await heed(
        await events.onStep({
          step: step + 1,
          steps,
          epoch,
          loss,
          gradientNorm,
          learningRate,
          examples,
          tokens,
          milliseconds,
        }),
      );
      if (schedule.isDueAfterStep(losses.length)) await saveCheckpoint();
    }
    const report = metrics.result();
    return {
      epoch,
      step: losses.length,
      loss: sums.loss / sums.examples,
      metrics: sums.examples === 0 ? {} : shownOf(report),
      seconds: sums.milliseconds / 1000,
      examplesPerSecond: (1000 * sums.examples) / sums.milliseconds,
    };
  };

  try {
    await events.onTrainBegin({
      steps,
      epochs: Math.ceil(options.epochs),
      examples: texts.length,
      validationExamples: input.data.validation?.rows ?? 0,
      options,
      data: input.data,
      stepsDone: losses.length,
    });
    let aborted = false;
    // An epoch may have all its steps, and lack its validation.
    while (progress.stepsOfEpoch > 0 || (losses.length < steps && !progress.stopped)) {
      const { epoch } = progress;
      await input.beginEpoch?.(epoch);
      await events.onEpochBegin({ epoch, epochs: Math.ceil(options.epochs), step: losses.length });
      const trained = await trainEpoch(epoch);
      trainer.showAverage();
      const goesOn = await validation.evaluate("after epoch");
      const validated = validation.latest();
      const isWhole = progress.stepsOfEpoch === stepsPerEpoch || losses.length === steps || progress.stopped;
      aborted = !goesOn || (isAborted() && (validated === undefined || !isWhole));
      if (aborted) break;
      const result: EpochResult = {
        ...trained,
        ...(validated === undefined
          ? {}
          : { validation: validated.report, validationMetrics: shownOf(validated.report) }),
        best: validated?.best ?? false,
      };
      endEpoch(progress, result);
      await heed(await events.onEpochEnd(result));
      const isLast = losses.length === steps || progress.stopped;
      if (schedule.isDueAfterEpoch(isLast)) await saveCheckpoint();
    }
    if (aborted) await saveCheckpoint();
    restoreBest();
    const { best, evaluations } = progress;
    const soup = aborted ? undefined : await averageBest();
    if (soup === undefined && !aborted && isSoupAborted()) {
      aborted = true;
      // All steps are done: whoever goes on needs the best evaluations' weights, not the last ones.
      await saveCheckpoint();
    }
    const kept = options.loadBestModelAtEnd ? (soup ?? best) : progress.evaluated;
    const history: TrainingHistory = {
      ...{ epochs, losses, evaluations, aborted, stoppedEarly: early?.hasStopped() ?? false },
      ...{ bestEpoch: best?.epoch, bestStep: best?.step, bestValidation: best?.report },
      averagedSteps: soup?.steps,
      validation: aborted ? undefined : ((await input.validateAll?.()) ?? kept?.report),
      stopped: progress.stopped && losses.length < steps,
      checkpointStep: progress.checkpointStep,
    };
    await events.onTrainEnd(history);
    return history;
  } catch (error) {
    restoreBest();
    // What went wrong first is what is told, whatever a callback makes of it.
    await events.onError({ error, step: losses.length, bestEpoch: progress.best?.epoch }).catch(() => {});
    throw error;
  }
}

/** The parts of each step of an epoch: the rows that are computed at once. */
function planSteps(lengths: ArrayLike<number>, options: ResolvedTrainingOptions, random: Random): Uint32Array[][] {
  const batches = planBatches(
    lengths,
    { batchSize: options.batchSize, groupByLength: options.groupByLength, shuffle: true },
    random,
  );
  const steps: Uint32Array[][] = [];
  for (let start = 0; start < batches.length; start += options.gradientAccumulationSteps) {
    const accumulated = batches.slice(start, start + options.gradientAccumulationSteps);
    steps.push(accumulated.flatMap((rows) => splitBatch(rows, lengths, options.tokensPerPass)));
  }
  return steps;
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
