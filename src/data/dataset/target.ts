/** What the rows of a table are labelled with: a class, several classes, or a number. */

export const TARGET_KINDS = ["class", "labels", "number"] as const;

/** What each row has: one class, any number of classes, or a number. */
export type TargetKind = (typeof TARGET_KINDS)[number];

/** One class for each row. */
export interface ClassTarget {
  readonly kind: "class";
  readonly names: readonly string[];
  /** The class of each row, -1 where it has none. */
  readonly ids: Int32Array;
}

/** Any number of classes for each row. */
export interface LabelsTarget {
  readonly kind: "labels";
  readonly names: readonly string[];
  /** The classes of row i, ascending: `ids[offsets[i]]` to `ids[offsets[i + 1] - 1]`. */
  readonly ids: Int32Array;
  readonly offsets: Int32Array;
}

/** A number for each row. */
export interface NumberTarget {
  readonly kind: "number";
  readonly values: Float64Array;
}

export type Target = ClassTarget | LabelsTarget | NumberTarget;

/** What one row is labelled with. */
export interface RowTarget {
  /** Its classes, ascending; none where it has a number. */
  readonly ids: readonly number[];
  /** Its number; NaN where it has classes. */
  readonly value: number;
}

/** The names of the classes; none where targets are numbers, or there are none. */
export function namesOf(target: Target | undefined): readonly string[] {
  return target === undefined || target.kind === "number" ? [] : target.names;
}

/** The classes of a row. */
export function idsOf(target: Target | undefined, row: number): readonly number[] {
  if (target === undefined || target.kind === "number") return [];
  if (target.kind === "labels") return [...target.ids.subarray(target.offsets[row], target.offsets[row + 1])];
  const id = target.ids[row] as number;
  return id < 0 ? [] : [id];
}

/** The target with other classes: class `id` becomes `mapped[id]`, and two that become one count once. */
export function withClasses<T extends ClassTarget | LabelsTarget>(
  target: T,
  names: readonly string[],
  mapped: Int32Array,
): T {
  const to = (id: number): number => (id < 0 ? -1 : (mapped[id] as number));
  if (target.kind === "class") return { ...target, names, ids: target.ids.map(to) };
  const rows = Array.from({ length: target.offsets.length - 1 }, (_, row) => idsOf(target, row).map(to));
  return { ...labelsTarget(names, rows) } as T;
}

/** The target with other labels in the rows of `changed`. */
export function withRows(target: Target, changed: ReadonlyMap<number, RowTarget>): Target {
  if (target.kind === "labels") {
    const rows = target.offsets.length - 1;
    const ids = Array.from({ length: rows }, (_, row) => changed.get(row)?.ids ?? idsOf(target, row));
    return labelsTarget(target.names, ids);
  }
  if (target.kind === "number") {
    const values = Float64Array.from(target.values);
    for (const [row, { value }] of changed) values[row] = value;
    return { ...target, values };
  }
  const ids = Int32Array.from(target.ids);
  for (const [row, one] of changed) ids[row] = one.ids[0] ?? -1;
  return { ...target, ids };
}

/** The target of rows that have these classes each. */
export function labelsTarget(names: readonly string[], rows: readonly (readonly number[])[]): LabelsTarget {
  const offsets = new Int32Array(rows.length + 1);
  const ids: number[] = [];
  rows.forEach((row, i) => {
    for (const id of [...new Set(row)].sort((a, b) => a - b)) ids.push(id);
    offsets[i + 1] = ids.length;
  });
  return { kind: "labels", names, ids: Int32Array.from(ids), offsets };
}
