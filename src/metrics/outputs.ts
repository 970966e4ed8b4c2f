/** What a model put out for rows whose truth is known: from it everything else follows, without the model. */

import { fail } from "../base/errors.js";
import { cooled } from "./decide.js";
import type { ClassFamily, Family } from "./family.js";
import { keepScores, type Scores } from "./scores.js";

/** The outputs of N rows; C is the number of labels. */
export interface Outputs<F extends Family = Family> {
  readonly family: F;
  readonly labels: readonly string[];
  readonly rows: number;
  /** Class ids [N] for `single-label` and `binary`, 0 and 1 [N, C] for `multi-label`, numbers [N, C] for `regression`. */
  readonly targets: ArrayLike<number>;
  /** Before softmax or sigmoid, row by row: [N, C], for `binary` [N, 1]. */
  readonly logits: Float32Array;
}

/** Outputs of classes or labels. */
export type ClassOutputs = Outputs<ClassFamily>;

/** @throws E_CONFIG, naming `what` needs them, for the outputs of a regression */
export function assertClasses(outputs: Outputs, what: string): asserts outputs is ClassOutputs {
  if (outputs.family === "regression")
    fail("E_CONFIG", { where: what, expected: "outputs of classes or labels", got: "those of a regression" });
}

/** The logits [N, C] of C classes: the one unit of two classes says of them what two with the logits 0 and x say. */
export function logitsOfClasses(family: Family, logits: ArrayLike<number>): ArrayLike<number> {
  if (family !== "binary") return logits;
  return Float32Array.from({ length: 2 * logits.length }, (_, i) => (i % 2) * logits[i >> 1]);
}

/**
 * The same with logits divided by `temperature`.
 *
 * @example
 * const calibrated = atTemperature(outputs, fitTemperature(outputs));
 */
export function atTemperature<O extends Outputs>(outputs: O, temperature: number): O {
  return { ...outputs, logits: cooled(outputs.logits, temperature) };
}

/** The scores of `outputs`. */
export function scoresOfOutputs({ family, labels, rows, targets, logits }: ClassOutputs): Scores {
  const collector = keepScores(family, labels.length);
  collector.add(targets, logitsOfClasses(family, logits), rows);
  return collector.scores();
}

/** The outputs of the rows `chosen`, in that order, as often as they are named. */
export function selectRows(outputs: Outputs, chosen: ArrayLike<number>): Outputs {
  const { rows, targets, logits } = outputs;
  return {
    ...outputs,
    rows: chosen.length,
    targets: take(targets, rows, chosen, new Float64Array((chosen.length * targets.length) / rows)),
    logits: take(logits, rows, chosen, new Float32Array((chosen.length * logits.length) / rows)),
  };
}

/** The rows `chosen` of `values` [rows, …], written to `result`. */
function take<A extends Float32Array | Float64Array>(
  values: ArrayLike<number>,
  rows: number,
  chosen: ArrayLike<number>,
  result: A,
): A {
  const width = values.length / rows;
  for (let i = 0; i < chosen.length; i++)
    for (let j = 0; j < width; j++) result[i * width + j] = values[chosen[i] * width + j];
  return result;
}
