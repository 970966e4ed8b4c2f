/** Ends a training whose evaluations no longer get better. */
import type { ChosenMetric } from "../metrics/choose-metric.js";
import type { Callbacks } from "./callbacks.js";

export interface EarlyStoppingOptions {
  /** Evaluations in a row without a better metric that are borne; 1 or more. */
  readonly patience: number;
  /** How much better the metric has to be to count as better. */
  readonly threshold: number;
  readonly metric: ChosenMetric;
}

export interface EarlyStopping extends Callbacks {
  /** Whether it ended the training. */
  readonly hasStopped: () => boolean;
}

/** What the next answer depends on. */
interface Waiting {
  readonly best: number | undefined;
  /** Evaluations since the best was last beaten by more than the threshold. */
  readonly waited: number;
  readonly stopped: boolean;
}

/** Counts as transformers' `EarlyStoppingCallback` does. */
export function earlyStopping({ patience, threshold, metric }: EarlyStoppingOptions): EarlyStopping {
  let waiting: Waiting = { best: undefined, waited: 0, stopped: false };
  let steps = Infinity;
  return {
    onTrainBegin(event) {
      steps = event.steps;
    },
    onEvaluation({ step, report, best: isBest }) {
      const value = metric.read(report);
      const isMuchBetter = isBest && !(waiting.best !== undefined && Math.abs(value - waiting.best) <= threshold);
      const waited = isMuchBetter ? 0 : waiting.waited + 1;
      // After the last step there is nothing to end.
      const stopped = waited >= patience && step < steps;
      waiting = { best: isBest ? value : waiting.best, waited, stopped };
      return { stop: stopped };
    },
    state: () => waiting,
    restore(state) {
      waiting = state as Waiting;
    },
    hasStopped: () => waiting.stopped,
  };
}
