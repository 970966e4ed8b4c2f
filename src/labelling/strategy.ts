/** What a way of choosing the rows to label next is: one record. */
import type { Random } from "../base/random.js";
import type { Features } from "../classifier/features.js";

/** What is known when rows are chosen. */
export interface Pool {
  /** Of all rows, of length 1. */
  readonly features: Features;
  /** The rows that may be chosen, ascending. */
  readonly candidates: Uint32Array;
  /** [N, C], a row for each candidate; undefined before there is a model. */
  readonly probabilities: Float32Array | undefined;
  readonly classes: number;
  /** Labelled rows of each class. */
  readonly counts: readonly number[];
  /** Of each row of the file, 1 less the cosine of the labelled row that is most like it; 2 without any. */
  readonly distances: Float32Array;
  readonly random: Random;
}

/** A way of choosing. */
export interface Strategy {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Up to `count` of the candidates, the one to label first at the beginning. */
  readonly choose: (pool: Pool & { readonly probabilities: Float32Array }, count: number) => number[];
  readonly source: string;
}

/** The places of the best `count` candidates by a score, the highest first; of equals the earlier one. */
export function highest(candidates: Uint32Array, count: number, scoreOf: (at: number) => number): number[] {
  const scores = Float64Array.from(candidates, (_, at) => scoreOf(at));
  return Array.from(candidates.keys())
    .sort((a, b) => scores[b] - scores[a] || a - b)
    .slice(0, count);
}

/** The most probable class of a row of probabilities, the second, and how far apart they are. */
export function topTwo(probabilities: Float32Array, at: number, classes: number) {
  let first = 0;
  let second = -1;
  for (let c = 1; c < classes; c++) {
    const p = probabilities[at * classes + c];
    if (p > probabilities[at * classes + first]) [first, second] = [c, first];
    else if (second < 0 || p > probabilities[at * classes + second]) second = c;
  }
  const margin = second < 0 ? 1 : probabilities[at * classes + first] - probabilities[at * classes + second];
  return { first, margin };
}
