/** When checkpoints are written. */
import type { ResolvedTrainingOptions } from "./training-options.js";

/** Steps between checkpoints where `saveStrategy` is "steps" alone. @source transformers TrainingArguments.save_steps */
const DEFAULT_SAVE_STEPS = 500;
/** Milliseconds of work that may be lost where nothing is said of checkpoints: a short training writes none. */
const AUTO_INTERVAL = 5 * 60_000;
/** Milliseconds of work after which the end of training is worth one: a test of hours may follow. */
const AUTO_END_INTERVAL = 60_000;

export interface SaveSchedule {
  isDueAfterStep(step: number): boolean;
  isDueAfterEpoch(isLast: boolean): boolean;
  /** Says that a checkpoint was written now, or could not be. */
  tried(): void;
}

/** The schedule of the options `saveStrategy` and `saveSteps`; `now` gives milliseconds from any fixed point. */
export function createSaveSchedule(
  { saveSteps, saveStrategy }: Pick<ResolvedTrainingOptions, "saveSteps" | "saveStrategy">,
  now: () => number,
): SaveSchedule {
  const strategy = saveStrategy === "auto" && saveSteps !== undefined ? "steps" : saveStrategy;
  let last = now();
  const waited = (milliseconds: number): boolean => strategy === "auto" && now() - last >= milliseconds;
  return {
    isDueAfterStep: (step) =>
      (strategy === "steps" && step % (saveSteps ?? DEFAULT_SAVE_STEPS) === 0) || waited(AUTO_INTERVAL),
    isDueAfterEpoch: (isLast) =>
      strategy === "epoch" || (isLast && (strategy === "steps" || waited(AUTO_END_INTERVAL))),
    tried() {
      last = now();
    },
  };
}
