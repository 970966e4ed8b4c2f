/** How a classifier is trained, and a training under way. */
import type { Dataset } from "../data/dataset/dataset.js";
import type { Callbacks, TrainingHistory } from "../training/callbacks.js";
import { type Cutting, cuttingOf } from "../training/options.js";
import type { ResolvedTrainingOptions, TrainingOptions } from "../training/training-options.js";
import type { ClassifierState } from "./classifier-state.js";

/** Where a training keeps what it goes on from. */
export interface CheckpointOptions {
  /** Folder to write checkpoints to, from which an interrupted training goes on; none are written by default. */
  readonly checkpointDir?: string | undefined;
  /** Goes on from the newest checkpoint in `checkpointDir`, to the weights that the training would have come to; false by default. */
  readonly resume?: boolean | undefined;
  /** Forgets the checkpoints of an earlier training in `checkpointDir`; by default they are an error. */
  readonly overwrite?: boolean | undefined;
}

/** How a classifier is trained. */
export interface FitOptions extends TrainingOptions, CheckpointOptions {
  /** Rows to validate on after every epoch. */
  readonly validation?: Dataset | undefined;
  /** Functions that are called as training goes; none by default. */
  readonly callbacks?: readonly Callbacks[];
  /** Ends training after the step in progress; the best epoch so far is kept. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Trains in a thread of its own, so that this one goes on answering; the result is the same, bit for bit. It takes as
   * much memory again as the weights and the data. False by default.
   */
  readonly worker?: boolean | undefined;
}

/** What a training changes of a classifier. */
export type TrainedState = Pick<ClassifierState, "weights" | "adapter" | "base">;

/** How a training reads texts: how they are cut, and whether a row is a pair of them. */
export interface Reading extends Cutting {
  readonly pairs: boolean;
}

/** The same by the options and the data of a training. */
export function readingOf(options: ResolvedTrainingOptions, train: Dataset): Reading {
  return { ...cuttingOf(options), pairs: train.hasPairs };
}

export interface TrainingSession {
  readonly reading: Reading;
  /** Trains. @throws as `fit` of src/training does */
  run(): Promise<TrainingHistory>;
  /** What the classifier consists of now, also while it runs or when it is closed, but for what was not trained. */
  state(): TrainedState | Promise<TrainedState>;
  close(): Promise<void>;
}
