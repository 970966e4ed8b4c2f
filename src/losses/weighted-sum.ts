/** Sums over a batch in which each row counts by its weight. */
import type { Value } from "../graph/graph.js";
import { mul } from "../ops/arithmetic.js";
import { reshape } from "../ops/movement.js";
import { reduceSum } from "../ops/reduction.js";

/** Σ_i exampleWeights_i Σ_c x_ic, float32 []: x [B, C], exampleWeights [B]. */
export function weightedSum(x: Value, exampleWeights: Value): Value {
  const [rows] = x.shape;
  return reshape(reduceSum(mul(x, reshape(exampleWeights, [rows, 1])), [0, 1]), []);
}

/** Rows, each of the weight 1: what a mean over rows divides by where they all count the same. */
export const countRows = (_targets: ArrayLike<number>, rows: number): number => rows;
