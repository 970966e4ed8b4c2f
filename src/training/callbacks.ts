/** What training tells while it runs. */
import type { ClassificationReport } from "../metrics/classification-metrics.js";
import type { TokenizeProgress } from "../tokenizing/tokenized-texts.js";

/** The start of training. */
export interface TrainBegin {
  /** Steps of the whole training. */
  readonly steps: number;
  readonly epochs: number;
  /** Rows of the training set. */
  readonly examples: number;
  readonly validationExamples: number;
}

/** One step done. */
export interface StepEnd {
  /** Steps done, counted from 1. */
  readonly step: number;
  readonly steps: number;
  /** Epoch in progress, counted from 1. */
  readonly epoch: number;
  /** Mean loss of the batch before the step. */
  readonly loss: number;
  /** Global norm of the gradients before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Rows and tokens without padding of this step. */
  readonly examples: number;
  readonly tokens: number;
  /** Duration of the step. */
  readonly milliseconds: number;
}

/** One epoch done. */
export interface EpochResult {
  /** Counted from 1. */
  readonly epoch: number;
  /** Mean loss over the rows of the epoch, each at the weights of its step. */
  readonly loss: number;
  /** Share of these rows that were classified right, likewise. */
  readonly accuracy: number;
  /** Metrics on the validation set after the epoch. */
  readonly validation?: ClassificationReport;
  /** Whether this is the best epoch so far. */
  readonly best: boolean;
  /** Training time of the epoch, without validation. */
  readonly seconds: number;
  readonly examplesPerSecond: number;
}

/** Rows evaluated so far. */
export interface EvaluateProgress {
  readonly done: number;
  readonly total: number;
}

/** Functions that are called as training goes; each may be left out. What they return is awaited. */
export interface Callbacks {
  /** Called before training where tokenizing takes more than a second. */
  readonly onTokenizeProgress?: (event: TokenizeProgress) => void;
  readonly onTrainBegin?: (event: TrainBegin) => void | Promise<void>;
  readonly onStep?: (event: StepEnd) => void | Promise<void>;
  readonly onEvaluateProgress?: (event: EvaluateProgress) => void;
  readonly onEpochEnd?: (event: EpochResult) => void | Promise<void>;
  /** Something that a user should know: truncated texts, rows without label, … */
  readonly onWarning?: (message: string) => void;
}

/** All callbacks as one; each event goes to them in order. */
export function combineCallbacks(all: readonly Callbacks[]): Required<Callbacks> {
  return {
    onTokenizeProgress(event) {
      for (const one of all) one.onTokenizeProgress?.(event);
    },
    async onTrainBegin(event) {
      for (const one of all) await one.onTrainBegin?.(event);
    },
    async onStep(event) {
      for (const one of all) await one.onStep?.(event);
    },
    onEvaluateProgress(event) {
      for (const one of all) one.onEvaluateProgress?.(event);
    },
    async onEpochEnd(event) {
      for (const one of all) await one.onEpochEnd?.(event);
    },
    onWarning(message) {
      for (const one of all) one.onWarning?.(message);
    },
  };
}
