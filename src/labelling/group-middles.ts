/** Rows that stand for many: one from the middle of each group of rows that are alike. */
import type { Random } from "../base/random.js";
import type { Features } from "../classifier/features.js";
import { cosine, unitFeatures } from "./nearest.js";

const ROUNDS = 8;

export interface RowsToGroup {
  /** Of all rows, of length 1. */
  readonly features: Features;
  readonly rows: readonly number[];
  /** Of each of `rows`, at least 0: how much it pulls the middle of its group towards itself. */
  readonly weights: Float64Array;
  readonly random: Random;
}

/**
 * Divides `rows` into `count` groups of rows that are alike by their cosine, and gives of each group the row nearest to its
 * middle. Fewer than `count` where rows are the same or fewer.
 *
 * @source k-means of unit vectors (Dhillon and Modha 2001, "Concept decompositions"), begun as k-means++ (Arthur and
 * Vassilvitskii 2007)
 */
export function groupMiddles({ features, rows, weights, random }: RowsToGroup, count: number): number[] {
  let middles = firstMiddles({ features, rows, weights, random }, count);
  for (let round = 0; round < ROUNDS; round++) {
    const next = { width: features.width, values: new Float32Array(middles.values.length) };
    for (const [at, { group }] of nearestMiddles(features, rows, middles).entries())
      addTo(next, group, features, rows[at], weights[at]);
    middles = withUnitRows(next, middles);
  }
  const chosen = new Map<number, { readonly row: number; readonly similarity: number }>();
  for (const [at, { group, similarity }] of nearestMiddles(features, rows, middles).entries())
    if (similarity > (chosen.get(group)?.similarity ?? Number.NEGATIVE_INFINITY))
      chosen.set(group, { row: rows[at], similarity });
  return [...chosen.values()].map(({ row }) => row);
}

/** Rows far from each other by chance: each with the probability of its weight and its distance from those before. */
function firstMiddles({ features, rows, weights, random }: RowsToGroup, count: number): Features {
  const chances = weights.slice();
  const chosen: number[] = [];
  while (chosen.length < Math.min(count, rows.length)) {
    const row = rows[drawn(chances, random.float())];
    chosen.push(row);
    for (const [at, other] of rows.entries()) {
      const chance = weights[at] * Math.max(0, 1 - cosine(features, other, features, row));
      chances[at] = chosen.length === 1 ? chance : Math.min(chances[at], chance);
    }
  }
  const { values, width } = features;
  const middles = { width, values: new Float32Array(chosen.length * width) };
  for (const [group, row] of chosen.entries())
    middles.values.set(values.subarray(row * width, (row + 1) * width), group * width);
  return middles;
}

/** Of each row the group whose middle is most like it, the first of equals. */
function nearestMiddles(features: Features, rows: readonly number[], middles: Features) {
  const groups = middles.values.length / middles.width;
  return rows.map((row) => {
    let best = { group: 0, similarity: Number.NEGATIVE_INFINITY };
    for (let group = 0; group < groups; group++) {
      const similarity = cosine(middles, group, features, row);
      if (similarity > best.similarity) best = { group, similarity };
    }
    return best;
  });
}

function addTo(sums: Features, group: number, features: Features, row: number, weight: number): void {
  const { width } = sums;
  for (let d = 0; d < width; d++) sums.values[group * width + d] += weight * features.values[row * width + d];
}

/** The sums with length 1; the middle as it was where a group has become empty. */
function withUnitRows(sums: Features, before: Features): Features {
  const { values, width } = unitFeatures(sums);
  for (let start = 0; start < values.length; start += width)
    if (values.subarray(start, start + width).every((value) => value === 0))
      values.set(before.values.subarray(start, start + width), start);
  return { values, width };
}

/** A place drawn with the probability of its value; the first where all are 0. */
function drawn(values: Float64Array, share: number): number {
  let rest = share * values.reduce((sum, value) => sum + value, 0);
  for (let at = 0; at < values.length; at++) {
    rest -= values[at];
    if (rest < 0) return at;
  }
  return 0;
}
