/**
 * Which classes are alike: the cosine between their mean word vectors, words weighted by how few rows have them (tf-idf),
 * as the nearest-centroid classifier of Rocchio compares them.
 *
 * @source Manning, Raghavan and Schütze, "Introduction to Information Retrieval" (2008), sections 6.2 and 14.2
 */
import type { ClassCounts } from "./telling-words.js";
import type { TermTable } from "./word-table.js";

/** Two classes and how alike their words are: 0 for no word in common, 1 for the same words as often. */
export interface AlikeClasses {
  readonly a: string;
  readonly b: string;
  readonly similarity: number;
  /** The words that make them alike, the weightiest first. */
  readonly shared: readonly string[];
}

/** Classes that are compared at most: each is compared with every other. */
const MOST_CLASSES = 200;
const MOST_SHARED = 5;

/** The pair that each class is in with the class most like it, the most alike pairs first. */
export function alikeClasses(
  table: TermTable,
  counts: ClassCounts,
  names: readonly string[],
  isStopWord: (word: string) => boolean,
): readonly AlikeClasses[] {
  const { terms, byClass, classTotals } = counts;
  const classes = names.length;
  const idf = inverseFrequencies(table);
  const compared = names
    .map((_, id) => id)
    .filter((id) => (classTotals[id] as number) > 0)
    .sort((a, b) => (classTotals[b] as number) - (classTotals[a] as number) || a - b)
    .slice(0, MOST_CLASSES)
    .sort((a, b) => a - b);
  const vectors = compared.map((id) => {
    const vector = Float64Array.from(
      terms,
      (term, i) => ((byClass[i * classes + id] as number) / (classTotals[id] as number)) * (idf[term] as number),
    );
    const norm = Math.sqrt(vector.reduce((sum, weight) => sum + weight * weight, 0));
    return norm === 0 ? vector : vector.map((weight) => weight / norm);
  });
  const pairs = new Map<number, number>();
  vectors.forEach((x, i) => {
    const similarities = vectors.map((y, k) => (k === i ? -1 : dot(x, y)));
    const nearest = similarities.indexOf(Math.max(...similarities));
    if (nearest === i || (similarities[nearest] as number) <= 0) return;
    pairs.set(Math.min(i, nearest) * classes + Math.max(i, nearest), similarities[nearest] as number);
  });
  return [...pairs]
    .sort((p, q) => q[1] - p[1] || p[0] - q[0])
    .map(([key, similarity]) => {
      const [i, k] = [Math.floor(key / classes), key % classes];
      const [x, y] = [vectors[i], vectors[k]] as [Float64Array, Float64Array];
      const products = x.map((weight, term) => weight * (y[term] as number));
      const wordOf = (place: number): string => table.terms[terms[place] as number] as string;
      return {
        a: names[compared[i] as number] as string,
        b: names[compared[k] as number] as string,
        similarity,
        shared: weightiest(products, (place) => !isStopWord(wordOf(place))).map(wordOf),
      };
    });
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] as number) * (y[i] as number);
  return sum;
}

/** The places of the largest of `values` that are wanted, the largest first. */
function weightiest(values: Float64Array, wanted: (place: number) => boolean): number[] {
  const best: number[] = [];
  values.forEach((value, place) => {
    const last = best[MOST_SHARED - 1];
    if (value === 0 || (last !== undefined && value <= (values[last] as number)) || !wanted(place)) return;
    best.push(place);
    best.sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
    best.length = Math.min(best.length, MOST_SHARED);
  });
  return best;
}

/** ln(rows / rows with the term) of each term. */
function inverseFrequencies({ terms, found, ends }: TermTable): Float64Array {
  const rowsWith = new Int32Array(terms.length);
  const lastRow = new Int32Array(terms.length).fill(-1);
  let from = 0;
  ends.forEach((end, row) => {
    for (let at = from; at < end; at++) {
      const term = found[at] as number;
      if (term < 0 || lastRow[term] === row) continue;
      lastRow[term] = row;
      rowsWith[term] = (rowsWith[term] as number) + 1;
    }
    from = end;
  });
  return Float64Array.from(rowsWith, (count) => Math.log(ends.length / Math.max(1, count)));
}
