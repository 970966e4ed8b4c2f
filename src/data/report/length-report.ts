/** The lengths of texts, in all, by part and by class. */
import type { LengthReport, ShownRow } from "./data-report.js";
import { binned, lengthHistogram, summarizeLengths } from "./length-statistics.js";
import { type Part, placeOf } from "./part.js";
import type { RowLabels } from "./row-labels.js";
import { shownText } from "./shown-text.js";

/** The report of `lengths`, those of all rows of all parts one after the other. */
export function lengthReport(
  unit: LengthReport["unit"],
  lengths: Int32Array,
  parts: readonly Part[],
  labels: RowLabels,
): LengthReport {
  const all = summarizeLengths(lengths);
  const histogram = lengthHistogram(lengths, all);
  const facts = (some: Int32Array) => ({
    summary: summarizeLengths(some),
    histogram: binned(some, histogram.width, histogram.counts.length),
  });
  let from = 0;
  const byPart = parts.map(({ name, dataset }) => {
    const some = lengths.subarray(from, from + dataset.length);
    from += dataset.length;
    return [name, facts(some)] as const;
  });
  return {
    unit,
    all,
    histogram,
    byPart: Object.fromEntries(byPart),
    byLabel: lengthsByLabel(lengths, labels).map((some, id) => ({ label: labels.names[id] as string, ...facts(some) })),
  };
}

function lengthsByLabel(lengths: Int32Array, { names, keys, sets }: RowLabels): Int32Array[] {
  const setOf = (row: number): readonly number[] => sets[keys[row] as number] ?? [];
  const sizes = new Int32Array(names.length);
  for (let row = 0; row < keys.length; row++) for (const id of setOf(row)) sizes[id] = (sizes[id] as number) + 1;
  const byLabel = names.map((_, id) => new Int32Array(sizes[id] as number));
  const filled = new Int32Array(names.length);
  for (let row = 0; row < keys.length; row++) {
    for (const id of setOf(row)) {
      (byLabel[id] as Int32Array)[filled[id] as number] = lengths[row] as number;
      filled[id] = (filled[id] as number) + 1;
    }
  }
  return byLabel;
}

const SHOWN = 5;

/** The shortest and the longest texts, by their characters. */
export function extremeRows(
  [words, characters]: readonly [Int32Array, Int32Array],
  parts: readonly Part[],
  labels: RowLabels,
): { readonly shortest: readonly ShownRow[]; readonly longest: readonly ShownRow[] } {
  const shortest = leastOf(characters, (length) => length);
  const longest = leastOf(characters, (length) => -length);
  const shown = (row: number): ShownRow => {
    const { part, row: place } = placeOf(parts, row);
    return {
      part: part.name,
      row: place + 1,
      label: labels.keyNames[labels.keys[row] as number] ?? "",
      words: words[row] as number,
      characters: characters[row] as number,
      text: shownText(part.dataset.text(place), 240),
    };
  };
  return { shortest: shortest.map(shown), longest: longest.map(shown) };
}

/** The rows with the least values, the first of equal ones. */
function leastOf(values: Int32Array, of: (value: number) => number): number[] {
  const best: number[] = [];
  values.forEach((value, row) => {
    const last = best[SHOWN - 1];
    if (last !== undefined && of(value) >= of(values[last] as number)) return;
    best.push(row);
    best.sort((a, b) => of(values[a] as number) - of(values[b] as number) || a - b);
    best.length = Math.min(best.length, SHOWN);
  });
  return best;
}
