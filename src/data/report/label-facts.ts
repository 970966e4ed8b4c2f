/** How labels are spread: over classes, sets of classes, or numbers. */
import type { TargetKind } from "../dataset/target.js";
import type { DataReport } from "./data-report.js";
import { binNumbers, summarizeNumbers } from "./number-summary.js";
import type { Part } from "./part.js";
import type { RowLabels } from "./row-labels.js";

const MOST_PAIRS = 10;

export function labelFacts(
  labels: RowLabels,
  parts: readonly Part[],
  targetKind: TargetKind | undefined,
): DataReport["labels"] {
  const { names, keys, sets, numbers } = labels;
  const total = keys.length;
  const perKey = new Int32Array(sets.length);
  for (const key of keys) if (key >= 0) perKey[key] = (perKey[key] as number) + 1;
  const counts = names.map(() => 0);
  sets.forEach((set, key) => {
    for (const id of set) counts[id] = (counts[id] as number) + (perKey[key] as number);
  });
  const present = counts.filter((count) => count > 0);
  const areClasses = names.length > 0 && total > 0;
  return {
    names,
    counts,
    majorityAccuracy: areClasses ? perKey.reduce((most, count) => Math.max(most, count), 0) / total : 0,
    imbalance: present.length === 0 ? 1 : largest(present) / -largest(present.map((count) => -count)),
    ...(targetKind === "labels" ? setFacts(labels, perKey) : { perRow: [], together: [] }),
    ...numberFacts(numbers, parts),
  };
}

function setFacts({ names, sets }: RowLabels, perKey: Int32Array): Pick<DataReport["labels"], "perRow" | "together"> {
  const perRow = new Array<number>(1 + largest([0, ...sets.map((set) => set.length)])).fill(0);
  const pairs = new Map<string, number>();
  sets.forEach((set, key) => {
    const rows = perKey[key] as number;
    perRow[set.length] = (perRow[set.length] as number) + rows;
    set.forEach((a, i) => {
      for (const b of set.slice(i + 1)) pairs.set(`${a} ${b}`, (pairs.get(`${a} ${b}`) ?? 0) + rows);
    });
  });
  const together = [...pairs]
    .sort((p, q) => q[1] - p[1])
    .slice(0, MOST_PAIRS)
    .map(([pair, rows]) => {
      const [a, b] = pair.split(" ").map((id) => names[Number(id)]) as [string, string];
      return { labels: [a, b] as const, rows };
    });
  return { perRow, together };
}

function numberFacts(
  numbers: Float64Array,
  parts: readonly Part[],
): Pick<DataReport["labels"], "numbers" | "numbersByPart"> {
  const real = (some: Float64Array): Float64Array => some.filter((value) => !Number.isNaN(value));
  const all = summarizeNumbers(real(numbers));
  if (all === undefined) return { numbers: undefined, numbersByPart: {} };
  let from = 0;
  const byPart = parts.flatMap(({ name, dataset }) => {
    const some = real(numbers.subarray(from, from + dataset.length));
    from += dataset.length;
    const summary = summarizeNumbers(some);
    const bins = binNumbers(some, all.minimum, all.maximum, all.counts.length);
    return summary === undefined ? [] : [[name, { ...summary, counts: bins }] as const];
  });
  return { numbers: all, numbersByPart: Object.fromEntries(byPart) };
}

const largest = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), -Infinity);
