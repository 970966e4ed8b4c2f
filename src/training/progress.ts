/** How far a training is: what the loop changes from step to step, and what a checkpoint keeps of it. */

import type { Report } from "../metrics/report.js";
import type { Plateau, PlateauState } from "../optimizers/plateau.js";
import type { EpochResult, EvaluationResult, Events } from "./callbacks.js";
import type { Kept } from "./greedy-soup.js";
import type { TrainingState } from "./training-state.js";
import type { Trainer, TrainerState } from "./training-step.js";

/** The best validation so far. */
interface Best {
  readonly value: number;
  readonly epoch: number;
  readonly step: number;
  readonly report: Report;
}

export interface Progress {
  /** The epoch in progress, counted from 1, and the steps of it that are done. */
  epoch: number;
  stepsOfEpoch: number;
  /** Over the rows of these steps. */
  sums: { loss: number; examples: number; milliseconds: number };
  /** Their logits, part by part, where checkpoints are written: the epoch's metrics are computed of all of them. */
  logits: Float32Array[];
  readonly epochs: EpochResult[];
  /** Mean loss of each step. */
  readonly losses: number[];
  readonly evaluations: EvaluationResult[];
  /** The last evaluation: a training that goes on does not do it again. */
  evaluated: { readonly step: number; readonly report: Report; readonly best: boolean } | undefined;
  best: Best | undefined;
  /** The weights of the best evaluations, the best first; none where the last weights are kept, whatever came before. */
  kept: readonly Kept[];
  /** Whether a callback ended training. */
  stopped: boolean;
  /** What callbacks have multiplied the learning rate by. */
  rateScale: number;
  /** The step of the newest checkpoint. */
  checkpointStep: number | undefined;
}

/** What stands beside the loop and goes into checkpoints too. */
export interface Surroundings {
  readonly trainer: Trainer;
  readonly plateau: Plateau | undefined;
  readonly events: Events;
}

export function beginProgress(): Progress {
  return {
    ...{ epoch: 1, stepsOfEpoch: 0, sums: noSums(), logits: [], epochs: [], losses: [] },
    ...{ evaluations: [], evaluated: undefined },
    ...{ best: undefined, kept: [], stopped: false, rateScale: 1, checkpointStep: undefined },
  };
}

/** Goes on to the next epoch. */
export function endEpoch(progress: Progress, result: EpochResult): void {
  progress.epochs.push(result);
  progress.epoch++;
  Object.assign(progress, { stepsOfEpoch: 0, sums: noSums(), logits: [] });
}

function noSums(): Progress["sums"] {
  return { loss: 0, examples: 0, milliseconds: 0 };
}

interface Facts {
  readonly progress: Omit<Progress, "best" | "kept" | "logits" | "checkpointStep">;
  readonly best: Best | null;
  readonly kept: readonly (Omit<Kept, "snapshot"> & { readonly decays: readonly number[] })[];
  readonly trainer: Omit<TrainerState, "tensors">;
  readonly plateau: PlateauState | null;
  readonly callbacks: readonly unknown[];
  /** Whether nothing is left to do. */
  readonly finished: boolean;
}

/** All that the rest of a training of `steps` steps depends on. */
export function stateOf(progress: Progress, steps: number, { trainer, plateau, events }: Surroundings): TrainingState {
  const { best, kept, logits, checkpointStep: _, ...plain } = progress;
  const { tensors, ...trainerFacts } = trainer.state();
  const facts = {
    progress: plain,
    best: best ?? null,
    kept: kept.map(({ value, step, snapshot }) => ({ value, step, decays: snapshot.decays })),
    trainer: trainerFacts,
    plateau: plateau?.state() ?? null,
    callbacks: events.state(),
    finished: progress.stepsOfEpoch === 0 && (progress.stopped || progress.losses.length === steps),
  } satisfies Facts;
  const snapshots = kept.map(({ snapshot }, place) => [`best/${place}`, snapshot.parameters] as const);
  const all = new Map([...tensors, ["logits", joined(logits)] as const, ...snapshots]);
  return { step: progress.losses.length, facts: { ...facts }, tensors: all };
}

/** Puts everything where it stood. @throws E_WEIGHTS when the state is of another model */
export function resumeProgress(state: TrainingState, { trainer, plateau, events }: Surroundings): Progress {
  const facts = state.facts as unknown as Facts;
  const { tensors, step } = state;
  trainer.resume({ ...facts.trainer, tensors });
  if (facts.plateau !== null) plateau?.restore(facts.plateau);
  events.restore(facts.callbacks);
  return {
    ...beginProgress(),
    ...facts.progress,
    logits: [tensors.get("logits") ?? new Float32Array()],
    best: facts.best ?? undefined,
    kept: facts.kept.map(({ value, step, decays }, place) => {
      const parameters = tensors.get(`best/${place}`) as Float32Array;
      return { value, step, snapshot: { parameters, decays } };
    }),
    checkpointStep: step,
  };
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const array of arrays) {
    all.set(array, end);
    end += array.length;
  }
  return all;
}
