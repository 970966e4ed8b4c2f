import type { Callbacks, EpochResult } from "../training/callbacks.js";
import { preparationProgress } from "./evaluation-progress.js";
import { formatDuration, type ProgressReporter } from "./report-progress.js";

/** Callbacks of training that show how it gets on, and say through `tell` what a user should know. */
export function trainingCallbacks(progress: ProgressReporter, tell: (line: string) => void): Callbacks {
  let epochs = 1;
  let examples = 0;
  return {
    ...preparationProgress(progress, tell),
    onTrainBegin(event) {
      epochs = event.epochs;
      progress.update({ step: 0, steps: event.steps, examples: 0, stage: `epoch 1/${epochs}` });
    },
    async onStep({ step, steps, epoch, loss, examples: done }) {
      examples += done;
      progress.update({ step, steps, examples, stage: `epoch ${epoch}/${epochs}`, loss });
      // A step keeps the thread busy: signals, timers and the terminal get their turn between two.
      await new Promise<void>((resolve) => setImmediate(resolve));
    },
    onEpochEnd: (result) => tell(describeEpoch(result, epochs)),
  };
}

function describeEpoch(result: EpochResult, epochs: number): string {
  const { epoch, loss, metrics, validation, best, seconds, examplesPerSecond } = result;
  return [
    `epoch ${epoch}/${epochs}`,
    `loss ${loss.toFixed(4)}`,
    `accuracy ${metrics.accuracy.toFixed(4)}`,
    ...(validation === undefined
      ? []
      : [
          `validation loss ${validation.loss.toFixed(4)}`,
          `accuracy ${validation.accuracy.toFixed(4)}`,
          `macro F1 ${validation.macro.f1.toFixed(4)}${best ? " (best)" : ""}`,
        ]),
    `${examplesPerSecond.toFixed(1)} examples/s`,
    formatDuration(seconds),
  ].join("  ");
}
