/**
 * Learning-rate schedules: the learning rate as a function of the number of steps taken.
 *
 * Names, formulas and defaults are those of Hugging Face's `lr_scheduler_type`; one record each.
 *
 * @source transformers 5.18, src/transformers/optimization.py; tests/golden/schedule.json holds them to it
 */

import { fail } from "../base/errors.js";
import { didYouMean } from "../base/nearest.js";

export interface ScheduleOptions {
  /** The highest rate, which the warm-up ends with. */
  readonly learningRate: number;
  /** Steps over which the rate rises from 0. */
  readonly warmupSteps: number;
  /** Steps of the whole training, warm-up included. */
  readonly totalSteps: number;
  /** Waves of "cosine", 0.5 by default: down once; or cycles of "cosine_with_restarts", 1 by default. */
  readonly cycles?: number | undefined;
  /** The power of "polynomial", 1 by default. */
  readonly power?: number;
  /** The rate that "polynomial" ends with, below `learningRate`; 1e-7 by default. */
  readonly end?: number;
}

interface Schedule {
  /** False for a schedule that starts at its full rate whatever `warmupSteps` says. */
  readonly warmup: boolean;
  /** The share of the learning rate after `step` steps, from the end of the warm-up on. */
  factor(step: number, options: ScheduleOptions): number;
}

// get_polynomial_decay_schedule_with_warmup: lr_end.
const POLYNOMIAL_END = 1e-7;
// get_inverse_sqrt_schedule: timescale where there is no warm-up.
const INVERSE_SQRT_TIMESCALE = 10_000;

/** Every schedule under the name that `lrSchedulerType` takes. */
const SCHEDULES = {
  linear: {
    warmup: true,
    factor: (step, { warmupSteps, totalSteps }) =>
      Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmupSteps)),
  },
  // Half a wave goes down to 0; beyond the last step it would rise again, as the original does.
  cosine: {
    warmup: true,
    factor: (step, options) =>
      Math.max(0, 0.5 * (1 + Math.cos(Math.PI * 2 * (options.cycles ?? 0.5) * progress(step, options)))),
  },
  // Each cycle goes down to 0 and the next starts at the full rate; after the last it stays at 0.
  cosine_with_restarts: {
    warmup: true,
    factor: (step, options) => {
      const done = progress(step, options);
      return done >= 1 ? 0 : Math.max(0, 0.5 * (1 + Math.cos(Math.PI * (((options.cycles ?? 1) * done) % 1))));
    },
  },
  polynomial: {
    warmup: true,
    factor: (step, { learningRate, warmupSteps, totalSteps, power = 1, end = POLYNOMIAL_END }) => {
      if (step > totalSteps) return end / learningRate;
      const remaining = 1 - (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
      return ((learningRate - end) * remaining ** power + end) / learningRate;
    },
  },
  constant: { warmup: false, factor: () => 1 },
  constant_with_warmup: { warmup: true, factor: () => 1 },
  inverse_sqrt: {
    warmup: true,
    factor: (step, { warmupSteps }) => {
      const timescale = warmupSteps || INVERSE_SQRT_TIMESCALE;
      return 1 / Math.sqrt((step + timescale - warmupSteps) / timescale);
    },
  },
  // The full rate, which what evaluations find lowers: see ./plateau.ts.
  reduce_lr_on_plateau: { warmup: false, factor: () => 1 },
} as const satisfies Record<string, Schedule>;

/** The name of a schedule. */
export type ScheduleName = keyof typeof SCHEDULES;

/** All names, for option schemas and help texts. */
export const SCHEDULE_NAMES = Object.keys(SCHEDULES) as readonly ScheduleName[];

/**
 * The learning rate after `step` steps: call it with 0 before the first step, as Hugging Face does, so
 * that with a warm-up the first step has rate 0.
 *
 * @throws E_CONFIG when the name is unknown or a number is out of its range
 */
export function createSchedule(name: ScheduleName, options: ScheduleOptions): (step: number) => number {
  const { learningRate, warmupSteps, totalSteps } = options;
  if (!Object.hasOwn(SCHEDULES, name)) {
    fail("E_CONFIG", {
      where: "lrSchedulerType",
      expected: "the name of a schedule",
      got: `"${name}"`,
      fix: didYouMean(name, SCHEDULE_NAMES),
    });
  }
  expectNumber("learningRate", learningRate, "a number, 0 or more");
  expectNumber("warmupSteps", warmupSteps, "a number of steps");
  expectNumber("totalSteps", totalSteps, "a number of steps");
  const end = options.end ?? POLYNOMIAL_END;
  if (name === "polynomial" && learningRate <= end) {
    fail("E_CONFIG", {
      option: "learningRate",
      expected: `more than ${end}, with which "polynomial" ends`,
      got: String(learningRate),
    });
  }
  const schedule: Schedule = SCHEDULES[name];
  return (step) => {
    const rising = schedule.warmup && step < warmupSteps;
    return learningRate * (rising ? step / Math.max(1, warmupSteps) : schedule.factor(step, options));
  };
}

/** The steps of a warm-up given as a share of all steps in [0, 1], rounded up as Hugging Face's `warmup_ratio` is. */
export function warmupStepsOf(warmupRatio: number, totalSteps: number): number {
  return Math.ceil(warmupRatio * totalSteps);
}

/** The share of the steps after the warm-up that is done. */
function progress(step: number, { warmupSteps, totalSteps }: ScheduleOptions): number {
  return (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
}

function expectNumber(where: string, value: number, expected: string): void {
  if (!(value >= 0 && value < Infinity)) fail("E_CONFIG", { where, expected, got: String(value) });
}
