/** What a training in a thread of its own and the thread that waits for it tell each other. */
import type { PlainError } from "../../base/node/plain-error.js";
import type { PlainDataset } from "../../data/dataset/plain-dataset.js";
import type { RunGate } from "../../runtime/node/run-gate.js";
import type { Callbacks, TrainingHistory } from "../../training/callbacks.js";
import type { FitOptions, TrainedState, TrainingSession } from "../fit-options.js";
import type { PlainState } from "../plain-state.js";

/** The callbacks that are told of an event. */
export type EventName = Exclude<keyof Callbacks, "state" | "restore">;

/** What the thread is started with. */
export interface TrainingSetup {
  readonly state: PlainState;
  readonly train: PlainDataset;
  readonly validation: PlainDataset | undefined;
  readonly options: Omit<FitOptions, "validation" | "callbacks" | "signal" | "worker">;
  /** How many callbacks there are, and which events any of them is told of. */
  readonly callbacks: number;
  readonly events: readonly EventName[];
  /** What each callback gives to a checkpoint. */
  readonly states: readonly unknown[];
  readonly aborted: boolean;
  readonly gate: RunGate;
}

export type TrainingCall =
  | { readonly run: true }
  | { readonly abort: true }
  /** Asks for what was trained so far. */
  | { readonly ask: number }
  /** Answers an event: `failed` where a callback threw, `states` what callbacks give to a checkpoint from now on. */
  | { readonly answer: number; readonly value: unknown; readonly failed: boolean; readonly states: readonly unknown[] };

export type TrainingReply =
  | { readonly opened: TrainingSession["reading"] }
  | { readonly event: EventName; readonly value: unknown; readonly id: number | undefined }
  | { readonly restore: readonly unknown[] }
  | { readonly state: TrainedState; readonly id: number }
  | { readonly ended: TrainingHistory; readonly kept: TrainedState }
  /** `callback`: the event at which a callback threw it, and not the training. */
  | { readonly error: PlainError; readonly callback: number | undefined; readonly kept: TrainedState | undefined };
