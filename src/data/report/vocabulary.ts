/** How many words there are, how many are new in a part, and which are the most frequent. */
import type { DataReport, VocabularyReport } from "./data-report.js";
import type { Part } from "./part.js";
import type { TermTable, WordTable } from "./word-table.js";

export function vocabularyOf(
  { terms, counts, found, ends, rows }: WordTable,
  parts: readonly Part[],
): VocabularyReport {
  const known = new Uint8Array(terms.length);
  const words = parts.map(() => 0);
  const unknown = parts.map(() => 0);
  let part = 0;
  let lastOfPart = parts[0]?.dataset.length ?? 0;
  let from = 0;
  ends.forEach((end, place) => {
    while ((rows[place] as number) >= lastOfPart) lastOfPart += parts[++part]?.dataset.length ?? Infinity;
    for (let at = from; at < end; at++) {
      const term = found[at] as number;
      if (part === 0) known[term] = 1;
      else if (known[term] === 0) unknown[part] = (unknown[part] as number) + 1;
      words[part] = (words[part] as number) + 1;
    }
    from = end;
  });
  return {
    words: found.length,
    different: terms.length,
    once: counts.reduce((sum, count) => sum + (count === 1 ? 1 : 0), 0),
    newIn: parts
      .map(({ name }, i) => ({ part: name, share: (unknown[i] as number) / Math.max(1, words[i] as number) }))
      .slice(1),
  };
}

const MOST = 20;

/** The most frequent terms of tables of words, pairs and triples, of those that are wanted. */
export function frequentTerms(
  tables: readonly [TermTable, TermTable, TermTable],
  wanted: (term: string) => boolean,
): DataReport["frequent"] {
  return tables.map(({ terms, counts }, i) => {
    const best: number[] = [];
    // One pass with a short list: sorting every word of a large vocabulary takes longer than counting them.
    counts.forEach((count, term) => {
      const last = best[MOST - 1];
      if (count < 2 || (last !== undefined && count <= (counts[last] as number)) || !wanted(terms[term] as string))
        return;
      best.push(term);
      best.sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b);
      best.length = Math.min(best.length, MOST);
    });
    return {
      words: (i + 1) as 1 | 2 | 3,
      terms: best.map((term) => ({ term: terms[term] as string, count: counts[term] as number })),
    };
  });
}
