import type { Callbacks, EpochResult } from "../training/callbacks.js";
import { stepsBetweenEvaluations } from "../training/validation.js";
import { preparationProgress } from "./evaluation-progress.js";
import { formatDuration, type ProgressReporter } from "./report-progress.js";

/** Evaluating a row takes about a third of the time of training on it; so it is reckoned before the first validation. */
const TRAINING_TO_EVALUATION = 3;

/** Callbacks of training that show how it gets on, and say through `tell` what a user should know. */
export function trainingCallbacks(progress: ProgressReporter, tell: (line: string) => void): Callbacks {
  let epochs = 1;
  let validationExamples = 0;
  let examples = 0;
  let trainingSeconds = 0;
  let validationSeconds: number | undefined;
  let epoch = 1;
  let stepsPerEvaluation: number | undefined;
  let stepsLeft = 0;
  /** Seconds that the validations still to come will take. */
  const secondsAfter = (): number => {
    const each = validationSeconds ?? (validationExamples * trainingSeconds) / (TRAINING_TO_EVALUATION * examples);
    const left = stepsPerEvaluation === undefined ? epochs - epoch + 1 : Math.ceil(stepsLeft / stepsPerEvaluation);
    return Number.isFinite(each) ? each * left : 0;
  };
  return {
    ...preparationProgress(progress, tell),
    onTrainBegin(event) {
      ({ epochs } = event);
      stepsPerEvaluation = stepsBetweenEvaluations(event.options);
      validationExamples = Math.min(event.validationExamples, event.options.maxEvalRows);
      if (event.stepsDone > 0) tell(`going on after step ${event.stepsDone} of ${event.steps}`);
      progress.update({ step: event.stepsDone, steps: event.steps, examples: 0, stage: `epoch 1/${epochs}` });
    },
    async onStep({ step, steps, epoch: current, loss, examples: done, milliseconds }) {
      epoch = current;
      stepsLeft = steps - step;
      examples += done;
      trainingSeconds += milliseconds / 1000;
      progress.update({ step, steps, examples, stage: `epoch ${epoch}/${epochs}`, loss, secondsAfter: secondsAfter() });
      // A step keeps the thread busy: signals, timers and the terminal get their turn between two.
      await new Promise<void>((resolve) => setImmediate(resolve));
    },
    onEvaluateProgress({ done, total, what }) {
      progress.update({
        step: done,
        steps: total,
        examples: done,
        stage: what ?? `validating ${epoch}/${epochs}`,
        unit: "rows",
      });
    },
    onEvaluation({ step, epoch: current, report, best, seconds }) {
      validationSeconds = seconds;
      if (stepsPerEvaluation !== undefined)
        tell(
          `step ${step}  epoch ${current}/${epochs}  validation loss ${report.loss.toFixed(4)}${best ? "  (best)" : ""}`,
        );
    },
    onLog: ({ step, values }) => tell(`step ${step}  ${named(values).join("  ")}`),
    onEpochEnd: (result) => tell(describeEpoch(result, epochs)),
  };
}

function describeEpoch(result: EpochResult, epochs: number): string {
  const { epoch, loss, metrics, validation, validationMetrics = {}, best, seconds, examplesPerSecond } = result;
  return [
    `epoch ${epoch}/${epochs}`,
    `loss ${loss.toFixed(4)}`,
    ...named(metrics).slice(0, 1),
    ...(validation === undefined
      ? []
      : [`validation loss ${validation.loss.toFixed(4)}`, ...named(validationMetrics), ...(best ? ["(best)"] : [])]),
    `${examplesPerSecond.toFixed(1)} examples/s`,
    formatDuration(seconds),
  ].join("  ");
}

/** Metrics as words: { macroF1: 0.9 } as "macroF1 0.9000". */
function named(metrics: Readonly<Record<string, number>>): string[] {
  return Object.entries(metrics).map(([name, value]) => `${name} ${value.toFixed(4)}`);
}
