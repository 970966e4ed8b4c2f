/** What the rows of several parts are labelled with, in one numbering. */
import { fail } from "../../base/errors.js";
import { percentile } from "./length-statistics.js";
import type { Part } from "./part.js";

/** The labels of all rows of all parts, one after the other. */
export interface RowLabels {
  /** The classes; none where rows have numbers. */
  readonly names: readonly string[];
  /** What each row is labelled with: rows with the same class, the same classes or the same number have the same key; -1 for none. */
  readonly keys: Int32Array;
  /** The classes behind each key, as places in {@link names}. */
  readonly sets: readonly (readonly number[])[];
  /** What each key is called. */
  readonly keyNames: readonly string[];
  /** The numbers that are to be predicted, NaN where there is none; empty where rows have classes. */
  readonly numbers: Float64Array;
}

/** Numbers the labels of `parts`, whose classes may stand in different orders. @throws E_DATA where one has classes and another numbers */
export function labelRows(parts: readonly Part[], total: number): RowLabels {
  const kinds = new Set(parts.flatMap(({ dataset }) => dataset.targetKind ?? []));
  if (kinds.size > 1)
    fail("E_DATA", {
      where: "report of several parts",
      option: "target",
      expected: "one kind of labels in all of them",
      got: parts.map(({ name, dataset }) => `${dataset.targetKind ?? "none"} in ${name}`).join(", "),
      fix: "say what they are",
      set: { target: "class" },
    });
  const areNumbers = kinds.has("number");
  const names = [...new Set(parts.flatMap(({ dataset }) => dataset.labels.names))];
  const ids = new Map(names.map((name, id) => [name, id]));
  const keys = new Int32Array(total).fill(-1);
  const numbers = new Float64Array(areNumbers ? total : 0);
  // One class for each row has its own id as key, so that tables of classes are in order.
  const sets: (readonly number[])[] = kinds.has("class") ? names.map((_, id) => [id]) : [];
  const keyNames: string[] = kinds.has("class") ? [...names] : [];
  const known = new Map<string, number>();
  const keyOf = (name: string, set: readonly number[]): number => {
    const found = known.get(name) ?? sets.length;
    if (found === sets.length) {
      known.set(name, found);
      sets.push(set);
      keyNames.push(name);
    }
    return found;
  };
  let at = 0;
  for (const { dataset } of parts) {
    const merged = dataset.labels.names.map((name) => ids.get(name) as number);
    for (let row = 0; row < dataset.length; row++, at++) {
      if (areNumbers) {
        const value = dataset.target(row);
        numbers[at] = value;
        if (!Number.isNaN(value)) keys[at] = keyOf(String(value), []);
      } else if (dataset.targetKind === "labels") {
        const set = dataset.labelIdsOf(row).map((id) => merged[id] as number);
        keys[at] = keyOf(set.length === 0 ? "(none)" : set.map((id) => names[id]).join(" + "), set);
      } else keys[at] = dataset.labelId(row) < 0 ? -1 : (merged[dataset.labelId(row)] as number);
    }
  }
  return { names, keys, sets, keyNames, numbers };
}

/** What telling words are looked for in: the classes, or of numbers the lower and the upper third. */
export interface WordClasses {
  readonly names: readonly string[];
  of(row: number): readonly number[];
}

export function wordClasses({ names, keys, sets, numbers }: RowLabels): WordClasses {
  if (numbers.length === 0)
    return { names, of: (row) => ((keys[row] as number) < 0 ? [] : (sets[keys[row] as number] as readonly number[])) };
  const sorted = numbers.filter((value) => !Number.isNaN(value)).sort();
  const [low, high] = [percentile(sorted, 1 / 3), percentile(sorted, 2 / 3)];
  if (low === high) return { names: [], of: () => [] };
  return {
    names: [`up to ${rounded(low)}`, `from ${rounded(high)}`],
    of: (row) => {
      const value = numbers[row] as number;
      return value <= low ? [0] : value >= high ? [1] : [];
    },
  };
}

const rounded = (value: number): string => String(Number(value.toPrecision(4)));
