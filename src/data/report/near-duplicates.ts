/**
 * Texts that share most of their words, found exactly and without comparing each with each: texts that are alike share one
 * of their rarest words.
 *
 * @source Chaudhuri, Ganti and Kaushik, "A Primitive Operator for Similarity Joins in Data Cleaning", ICDE 2006 (prefix filter)
 */
import type { TermTable } from "./word-table.js";

/** Two rows of a table, the earlier one first, and the share of their words that both have (Jaccard's index of the sets). */
export interface NearPair {
  readonly earlier: number;
  readonly later: number;
  readonly similarity: number;
}

/** The least share of words that two texts have in common to be nearly the same. */
export const NEAR = 0.8;
/** Texts of fewer different words are not compared: one word is too much of them. */
export const LEAST_WORDS = 5;
/** Earlier texts that a text is compared with at most: a template filled in ten thousand times would take minutes. */
const MOST_COMPARED = 500;

/** Calls `visit` with every pair of `rows` of `table` that are nearly the same. */
export function nearPairs(table: TermTable, rows: Int32Array, visit: (pair: NearPair) => void): void {
  const { found, ends } = table;
  const rank = rarestFirst(table.counts);
  const withToken = new Map<number, number[]>();
  const sets: Int32Array[] = [];
  const metBy = new Int32Array(rows.length).fill(-1);
  rows.forEach((row, place) => {
    const set = new Set<number>();
    for (let at = row === 0 ? 0 : (ends[row - 1] as number); at < (ends[row] as number); at++)
      set.add(rank[found[at] as number] as number);
    const tokens = Int32Array.from(set).sort();
    sets.push(tokens);
    if (tokens.length < LEAST_WORDS) return;
    const prefix = tokens.length - Math.ceil(NEAR * tokens.length - 1e-9) + 1;
    let compared = 0;
    for (let k = 0; k < prefix; k++) {
      const token = tokens[k] as number;
      const others = withToken.get(token) ?? [];
      for (let i = others.length - 1; i >= 0 && compared < MOST_COMPARED; i--) {
        const other = others[i] as number;
        if (metBy[other] === place) continue;
        metBy[other] = place;
        compared++;
        const similarity = jaccard(tokens, sets[other] as Int32Array);
        if (similarity >= NEAR - 1e-9) visit({ earlier: rows[other] as number, later: row, similarity });
      }
      if (others.length === 0) withToken.set(token, others);
      others.push(place);
    }
  });
}

/** A new number for each term, the smaller the rarer it is. */
function rarestFirst(counts: Int32Array): Int32Array {
  const order = Int32Array.from(counts.keys()).sort((a, b) => (counts[a] as number) - (counts[b] as number) || a - b);
  const rank = new Int32Array(counts.length);
  order.forEach((term, place) => {
    rank[term] = place;
  });
  return rank;
}

/** The share of what two ascending lists hold that stands in both; 0 where that cannot reach {@link NEAR}. */
function jaccard(a: Int32Array, b: Int32Array): number {
  if (Math.min(a.length, b.length) < NEAR * Math.max(a.length, b.length) - 1e-9) return 0;
  let both = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const difference = (a[i] as number) - (b[j] as number);
    if (difference === 0) both++;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  return both / (a.length + b.length - both);
}
