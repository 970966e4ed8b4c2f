/** Rows whose texts are the same, and texts that are nearly the same. */
import { tableOf } from "../dataset/create-dataset.js";
import type { DuplicateReport, NearDuplicateReport } from "./data-report.js";
import { nearPairs } from "./near-duplicates.js";
import { type Part, placeOf } from "./part.js";
import type { RowLabels } from "./row-labels.js";
import { shownText } from "./shown-text.js";
import type { WordTable } from "./word-table.js";

/** What was found in the one pass over all rows. */
export interface TextGroups {
  /** The group of each row: rows with the same normalised text are in one, numbered in the order of their first rows. */
  readonly groups: Int32Array;
  readonly groupCount: number;
  /** Different texts, as they are. */
  readonly exactCount: number;
}

const EXAMPLES = 10;
const CHARACTERS = 120;
/** Parts are bits of a number; those after the 31st share the last. */
const bitOf = (part: number): number => 1 << Math.min(part, 30);

/** Counts rows whose text occurs before, with other labels, or in other parts. */
export function duplicatesOf(
  { groups, groupCount, exactCount }: TextGroups,
  parts: readonly Part[],
  labels: RowLabels,
): DuplicateReport {
  const firstRow = new Int32Array(groupCount).fill(-1);
  const times = new Int32Array(groupCount);
  const inParts = new Int32Array(groupCount);
  const contradictory = new Map<number, Set<number>>();
  const across = new Map<string, number>();
  forEachRow(parts, (row, part) => {
    const group = groups[row] as number;
    times[group] = (times[group] as number) + 1;
    const first = firstRow[group] as number;
    if (first === -1) firstRow[group] = row;
    else if (labels.keys[row] !== labels.keys[first]) {
      const keys = contradictory.get(group) ?? new Set([labels.keys[first] as number]);
      contradictory.set(group, keys.add(labels.keys[row] as number));
    }
    for (let earlier = 0; earlier < Math.min(part, 30); earlier++)
      if (((inParts[group] as number) & bitOf(earlier)) !== 0) count(across, `${part} ${earlier}`);
    inParts[group] = (inParts[group] as number) | bitOf(part);
  });
  const top = Array.from(firstRow.keys())
    .filter((group) => (times[group] as number) > 1)
    .sort((a, b) => (times[b] as number) - (times[a] as number) || a - b)
    .slice(0, EXAMPLES);
  const shown = (group: number): string => shownText(textAt(parts, firstRow[group] as number), CHARACTERS);
  return {
    exact: groups.length - exactCount,
    normalized: groups.length - groupCount,
    examples: top.map((group) => ({ text: shown(group), times: times[group] as number })),
    contradictory: contradictory.size,
    contradictions: [...contradictory].slice(0, EXAMPLES).map(([group, keys]) => ({
      text: shown(group),
      labels: [...keys].map((key) => labels.keyNames[key] ?? "(none)").sort(),
    })),
    acrossParts: [...across].map(([key, rows]) => ({
      ...namesOf(partsOf(key, parts)),
      rows,
      split: fromOne(partsOf(key, parts)),
    })),
  };
}

/** Finds texts that are nearly the same, among the rows of `table`. */
export function nearDuplicatesOf(
  { groups, groupCount }: TextGroups,
  table: WordTable,
  parts: readonly Part[],
  labels: RowLabels,
): NearDuplicateReport {
  // A text is looked at once in each part: its repetitions are duplicates, and counted as such.
  const inParts = new Int32Array(groupCount);
  const partOf = new Int32Array(groups.length);
  const chosen: number[] = [];
  let place = 0;
  forEachRow(parts, (row, part) => {
    partOf[row] = part;
    if (table.rows[place] !== row) return;
    const group = groups[row] as number;
    if (((inParts[group] as number) & bitOf(part)) === 0) chosen.push(place);
    inParts[group] = (inParts[group] as number) | bitOf(part);
    place++;
  });
  const texts = new Set<number>();
  const sameLabel = new Set<number>();
  const across = new Map<string, Set<number>>();
  const examples: { earlier: number; later: number; similarity: number; same: boolean }[] = [];
  nearPairs(table, Int32Array.from(chosen), ({ earlier: a, later: b, similarity }) => {
    const [earlier, later] = [table.rows[a] as number, table.rows[b] as number];
    const group = groups[later] as number;
    if (groups[earlier] === group) return;
    const same = labels.keys[earlier] === labels.keys[later];
    texts.add(group);
    if (same) sameLabel.add(group);
    const [part, alsoIn] = [partOf[later] as number, partOf[earlier] as number];
    if (part !== alsoIn && ((inParts[group] as number) & bitOf(alsoIn)) === 0) {
      const key = `${part} ${alsoIn}`;
      across.set(key, (across.get(key) ?? new Set()).add(group));
    }
    examples.push({ earlier, later, similarity, same });
    if (examples.length > 1000) keepBest(examples);
  });
  keepBest(examples);
  const labelOf = (row: number): string => labels.keyNames[labels.keys[row] as number] ?? "";
  return {
    texts: texts.size,
    contradictory: texts.size - sameLabel.size,
    acrossParts: [...across].map(([key, found]) => ({ ...namesOf(partsOf(key, parts)), texts: found.size })),
    examples: examples.map(({ earlier, later, similarity }) => ({
      texts: [shownText(textAt(parts, earlier), CHARACTERS * 2), shownText(textAt(parts, later), CHARACTERS * 2)],
      labels: [labelOf(earlier), labelOf(later)],
      similarity,
    })),
  };
}

function keepBest(examples: { similarity: number; same: boolean; later: number }[]): void {
  examples.sort((a, b) => Number(a.same) - Number(b.same) || b.similarity - a.similarity || a.later - b.later);
  examples.length = Math.min(examples.length, EXAMPLES);
}

function textAt(parts: readonly Part[], row: number): string {
  const { part, row: place } = placeOf(parts, row);
  return part.dataset.text(place);
}

/** Calls `visit` with each row of all parts and the place of its part. */
function forEachRow(parts: readonly Part[], visit: (row: number, part: number) => void): void {
  let row = 0;
  parts.forEach(({ dataset }, part) => {
    for (let i = 0; i < dataset.length; i++) visit(row++, part);
  });
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** A part and an earlier one, of a key that counts have. */
type TwoParts = readonly [Part, Part];

const partsOf = (key: string, parts: readonly Part[]): TwoParts =>
  key.split(" ").map((place) => parts[Number(place)]) as unknown as TwoParts;

const namesOf = ([part, earlier]: TwoParts) => ({ part: part.name, alsoIn: earlier.name });

/** Whether two parts were split from one data set. */
const fromOne = ([part, earlier]: TwoParts): boolean => tableOf(part.dataset).table === tableOf(earlier.dataset).table;
