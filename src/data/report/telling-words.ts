/**
 * The words that tell a class from the others: log-odds ratios with an informative Dirichlet prior.
 *
 * @source Monroe, Colaresi and Quinn, "Fightin' Words", Political Analysis 16 (2008), section 3.5.1
 */

/** A word and how strongly it speaks for a class: `z` standard deviations above its rate elsewhere. */
export interface TellingWord {
  readonly word: string;
  readonly z: number;
  /** Occurrences in the class and in all classes. */
  readonly count: number;
  readonly total: number;
}

/** Words that are looked at: the most frequent ones, so that memory is bounded. */
const MOST_WORDS = 20_000;

/** Lower-case words of two or more letters or digits, with apostrophes inside. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}'’]*[\p{L}\p{M}\p{N}])+/gu) ?? [];
}

/**
 * The `most` words with the highest z score of each class, best first. Goes through the rows twice.
 *
 * @param rows  texts with class ids in [0, classes)
 * @returns     a list for each class
 */
export function tellingWords(
  rows: () => Iterable<{ readonly text: string; readonly labelId: number }>,
  classes: number,
  most = 12,
): readonly (readonly TellingWord[])[] {
  const totals = new Map<string, number>();
  for (const { text } of rows()) {
    for (const word of wordsOf(text)) totals.set(word, (totals.get(word) ?? 0) + 1);
    // Rare words make up most of a vocabulary and can tell nothing.
    if (totals.size > 400_000) for (const [word, count] of totals) if (count <= 2) totals.delete(word);
  }
  const frequent = [...totals]
    .filter(([, count]) => count > 2)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_WORDS);
  const index = new Map(frequent.map(([word], i) => [word, i]));
  const counts = new Int32Array(frequent.length * classes);
  const classTotals = new Float64Array(classes);
  for (const { text, labelId } of rows()) {
    if (labelId < 0) continue;
    for (const word of wordsOf(text)) {
      const i = index.get(word);
      if (i === undefined) continue;
      counts[i * classes + labelId] = (counts[i * classes + labelId] as number) + 1;
      classTotals[labelId] = (classTotals[labelId] as number) + 1;
    }
  }
  const all = classTotals.reduce((sum, total) => sum + total, 0);
  return Array.from({ length: classes }, (_, label) => {
    const inside = classTotals[label] as number;
    const scored = frequent.map(([word], i): TellingWord => {
      let total = 0;
      for (let c = 0; c < classes; c++) total += counts[i * classes + c] as number;
      const count = counts[i * classes + label] as number;
      return { word, count, total, z: zScore(count, inside, total - count, all - inside, total, all) };
    });
    return scored
      .filter(({ z, count }) => z > 1.96 && count > 2)
      .sort((a, b) => b.z - a.z || (a.word < b.word ? -1 : 1))
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
