/** What each row costs: where a model is wrong, and how wrong. */

import { logitsOfClasses, type Outputs } from "../metrics/outputs.js";
import { logSumExp, softplus } from "../metrics/probability.js";

/**
 * The loss of each row, [N]: the negative log-probability of its class, the mean over its labels, or the squared
 * distance of its numbers.
 *
 * @example
 * const losses = rowLosses(outputs);
 */
export function rowLosses({ family, labels, rows, targets, logits: given }: Outputs): Float64Array {
  const width = labels.length;
  const logits = logitsOfClasses(family, given);
  const perOutput = (f: (target: number, output: number) => number) => (row: number) => {
    let sum = 0;
    for (let i = row * width; i < (row + 1) * width; i++) sum += f(targets[i], logits[i]);
    return sum / width;
  };
  const lossOf = {
    "single-label": (row: number) => logSumExp(logits, row * width, width) - logits[row * width + targets[row]],
    binary: (row: number) => logSumExp(logits, row * width, width) - logits[row * width + targets[row]],
    "multi-label": perOutput((target, output) => softplus(target === 1 ? -output : output)),
    regression: perOutput((target, output) => (output - target) ** 2),
  }[family];
  return Float64Array.from({ length: rows }, (_, row) => lossOf(row));
}

/**
 * The rows in the order of their losses, the highest first; rows of equal loss in their own order.
 *
 * @example
 * for (const row of hardestFirst(rowLosses(outputs)).slice(0, 10)) console.log(test.text(row));
 */
export function hardestFirst(losses: Float64Array): Uint32Array {
  return Uint32Array.from(losses.keys()).sort((a, b) => losses[b] - losses[a] || a - b);
}
