/** Evaluations while training goes on: when, and which is the best so far. */
import { type ChosenMetric, isBetter } from "../metrics/choose-metric.js";
import type { Report } from "../metrics/report.js";
import type { Plateau } from "../optimizers/plateau.js";
import type { Answer, Events } from "./callbacks.js";
import { keepBest } from "./greedy-soup.js";
import type { Progress } from "./progress.js";
import type { ResolvedTrainingOptions } from "./training-options.js";
import type { Trainer } from "./training-step.js";

/** Steps between evaluations where `evalStrategy` is "steps" alone. */
const DEFAULT_EVAL_STEPS = 500;

/** Steps between evaluations; undefined where there is one after every epoch. */
export function stepsBetweenEvaluations({
  evalStrategy,
  evalSteps,
}: Pick<ResolvedTrainingOptions, "evalStrategy" | "evalSteps">): number | undefined {
  return evalStrategy === "steps" ? (evalSteps ?? DEFAULT_EVAL_STEPS) : evalSteps;
}

export interface ValidationInput {
  readonly trainer: Trainer;
  readonly progress: Progress;
  readonly options: ResolvedTrainingOptions;
  readonly metric: ChosenMetric;
  readonly plateau: Plateau | undefined;
  readonly events: Events;
  /** Steps of the whole training. */
  readonly steps: number;
  /** Metrics on the validation set at the trainer's parameters; undefined without one. */
  readonly validate: (() => Promise<Report>) | undefined;
  /** The metrics that the task shows. */
  readonly shownOf: (report: Report) => Readonly<Record<string, number>>;
  readonly isAborted: () => boolean;
  readonly heed: (answer: Required<Answer>) => Promise<void>;
  readonly now: () => number;
}

export interface Validation {
  /** Evaluates where it is due after the steps done and was not done; false when the signal ended it. */
  evaluate(when: "within epoch" | "after epoch"): Promise<boolean>;
  /** The evaluation after the step that was done last; undefined where there was none. */
  latest(): Progress["evaluated"];
}

export function createValidation(input: ValidationInput): Validation {
  const { trainer, progress, options, metric, plateau, events, steps, validate, isAborted, heed, now } = input;
  const interval = stepsBetweenEvaluations(options);
  const stepsDone = (): number => progress.losses.length;
  const latest = (): Progress["evaluated"] =>
    progress.evaluated?.step === stepsDone() ? progress.evaluated : undefined;
  const isDue = (when: "within epoch" | "after epoch"): boolean => {
    if (interval === undefined) return when === "after epoch";
    const isLast = stepsDone() === steps || progress.stopped;
    return stepsDone() % interval === 0 || (when === "after epoch" && isLast);
  };

  return {
    latest,
    async evaluate(when) {
      const step = stepsDone();
      if (validate === undefined || step === 0 || !isDue(when) || latest() !== undefined) return true;
      if (isAborted()) return false;
      const { epoch } = progress;
      await events.onEvaluationBegin({ step, epoch });
      const start = now();
      trainer.showAverage();
      let report: Report;
      try {
        report = await validate();
      } catch (error) {
        if (isAborted()) return false;
        throw error;
      }
      const value = metric.read(report);
      plateau?.observe(value);
      const { best } = progress;
      const isBest = best === undefined || isBetter(metric, value, best.value);
      if (isBest) progress.best = { value, epoch, step, report };
      if (options.loadBestModelAtEnd)
        progress.kept = keepBest(progress.kept, { value, step }, { limit: options.greedySoup ?? 1, metric, trainer });
      progress.evaluated = { step, report, best: isBest };
      progress.evaluations.push({ step, epoch, loss: report.loss, metrics: input.shownOf(report), best: isBest });
      const seconds = (now() - start) / 1000;
      await heed(await events.onEvaluation({ step, epoch, report, best: isBest, seconds }));
      return true;
    },
  };
}
