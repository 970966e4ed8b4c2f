/** What training tells while it runs, and what it may be told in answer. */
import type { Report } from "../metrics/report.js";
import type { TokenizeProgress } from "../tokenizing/tokenized-texts.js";
import type { ResolvedTrainingOptions } from "./training-options.js";

/** What tells one data set from another. */
export interface DataFacts {
  readonly source: string;
  readonly rows: number;
  /** 32 hexadecimal digits that depend on texts, labels and their order alone. */
  readonly fingerprint: string;
}

/** The start of training. */
export interface TrainBegin {
  /** Steps of the whole training. */
  readonly steps: number;
  readonly epochs: number;
  /** Rows of the training set. */
  readonly examples: number;
  readonly validationExamples: number;
  /** Every option with its value. */
  readonly options: ResolvedTrainingOptions;
  readonly data: { readonly train: DataFacts; readonly validation?: DataFacts | undefined };
  /** Steps that were done before, by a training that this one goes on with; 0 otherwise. */
  readonly stepsDone: number;
}

/** The start of an epoch, or of what is left of one where a training goes on. */
export interface EpochBegin {
  /** Counted from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done before it. */
  readonly step: number;
}

/** The start of a step. */
export interface StepBegin {
  /** Counted from 1. */
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly learningRate: number;
}

/** The start of an evaluation on the validation set. */
export interface EvaluationBegin {
  /** Steps done, and the epoch they are of, counted from 1. */
  readonly step: number;
  readonly epoch: number;
}

/** Numbers that a callback logged. */
export interface Logged {
  /** Steps done. */
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
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

/** One evaluation on the validation set done. */
export interface EvaluationEnd {
  /** Steps done, and the epoch they are of, counted from 1. */
  readonly step: number;
  readonly epoch: number;
  readonly report: Report;
  /** Whether it is the best so far. */
  readonly best: boolean;
  readonly seconds: number;
}

/** What is kept of an evaluation. */
export interface EvaluationResult {
  /** Steps done, and the epoch they are of, counted from 1. */
  readonly step: number;
  readonly epoch: number;
  /** Mean loss on the validation set. */
  readonly loss: number;
  /** The metrics that the task shows. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Whether it was the best so far. */
  readonly best: boolean;
}

/** One epoch done. */
export interface EpochResult {
  /** Counted from 1. */
  readonly epoch: number;
  /** Steps done in all. */
  readonly step: number;
  /** Mean loss over the rows of the epoch, each at the weights of its step. */
  readonly loss: number;
  /** The metrics that the task shows, over these rows likewise, as in { accuracy: 0.91, macroF1: 0.9 }. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Metrics on the validation set after the epoch; with `evalStrategy` "steps" only where its last step was evaluated. */
  readonly validation?: Report;
  /** The metrics that the task shows, of this report. */
  readonly validationMetrics?: Readonly<Record<string, number>>;
  /** Whether this evaluation is the best so far. */
  readonly best: boolean;
  /** Training time of the epoch, without validation. */
  readonly seconds: number;
  readonly examplesPerSecond: number;
}

/** What a training did. */
export interface TrainingHistory {
  readonly epochs: readonly EpochResult[];
  /** Mean loss of each step. */
  readonly losses: readonly number[];
  /** Every evaluation on the validation set, in their order. */
  readonly evaluations: readonly EvaluationResult[];
  /** The epoch whose weights were kept, counted from 1; undefined where there was no validation, or none ended. */
  readonly bestEpoch: number | undefined;
  /** The steps that were done when they were evaluated. */
  readonly bestStep: number | undefined;
  /** What was measured then. */
  readonly bestValidation: Report | undefined;
  /**
   * With `greedySoup`, the steps after which the weights stood whose average was kept, the best first; one where no
   * other made it better.
   */
  readonly averagedSteps?: readonly number[] | undefined;
  /** Metrics on all rows of the validation set at the weights that were kept; undefined without one, and after an abort. */
  readonly validation: Report | undefined;
  /** Whether the signal ended it before its last step. */
  readonly aborted: boolean;
  /** Whether a callback or early stopping ended it before its last step. */
  readonly stopped: boolean;
  /** Whether it was early stopping. */
  readonly stoppedEarly: boolean;
  /** The step of the newest checkpoint that was written; undefined where none was. */
  readonly checkpointStep: number | undefined;
}

/** The end of a training that failed. */
export interface TrainError {
  readonly error: unknown;
  /** Steps done. */
  readonly step: number;
  /** The epoch whose weights are kept, counted from 1; undefined for those of the last step. */
  readonly bestEpoch: number | undefined;
}

/** Something that was written. */
export interface Artifact {
  readonly kind: "classifier";
  /** Where it stands on disk. */
  readonly path: string;
}

/** Rows evaluated so far. */
export interface EvaluateProgress {
  readonly done: number;
  readonly total: number;
  /** Of what is no evaluation: what the encoder, or its frozen layers, make of the texts, computed once. */
  readonly what?: "features" | "frozen layers";
}

/** What a callback may answer. */
export interface Answer {
  /** Ends training: the epoch in progress is validated, and the best weights are kept. */
  readonly stop?: boolean;
  /** The learning rates of all further steps are multiplied by it. */
  readonly learningRateScale?: number;
  /** Numbers to be logged with the step: the run that records the training keeps them, the terminal shows them. */
  readonly log?: Readonly<Record<string, number>>;
}

/**
 * Functions that are called as training goes; each may be left out. What they return is awaited. When one throws,
 * training ends with its error, and the best weights so far are kept.
 *
 * @example
 * const stopAtOnePercent: Callbacks = {
 *   onEpochEnd: ({ loss }) => (loss < 0.01 ? { stop: true } : undefined),
 * };
 */
export interface Callbacks {
  /** Called before training where tokenizing takes more than a second. */
  readonly onTokenizeProgress?: (event: TokenizeProgress) => void;
  /** Called before the first step. */
  readonly onTrainBegin?: (event: TrainBegin) => void | Promise<void>;
  /** Called before the first step of every epoch. */
  readonly onEpochBegin?: (event: EpochBegin) => void | Promise<void>;
  /** Called before every step. */
  readonly onStepBegin?: (event: StepBegin) => void | Promise<void>;
  /** Called after every step. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that answers nothing may be declared void
  readonly onStep?: (event: StepEnd) => void | Answer | undefined | Promise<void | Answer | undefined>;
  /** Called before the validation set is evaluated. */
  readonly onEvaluationBegin?: (event: EvaluationBegin) => void | Promise<void>;
  /** Called while the validation set is evaluated. */
  readonly onEvaluateProgress?: (event: EvaluateProgress) => void;
  /** Called when the validation set was evaluated. */
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  readonly onEvaluation?: (event: EvaluationEnd) => void | Answer | undefined | Promise<void | Answer | undefined>;
  /** Called after every epoch, validation included. */
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
  readonly onEpochEnd?: (event: EpochResult) => void | Answer | undefined | Promise<void | Answer | undefined>;
  /** Called with what any callback answered to be logged. */
  readonly onLog?: (event: Logged) => void | Promise<void>;
  /** Called last, once the weights that are kept are in place. */
  readonly onTrainEnd?: (event: TrainingHistory) => void | Promise<void>;
  /** Called instead of `onTrainEnd` when training fails. */
  readonly onError?: (event: TrainError) => void | Promise<void>;
  /** Called when something was written. */
  readonly onArtifact?: (event: Artifact) => void | Promise<void>;
  /** Something that a user should know: truncated texts, rows without label, … */
  readonly onWarning?: (message: string) => void;
  /** What a checkpoint should hold of the callback, as JSON: objects, lists, text, numbers. */
  readonly state?: () => unknown;
  /** Called before `onTrainBegin` of a training that goes on, with what `state` gave. */
  readonly restore?: (state: unknown) => void;
}

/** All callbacks as one, whose answers are those of all together. */
export interface Events {
  onTokenizeProgress(event: TokenizeProgress): void;
  onTrainBegin(event: TrainBegin): Promise<void>;
  onEpochBegin(event: EpochBegin): Promise<void>;
  onStepBegin(event: StepBegin): Promise<void>;
  onEvaluationBegin(event: EvaluationBegin): Promise<void>;
  onLog(event: Logged): Promise<void>;
  onStep(event: StepEnd): Promise<Required<Answer>>;
  onEvaluateProgress(event: EvaluateProgress): void;
  onEvaluation(event: EvaluationEnd): Promise<Required<Answer>>;
  onEpochEnd(event: EpochResult): Promise<Required<Answer>>;
  onTrainEnd(event: TrainingHistory): Promise<void>;
  onError(event: TrainError): Promise<void>;
  onArtifact(event: Artifact): Promise<void>;
  onWarning(message: string): void;
  /** The states of all callbacks, in their order. */
  state(): readonly unknown[];
  /** Takes what `state` gave. */
  restore(states: unknown): void;
}

type Asked = "onStep" | "onEvaluation" | "onEpochEnd";
type Told =
  | ("onTrainBegin" | "onEpochBegin" | "onStepBegin" | "onEvaluationBegin")
  | ("onLog" | "onTrainEnd" | "onError" | "onArtifact");

/** Each event goes to all callbacks in their order. */
export function combineCallbacks(all: readonly Callbacks[]): Events {
  const tell =
    <N extends Told>(name: N) =>
    async (event: Parameters<Events[N]>[0]): Promise<void> => {
      for (const one of all) await (one[name] as ((event: unknown) => unknown) | undefined)?.call(one, event);
    };
  const ask =
    <N extends Asked>(name: N) =>
    async (event: Parameters<Events[N]>[0]): Promise<Required<Answer>> => {
      let stop = false;
      let learningRateScale = 1;
      let log: Readonly<Record<string, number>> = {};
      for (const one of all) {
        const answer = await (
          one[name] as ((event: unknown) => Answer | undefined | Promise<Answer | undefined>) | undefined
        )?.call(one, event);
        stop ||= answer?.stop ?? false;
        learningRateScale *= answer?.learningRateScale ?? 1;
        if (answer?.log !== undefined) log = { ...log, ...answer.log };
      }
      return { stop, learningRateScale, log };
    };
  return {
    onTokenizeProgress(event) {
      for (const one of all) one.onTokenizeProgress?.(event);
    },
    onTrainBegin: tell("onTrainBegin"),
    onEpochBegin: tell("onEpochBegin"),
    onStepBegin: tell("onStepBegin"),
    onEvaluationBegin: tell("onEvaluationBegin"),
    onLog: tell("onLog"),
    onStep: ask("onStep"),
    onEvaluateProgress(event) {
      for (const one of all) one.onEvaluateProgress?.(event);
    },
    onEvaluation: ask("onEvaluation"),
    onEpochEnd: ask("onEpochEnd"),
    onTrainEnd: tell("onTrainEnd"),
    onError: tell("onError"),
    onArtifact: tell("onArtifact"),
    onWarning(message) {
      for (const one of all) one.onWarning?.(message);
    },
    state: () => all.map((one) => one.state?.() ?? null),
    restore(states) {
      for (const [index, one] of all.entries()) one.restore?.((states as readonly unknown[])[index]);
    },
  };
}
