/** Random forests for regression: trees of boxes of the space, each grown on rows drawn with replacement. */
import type { Random } from "../base/random.js";

/** A leaf: a box, of each dimension from `low` to `high`, and the mean of the rows in it. */
export interface Leaf {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly value: number;
}

/** The leaves of a tree fill the unit cube. */
export type Tree = readonly Leaf[];

/** Rows in a leaf that is not split further. */
const SMALLEST = 2;

/** Grows `trees` on points of the unit cube with their values. */
export function growForest(
  points: readonly Float64Array[],
  values: readonly number[],
  trees: number,
  random: Random,
): readonly Tree[] {
  const dimensions = points[0]?.length ?? 0;
  return Array.from({ length: trees }, () => {
    const rows = points.map(() => random.integer(points.length));
    const leaves: Leaf[] = [];
    const grow = (inside: readonly number[], low: readonly number[], high: readonly number[]): void => {
      const split = inside.length > SMALLEST ? bestSplit(points, values, inside, dimensions, random) : undefined;
      if (split === undefined) {
        leaves.push({ low, high, value: meanOf(values, inside) });
        return;
      }
      const { dimension, at } = split;
      const isBelow = (row: number): boolean => ((points[row] as Float64Array)[dimension] as number) < at;
      const put = (box: readonly number[]): number[] => box.map((one, d) => (d === dimension ? at : one));
      grow(inside.filter(isBelow), low, put(high));
      grow(
        inside.filter((row) => !isBelow(row)),
        put(low),
        high,
      );
    };
    grow(rows, Array(dimensions).fill(0), Array(dimensions).fill(1));
    return leaves;
  });
}

/** The split that leaves the least squared error, among all places of five in six of the dimensions; none helps in a leaf. */
function bestSplit(
  points: readonly Float64Array[],
  values: readonly number[],
  rows: readonly number[],
  dimensions: number,
  random: Random,
): { readonly dimension: number; readonly at: number } | undefined {
  let found: { readonly dimension: number; readonly at: number } | undefined;
  let most = 1e-12;
  const total = rows.reduce((sum, row) => sum + (values[row] as number), 0);
  const base = total ** 2 / rows.length;
  const tried = random
    .shuffle(Array.from({ length: dimensions }, (_, d) => d))
    .slice(0, Math.ceil((5 * dimensions) / 6));
  for (const dimension of tried) {
    const place = (row: number): number => (points[row] as Float64Array)[dimension] as number;
    const sorted = [...rows].sort((a, b) => place(a) - place(b));
    let sum = 0;
    for (let i = 1; i < sorted.length; i++) {
      sum += values[sorted[i - 1] as number] as number;
      const [below, above] = [place(sorted[i - 1] as number), place(sorted[i] as number)];
      if (below === above) continue;
      const gain = sum ** 2 / i + (total - sum) ** 2 / (rows.length - i) - base;
      if (gain <= most) continue;
      most = gain;
      found = { dimension, at: (below + above) / 2 };
    }
  }
  return found;
}

function meanOf(values: readonly number[], rows: readonly number[]): number {
  return rows.reduce((sum, row) => sum + (values[row] as number), 0) / rows.length;
}
