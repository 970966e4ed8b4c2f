/** Weights that let a rare class count as much as a frequent one. */
import { z } from "zod";
import type { Value } from "../graph/graph.js";

/** `size` weights: finite numbers, none negative. */
export function weightsSchema(size: number): z.ZodType<readonly number[] | undefined> {
  return z.array(z.number().min(0)).length(size).readonly().optional();
}

/** The sum of the weights of the classes of these rows: what PyTorch's weighted mean divides by. */
export function weightOfClasses(
  classIds: ArrayLike<number>,
  rows: number,
  classWeights: readonly number[] | undefined,
): number {
  if (classWeights === undefined) return rows;
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += classWeights[classIds[row]];
  return sum;
}

/** `weights` as a float32 constant [1, C] in the graph of `like`. */
export function weightRow(like: Value, weights: readonly number[]): Value {
  return like.graph.constant("float32", [1, weights.length], weights);
}

/**
 * The weight of each class for which all classes together count the same: rows / (classes · rows of the class).
 * A class without a row has the weight 0.
 *
 * @param counts rows of each class, [C]
 * @source sklearn.utils.class_weight.compute_class_weight("balanced"), which refuses classes without a row
 */
export function balancedClassWeights(counts: ArrayLike<number>): number[] {
  const all = Array.from(counts);
  const present = all.filter((count) => count > 0).length;
  const rows = all.reduce((sum, count) => sum + count, 0);
  return all.map((count) => (count === 0 ? 0 : rows / (present * count)));
}
