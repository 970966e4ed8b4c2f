/** The mode "linear": the encoder as it is, and its last layer solved for. */

import { fail } from "../base/errors.js";
import type { Dataset } from "../data/dataset/dataset.js";
import type { ChosenLoss } from "../losses/registry.js";
import { chooseMetric, isBetter } from "../metrics/choose-metric.js";
import { createMetrics } from "../metrics/create-metrics.js";
import type { Report } from "../metrics/report.js";
import type { Targets } from "../tasks/task.js";
import { combineWindows, type Windows } from "../tokenizing/tokenized-texts.js";
import { bestMetricOf } from "../training/best-metric.js";
import type { EpochResult, Events, TrainBegin, TrainingHistory } from "../training/callbacks.js";
import { logitsOf } from "../training/evaluate.js";
import { createLinearSolver, type LinearSolution, linearLogits, splitHead } from "../training/linear-head.js";
import { cuttingOf } from "../training/options.js";
import type { ResolvedTrainingOptions } from "../training/training-options.js";
import { type ClassifierState, inferenceGraphOf } from "./classifier-state.js";
import { openFeaturePredictor } from "./features.js";
import { readingOf, type TrainingSession } from "./fit-options.js";
import type { Platform } from "./platform.js";
import { type LabelledTexts, prepareTexts, windowsAsTexts } from "./prepare-texts.js";

export interface LinearInput {
  readonly train: Dataset;
  readonly validation: Dataset | undefined;
  readonly options: ResolvedTrainingOptions;
  readonly loss: ChosenLoss;
  readonly data: TrainBegin["data"];
  readonly events: Events;
  readonly signal: AbortSignal | undefined;
}

/** What is tried where `linearC` says nothing, the strongest penalty first: each solution is where the next begins. */
const CHOICES = [0.01, 0.1, 1, 10, 100];

interface Features {
  /** [N, D]; of texts in windows, a row for each of these. */
  readonly values: Float32Array;
  readonly windows: Windows | undefined;
  readonly targets: Targets;
}

/** What is told of a training that ended before it came to a classifier. */
export function abortedHistory(losses: readonly number[]): TrainingHistory {
  return {
    ...{ epochs: [], losses, evaluations: [], bestEpoch: undefined, bestStep: undefined, bestValidation: undefined },
    ...{ validation: undefined, aborted: true, stopped: false, stoppedEarly: false, checkpointStep: undefined },
  };
}

/** @throws E_CONFIG for a head that does not end in a dense layer, or has other layers that were never trained */
export async function openLinearTraining(
  platform: Platform,
  state: ClassifierState,
  input: LinearInput,
): Promise<TrainingSession> {
  const { options, events, signal } = input;
  const { task, labels, tokenizer, threads = options.threads } = state;
  const { weight, bias } = splitHead(inferenceGraphOf(state));
  const untrained = state.loading.created.find((name) => name !== weight.name && name !== bias.name);
  if (untrained !== undefined)
    fail("E_CONFIG", {
      option: "mode",
      expected: "a model of which the last layer alone is new",
      got: `"${untrained}", which is new too and would stay as it was drawn`,
      set: { pooling: "mean" },
    });
  const preparing = { ...options, ...events, ...cuttingOf(options), signal, task, labels, tokenizer, threads };
  const training = windowsAsTexts(await prepareTexts(platform, input.train, { ...preparing, what: "training set" }));
  const validating =
    input.validation && (await prepareTexts(platform, input.validation, { ...preparing, what: "validation set" }));
  let solution: LinearSolution = {
    weight: state.weights.get(weight.name) as Float32Array,
    bias: state.weights.get(bias.name) as Float32Array,
    iterations: 0,
  };

  /** What the encoder makes of the rows, computed once. */
  const featuresOf = async (all: readonly (LabelledTexts | undefined)[]): Promise<(Features | undefined)[]> => {
    const predictor = await openFeaturePredictor(platform.runtime, state, threads);
    const total = all.reduce((sum, one) => sum + (one?.texts.length ?? 0), 0);
    let before = 0;
    try {
      const found: (Features | undefined)[] = [];
      for (const one of all) {
        if (one === undefined) {
          found.push(undefined);
          continue;
        }
        const { windows, ...pieces } = one.texts;
        const values = await logitsOf(predictor, pieces, predictor.width, {
          padId: tokenizer.padId,
          padToMultipleOf: 1,
          ...{ maxLength: options.maxLength, batchSize: options.batchSize, family: task.family, signal },
          onProgress: (done) => events.onEvaluateProgress({ done: before + done, total, what: "features" }),
        });
        found.push({ values, windows, targets: one.targets });
        before += one.texts.length;
      }
      return found;
    } finally {
      await predictor.close();
    }
  };

  const reportOn = ({ values, windows, targets }: Features, at: LinearSolution): Report => {
    const metric = bestMetricOf(options, task);
    const metrics = createMetrics(task.family, labels, { metrics: [metric] });
    const logits = linearLogits(values, at);
    metrics.update(
      targets.data,
      windows === undefined ? logits : combineWindows(logits, at.bias.length, windows, task.family),
    );
    return metrics.result();
  };

  /** The solution, that of the best penalty on `held` where none is asked for. */
  const solve = async (own: Features, held: Features | undefined): Promise<LinearSolution> => {
    const solver = await createLinearSolver({
      ...{ runtime: platform.runtime, features: own.values, targets: own.targets, task, loss: input.loss },
      ...{ outputs: bias.shape[0] as number, threads },
    });
    try {
      if (options.linearC !== undefined || held === undefined) return await solver.solve(options.linearC ?? 1);
      const metric = chooseMetric(bestMetricOf(options, task), task.family, labels);
      let last: LinearSolution | undefined;
      let best: { solution: LinearSolution; value: number; c: number } | undefined;
      for (const c of CHOICES) {
        signal?.throwIfAborted();
        last = await solver.solve(c, last);
        const value = metric.read(reportOn(held, last));
        if (best === undefined || isBetter(metric, value, best.value)) best = { solution: last, value, c };
      }
      if (best === undefined) throw new Error("no penalty was tried");
      events.onWarning(`linearC ${best.c} is best on the validation set, of ${CHOICES.join(", ")}`);
      return best.solution;
    } finally {
      await solver.close();
    }
  };

  const run = async (): Promise<TrainingHistory> => {
    const start = platform.now();
    const examples = training.texts.length;
    await events.onTrainBegin({
      ...{ steps: 1, epochs: 1, examples, validationExamples: 0, options, data: input.data, stepsDone: 0 },
    });
    await events.onEpochBegin({ epoch: 1, epochs: 1, step: 0 });
    const [own, held] = await featuresOf([training, validating]);
    solution = await solve(own as Features, held);
    const report = reportOn(own as Features, solution);
    const seconds = (platform.now() - start) / 1000;
    if (held !== undefined) await events.onEvaluationBegin({ step: 1, epoch: 1 });
    const validation = held && reportOn(held, solution);
    const shown = (of: Report) =>
      Object.fromEntries(
        task.shownMetrics.map((name) => [name, chooseMetric(name, task.family, labels).read(of)] as const),
      );
    if (validation !== undefined)
      await events.onEvaluation({ step: 1, epoch: 1, report: validation, best: true, seconds: 0 });
    const validated = validation !== undefined;
    const step = validated ? 1 : undefined;
    const metrics = shown(report);
    const epoch: EpochResult = {
      ...{ epoch: 1, step: 1, loss: report.loss, metrics, best: validated, seconds },
      ...(validated ? { validation, validationMetrics: shown(validation) } : {}),
      examplesPerSecond: examples / seconds,
    };
    await events.onEpochEnd(epoch);
    const evaluation = validated && {
      step: 1,
      epoch: 1,
      loss: validation.loss,
      metrics: shown(validation),
      best: true,
    };
    const history: TrainingHistory = {
      ...{ epochs: [epoch], losses: [report.loss], evaluations: evaluation ? [evaluation] : [] },
      ...{ bestEpoch: step, bestStep: step, bestValidation: validation, validation },
      ...{ aborted: false, stopped: false, stoppedEarly: false, checkpointStep: undefined },
    };
    await events.onTrainEnd(history);
    return history;
  };

  return {
    reading: readingOf(options, input.train),
    async run() {
      try {
        return await run();
      } catch (error) {
        if (signal?.aborted !== true) {
          await events.onError({ error, step: 0, bestEpoch: undefined }).catch(() => {});
          throw error;
        }
        const history = abortedHistory([]);
        await events.onTrainEnd(history);
        return history;
      }
    },
    state: () => ({
      weights: new Map([...state.weights, [weight.name, solution.weight], [bias.name, solution.bias]]),
      adapter: undefined,
      base: undefined,
    }),
    close: async () => {},
  };
}
