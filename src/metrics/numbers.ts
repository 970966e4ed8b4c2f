/** The true and the predicted numbers of every row of a set, for the metrics of a regression. */

/** One output of N rows. */
export interface Numbers {
  readonly targets: Float64Array;
  readonly predictions: Float64Array;
}

/** Numbers under way: 16 bytes for each. */
export interface NumbersCollector {
  /** Adds rows: targets and predictions, [B, C] each. */
  add(targets: ArrayLike<number>, predictions: ArrayLike<number>, rows: number): void;
  readonly rows: number;
  /** The numbers of each output, [C]. */
  numbers(): readonly Numbers[];
}

/** Keeps the numbers of all rows. */
export function keepNumbers(outputs: number): NumbersCollector {
  const targets: number[][] = Array.from({ length: outputs }, () => []);
  const predictions: number[][] = Array.from({ length: outputs }, () => []);
  return {
    add(added, predicted, rows) {
      for (let i = 0; i < rows * outputs; i++) {
        targets[i % outputs].push(added[i]);
        predictions[i % outputs].push(predicted[i]);
      }
    },
    get rows() {
      return targets[0].length;
    },
    numbers: () =>
      targets.map((column, c) => ({
        targets: Float64Array.from(column),
        predictions: Float64Array.from(predictions[c]),
      })),
  };
}

/** The mean of f over pairs of target and prediction. */
export function meanOf({ targets, predictions }: Numbers, f: (target: number, prediction: number) => number): number {
  return targets.reduce((sum, target, i) => sum + f(target, predictions[i]), 0) / targets.length;
}
