/**
 * A learning rate that goes down when a metric no longer gets better.
 *
 * After `patience` evaluations without a better value than before, the next such one multiplies the rate by `factor`.
 * Better is better by a ten-thousandth.
 *
 * @source torch.optim.lr_scheduler.ReduceLROnPlateau with its defaults, which is what transformers' "reduce_lr_on_plateau"
 *   is; tests/golden/schedule.json
 */

export interface PlateauOptions {
  /** In (0, 1). */
  readonly factor: number;
  /** Evaluations without a better value that are borne; 0 or more. */
  readonly patience: number;
  /** Whether a larger value of the metric is the better one. */
  readonly better: "higher" | "lower";
  /** The rate in the beginning. */
  readonly learningRate: number;
}

/** What the next answer depends on, for saving. */
export interface PlateauState {
  /** What the rate is multiplied by. */
  readonly scale: number;
  readonly best: number | undefined;
  /** Evaluations since the best one. */
  readonly waited: number;
}

export interface Plateau {
  /** Tells the value of an evaluation. */
  observe(value: number): void;
  state(): PlateauState;
  restore(state: PlateauState): void;
}

const THRESHOLD = 1e-4;
const LEAST_CHANGE = 1e-8;

export function createPlateau({ factor, patience, better, learningRate }: PlateauOptions): Plateau {
  let state: PlateauState = { scale: 1, best: undefined, waited: 0 };
  const isBetter = (value: number, best: number): boolean =>
    better === "lower" ? value < best * (1 - THRESHOLD) : value > best * (1 + THRESHOLD);
  return {
    observe(value) {
      const { scale, best, waited } = state;
      if (best === undefined || isBetter(value, best)) state = { scale, best: value, waited: 0 };
      else if (waited < patience) state = { scale, best, waited: waited + 1 };
      else {
        const large = learningRate * scale * (1 - factor) > LEAST_CHANGE;
        state = { scale: large ? scale * factor : scale, best, waited: 0 };
      }
    },
    state: () => state,
    restore(saved) {
      state = saved;
    },
  };
}
