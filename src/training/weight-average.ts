/**
 * The exponential moving average of the weights.
 *
 *   average = d average + (1 - d) weights     after every step, with d = min(decay, (1 + t) / (10 + t)) in step t
 *
 * The smaller d of the first steps lets the average forget the weights that training began with: a fine-tuning has
 * hundreds of steps, where a decay of 0.999 alone remembers thousands.
 *
 * @source tf.train.ExponentialMovingAverage with num_updates; diffusers EMAModel has the same warm-up
 */
import { addScaled, scale } from "../optimizers/gradient-accumulation.js";

/** The state of an average, for saving. */
export interface AverageState {
  /** Live. */
  readonly values: Float32Array;
  readonly updates: number;
  readonly decays: readonly number[];
}

export interface WeightAverage {
  /** Takes the weights after a step in; `decays` are what became of weights that only decay, group by group. */
  update(decays: readonly number[]): void;
  /** Puts the average into the weights' place and these into its own. Called a second time, all is as before. */
  swap(): void;
  state(): AverageState;
  /** Goes on from saved counts; the values are written where they stand. */
  restore(state: Omit<AverageState, "values">): void;
  /** What averages of weights that only decay have come to, group by group. */
  decays(): readonly number[];
}

/** The average of `weights` from now on, of `groups` groups. */
export function createWeightAverage(
  decay: number,
  weights: Float32Array,
  groups: number,
  allocate: (length: number) => Float32Array,
): WeightAverage {
  const values = allocate(weights.length);
  values.set(weights);
  let decays: readonly number[] = new Array<number>(groups).fill(1);
  let updates = 0;
  return {
    update(current) {
      updates++;
      const d = Math.min(decay, (1 + updates) / (10 + updates));
      scale(values, d);
      addScaled(values, weights, 1 - d);
      decays = decays.map((average, group) => d * average + (1 - d) * current[group]);
    },
    swap() {
      for (let start = 0; start < values.length; start += SWAPPED) {
        const here = weights.subarray(start, start + SWAPPED);
        const there = values.subarray(start, start + SWAPPED);
        const kept = here.slice();
        here.set(there);
        there.set(kept);
      }
    },
    decays: () => decays,
    state: () => ({ values, updates, decays }),
    restore(state) {
      ({ updates, decays } = state);
    },
  };
}

/** Weights that are exchanged at once: a copy of all would take as much memory as they. */
const SWAPPED = 65_536;
