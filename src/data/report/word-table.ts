/** The words of many texts as numbers, so that they are split once and counted often. */

/** Occurrences of terms (words, or words that follow each other) in rows. */
export interface TermTable {
  /** The terms: number i is called `terms[i]`. */
  readonly terms: readonly string[];
  /** Occurrences of each term. */
  readonly counts: Int32Array;
  /** The terms of all rows one after the other, as numbers; -1 for one that is not counted. */
  readonly found: Int32Array;
  /** Row i has `found[ends[i - 1]]` to `found[ends[i]]`, the latter left out. */
  readonly ends: Int32Array;
}

/** A table of single words. Row i of it is row `rows[i]` of the data. */
export interface WordTable extends TermTable {
  readonly rows: Int32Array;
}

/** Lower-case words of two or more letters or digits, with apostrophes inside. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}'’]*[\p{L}\p{M}\p{N}])+/gu) ?? [];
}

/** Counts the words of `texts`, each with the number of its row. */
export function countTerms(texts: Iterable<{ readonly text: string; readonly row: number }>): WordTable {
  const numbers = new Map<string, number>();
  const terms: string[] = [];
  const found = growing();
  const counts = growing();
  const ends = growing();
  const rows = growing();
  for (const { text, row } of texts) {
    for (const word of wordsOf(text)) {
      let number = numbers.get(word);
      if (number === undefined) {
        number = terms.length;
        numbers.set(word, number);
        terms.push(word);
        counts.push(0);
      }
      counts.values[number] = (counts.values[number] as number) + 1;
      found.push(number);
    }
    ends.push(found.length);
    rows.push(row);
  }
  return { terms, counts: counts.all(), found: found.all(), ends: ends.all(), rows: rows.all() };
}

/** Fewer occurrences tell nothing, and most sequences of words have fewer. */
const LEAST = 3;
/** Sequences that are counted at once: beyond these, those met once or twice are forgotten, so that memory is bounded. */
const MOST_AT_ONCE = 1_000_000;
const MOST_TERMS = 200_000;

/**
 * The pairs of words that follow each other at least three times; of a table of pairs, and the words that they are made
 * of, triples.
 *
 * @param before  a table of words or of pairs
 * @param words   the words themselves
 */
export function countSequences(before: TermTable, words: TermTable): TermTable {
  const size = words.terms.length;
  // A sequence is frequent only where its beginning and its last word are.
  const keyAt = (i: number, last: number): number => {
    const start = before.found[i] as number;
    const end = words.found[last] as number;
    const frequent = start >= 0 && (before.counts[start] as number) >= LEAST && (words.counts[end] as number) >= LEAST;
    return frequent ? start * size + end : -1;
  };
  const ahead = before === words ? 1 : 2;
  const met = new Map<number, number>();
  forEachPlace(words.ends, ahead, (i) => {
    const key = keyAt(i, i + ahead);
    if (key < 0) return;
    met.set(key, (met.get(key) ?? 0) + 1);
    if (met.size > MOST_AT_ONCE) for (const [rare, count] of met) if (count < LEAST) met.delete(rare);
  });
  const frequent = [...met]
    .filter(([, count]) => count >= LEAST)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, MOST_TERMS);
  const numbers = new Map(frequent.map(([key], number) => [key, number]));
  const found = new Int32Array(words.found.length).fill(-1);
  forEachPlace(words.ends, ahead, (i) => {
    found[i] = numbers.get(keyAt(i, i + ahead)) ?? -1;
  });
  return {
    terms: frequent.map(([key]) => `${before.terms[Math.floor(key / size)]} ${words.terms[key % size]}`),
    counts: Int32Array.from(frequent, ([, count]) => count),
    found,
    ends: words.ends,
  };
}

/** Calls `visit` with every place that has `ahead` more places after it in its row. */
function forEachPlace(ends: Int32Array, ahead: number, visit: (place: number) => void): void {
  let from = 0;
  for (const end of ends) {
    for (let i = from; i + ahead < end; i++) visit(i);
    from = end;
  }
}

/** A list of whole numbers that grows without an object for each. */
function growing(): {
  values: Int32Array;
  readonly length: number;
  push(value: number): void;
  all(): Int32Array;
} {
  let length = 0;
  const list = {
    values: new Int32Array(1024),
    get length() {
      return length;
    },
    push(value: number) {
      if (length === list.values.length) {
        const grown = new Int32Array(length * 2);
        grown.set(list.values);
        list.values = grown;
      }
      list.values[length++] = value;
    },
    all: () => list.values.slice(0, length),
  };
  return list;
}
