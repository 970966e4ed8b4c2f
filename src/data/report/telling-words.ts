/**
 * The terms that tell a class from the others: log-odds ratios with an informative Dirichlet prior.
 *
 * @source Monroe, Colaresi and Quinn, "Fightin' Words", Political Analysis 16 (2008), section 3.5.1
 */
import type { TermTable } from "./word-table.js";

/** A word, or words that follow each other, and how strongly it speaks for a class. */
export interface TellingWord {
  readonly word: string;
  /** Standard deviations above its rate elsewhere. */
  readonly z: number;
  /** Occurrences in the class and in all classes. */
  readonly count: number;
  readonly total: number;
}

/** Occurrences of the most frequent terms, in all and in each class. */
export interface ClassCounts {
  /** The numbers of the terms that are counted, the most frequent first. */
  readonly terms: readonly number[];
  /** `byClass[i * classes + c]` occurrences of term `terms[i]` in rows of class c. */
  readonly byClass: Int32Array;
  /** Occurrences of each of {@link terms} in rows with a class. */
  readonly totals: Float64Array;
  /** Occurrences of all of them in each class, and in all rows with a class. */
  readonly classTotals: Float64Array;
  readonly all: number;
}

/** Terms that are looked at: the most frequent ones, so that memory is bounded. */
const MOST_TERMS = 20_000;

/** Counts terms by class. `labelsAt` gives the classes of a row of the table: none, one or several. */
export function countByClass(
  table: TermTable,
  labelsAt: (row: number) => readonly number[],
  classes: number,
): ClassCounts {
  const terms = Array.from(table.counts.keys())
    .filter((term) => (table.counts[term] as number) > 2)
    .sort((a, b) => (table.counts[b] as number) - (table.counts[a] as number) || a - b)
    .slice(0, MOST_TERMS);
  const place = new Int32Array(table.terms.length).fill(-1);
  terms.forEach((term, i) => {
    place[term] = i;
  });
  const byClass = new Int32Array(terms.length * classes);
  const totals = new Float64Array(terms.length);
  const classTotals = new Float64Array(classes);
  let all = 0;
  let from = 0;
  table.ends.forEach((end, row) => {
    const labels = labelsAt(row);
    for (let at = from; labels.length > 0 && at < end; at++) {
      const term = table.found[at] as number;
      const i = term < 0 ? -1 : (place[term] as number);
      if (i < 0) continue;
      totals[i] = (totals[i] as number) + 1;
      all++;
      for (const label of labels) {
        byClass[i * classes + label] = (byClass[i * classes + label] as number) + 1;
        classTotals[label] = (classTotals[label] as number) + 1;
      }
    }
    from = end;
  });
  return { terms, byClass, totals, classTotals, all };
}

/** The `most` terms with the highest z score of each class, best first, of those that `wanted` says true of. */
export function tellingWords(
  table: TermTable,
  counts: ClassCounts,
  most: number,
  wanted: (term: string) => boolean = () => true,
): readonly (readonly TellingWord[])[] {
  const { terms, byClass, totals, classTotals, all } = counts;
  const classes = classTotals.length;
  return Array.from({ length: classes }, (_, label) => {
    const inside = classTotals[label] as number;
    const scored: TellingWord[] = [];
    terms.forEach((term, i) => {
      const total = totals[i] as number;
      const count = byClass[i * classes + label] as number;
      if (count <= 2) return;
      const z = zScore(count, inside, total - count, all - inside, total, all);
      if (z > 1.96) scored.push({ word: table.terms[term] as string, z, count, total });
    });
    return scored
      .sort((a, b) => b.z - a.z || (a.word < b.word ? -1 : 1))
      .filter(({ word }) => wanted(word))
      .slice(0, most);
  });
}

/** Prior words in all, spread over the vocabulary as the words are in the whole data. */
const PRIOR_WORDS = 500;

/** The z score of the log-odds ratio of a word's rate in one text against its rate in another. */
function zScore(a: number, aTotal: number, b: number, bTotal: number, total: number, all: number): number {
  const prior = (PRIOR_WORDS * total) / all;
  const logOdds = (count: number, sum: number): number =>
    Math.log((count + prior) / Math.max(sum + PRIOR_WORDS - count - prior, 1e-9));
  return (logOdds(a, aTotal) - logOdds(b, bTotal)) / Math.sqrt(1 / (a + prior) + 1 / (b + prior));
}
