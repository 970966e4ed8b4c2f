import { fail } from "../base/errors.js";
import { didYouMean } from "../base/nearest.js";
import { createRandom } from "../base/random.js";
import { type BalanceOptions, balancedRows, concatTable, type MappedRow, mapTable } from "./derive-table.js";
import { createLabels, type LabelRule, type Labels, resolveLabels } from "./labels.js";
import { type DataReport, type ReportOptions, reportDataset } from "./report/report-dataset.js";
import { hashBytes, hashHex } from "./row-hash.js";
import { type SplitOptions, splitRows } from "./split.js";
import type { TextColumn } from "./text-column.js";

/** What a cell can hold; `undefined` where the value is missing. */
export type Cell = string | number | boolean | undefined;

/** The kind of a column's values. */
export type ColumnKind = "string" | "number" | "boolean";

/** A column besides text and label. */
export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly values: TextColumn;
}

/** A column's name and what it holds. */
export interface ColumnInfo {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly role: "text" | "label" | "other";
}

/** One row, as it is given to `filter` and `map`. */
export interface Row {
  readonly index: number;
  readonly text: string;
  readonly label: string | undefined;
  /** The value in a further column. */
  value(column: string): Cell;
}

/** A row that was refused while reading, where the options say to go on. */
export interface BadRow {
  readonly where: string;
  readonly reason: string;
}

/** The rows behind one or more data sets. */
export interface Table {
  readonly text: TextColumn;
  /** The class of each row, -1 where it has none; undefined without labels. */
  readonly labelIds: Int32Array | undefined;
  readonly labelNames: readonly string[];
  readonly columns: readonly Column[];
  /** What the text and the label are called in the file. */
  readonly textName: string;
  readonly labelName: string | undefined;
}

type Named<O extends SplitOptions, K extends "validation" | "test"> = O[K] extends number
  ? Dataset
  : undefined extends O[K]
    ? Dataset | undefined
    : never;

/** The parts of a split: `train` always, the others where they were asked for. */
export type SplitParts<O extends SplitOptions> = { readonly train: Dataset } & {
  readonly [K in Extract<keyof O, "validation" | "test">]: Named<O, K>;
} & (O["parts"] extends Readonly<Record<string, number>> ? { readonly [K in keyof O["parts"]]: Dataset } : unknown);

/** Labelled texts. Immutable: every operation gives another data set, sharing the rows with this one. */
export interface Dataset {
  /** Number of rows. */
  readonly length: number;
  /** Where the rows come from, to be shown. */
  readonly source: string;
  /** What a user should know of the reading: rows dropped, columns chosen, an encoding guessed. */
  readonly notices: readonly string[];
  /** Rows that were refused, with `badRows: "report"`. */
  readonly badRows: readonly BadRow[];
  /** The classes; parts of a split keep all names of the whole, so that ids agree. Empty without labels. */
  readonly labels: Labels;
  readonly columns: readonly ColumnInfo[];
  /** 32 hexadecimal digits that depend on texts, labels and their order alone. */
  readonly fingerprint: string;
  text(row: number): string;
  label(row: number): string | undefined;
  /** The class id of `row` in [0, C), or -1. */
  labelId(row: number): number;
  /** The value of `row` in a column that was kept. */
  value(row: number, column: string): Cell;
  row(row: number): Row;
  [Symbol.iterator](): IterableIterator<Row>;

  /**
   * Deals the rows out to parts.
   * @throws E_CONFIG for a size that cannot be, E_DATA for a class too small to stratify
   */
  split<const O extends SplitOptions>(options: O): SplitParts<O>;
  filter(keep: (row: Row) => boolean): Dataset;
  /** The rows `rows`, in that order. */
  select(rows: Iterable<number>): Dataset;
  /** The first `count` rows. */
  head(count: number): Dataset;
  /** `count` rows drawn without replacement, in their order. */
  sample(count: number, seed?: number): Dataset;
  shuffle(seed?: number): Dataset;
  /** The same rows with other classes: renamed, merged or reordered by `rule`. */
  relabel(rule: LabelRule): Dataset;
  /** The same rows with other texts or labels; `labels` says which classes there are then. */
  map(change: (row: Row) => MappedRow, labels?: LabelRule): Dataset;
  /** These rows and then those of `others`, with the columns that all have. */
  concat(...others: readonly Dataset[]): Dataset;
  /** As many rows of every class: fewer of the frequent ones (default) or the rare ones repeated. */
  balance(options?: BalanceOptions): Dataset;
  /** The same rows with a column called otherwise. */
  rename(column: string, name: string): Dataset;
  /** A look at the data: distributions, lengths, duplicates, damage, and what they mean for training. */
  report(options?: ReportOptions): Promise<DataReport>;
}

/** What a data set is said to be. */
export interface DatasetFacts {
  readonly source: string;
  readonly notices?: readonly string[];
  readonly badRows?: readonly BadRow[];
}

const tables = new WeakMap<Dataset, { readonly table: Table; readonly rows: Uint32Array | undefined }>();

/** The table behind `dataset` and the rows of it that the data set consists of (undefined: all). */
export function tableOf(dataset: Dataset): { readonly table: Table; readonly rows: Uint32Array | undefined } {
  const found = tables.get(dataset);
  if (found === undefined)
    fail("E_USAGE", {
      where: "dataset",
      expected: "a data set made by readDataset or datasetFrom",
      got: "another object",
      fix: "use one of these functions",
    });
  return found;
}

/** The data set of the rows `rows` (all where undefined) of `table`. */
export function createDataset(table: Table, rows: Uint32Array | undefined, facts: DatasetFacts): Dataset {
  const length = rows === undefined ? table.text.length : rows.length;
  const at = (row: number): number => {
    if (!(row >= 0 && row < length && Number.isInteger(row))) {
      fail("E_USAGE", {
        where: "dataset",
        expected: `a row from 0 to ${length - 1}`,
        got: String(row),
        fix: "rows are counted from 0",
      });
    }
    return rows === undefined ? row : (rows[row] as number);
  };
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const derive = (chosen: Uint32Array, what: string): Dataset =>
    createDataset(table, chosen, { source: `${facts.source} (${what})` });
  const label = (row: number): string | undefined => table.labelNames[labelId(row)];
  const labelId = (row: number): number => table.labelIds?.[at(row)] ?? -1;
  const text = (row: number): string => table.text.get(at(row)) ?? "";
  const value = (row: number, name: string): Cell => {
    const column = byName.get(name);
    if (column === undefined) {
      if (name === table.textName) return text(row);
      if (name === table.labelName) return label(row);
      return fail("E_DATA", {
        where: facts.source,
        expected: "a column that was kept",
        got: `"${name}"`,
        fix: `${didYouMean(name, [table.textName, ...(table.labelName === undefined ? [] : [table.labelName]), ...byName.keys()])} Further columns are kept with the option columns`,
      });
    }
    return cellOf(column, at(row));
  };
  const rowAt = (row: number): Row => ({
    index: row,
    text: text(row),
    label: label(row),
    value: (name) => value(row, name),
  });

  let labels: Labels | undefined;
  let fingerprint: string | undefined;
  const dataset: Dataset = {
    length,
    source: facts.source,
    notices: Object.freeze([...(facts.notices ?? [])]),
    badRows: Object.freeze([...(facts.badRows ?? [])]),
    columns: Object.freeze([
      { name: table.textName, kind: "string" as const, role: "text" as const },
      ...(table.labelName === undefined
        ? []
        : [{ name: table.labelName, kind: "string" as const, role: "label" as const }]),
      ...table.columns.map(({ name, kind }) => ({ name, kind, role: "other" as const })),
    ]),
    get labels() {
      if (labels === undefined) {
        const counts = new Array<number>(table.labelNames.length).fill(0);
        for (let row = 0; row < length; row++) {
          const id = labelId(row);
          if (id >= 0) counts[id] = (counts[id] as number) + 1;
        }
        labels = createLabels(table.labelNames, counts);
      }
      return labels;
    },
    get fingerprint() {
      fingerprint ??= fingerprintOf(table, rows, length);
      return fingerprint;
    },
    text,
    label,
    labelId,
    value,
    row: rowAt,
    *[Symbol.iterator]() {
      for (let row = 0; row < length; row++) yield rowAt(row);
    },
    split<const O extends SplitOptions>(options: O): SplitParts<O> {
      const parts = splitRows(splitFacts(dataset, options), options);
      const entries = [...parts].map(([name, chosen]) => [name, derive(Uint32Array.from(chosen, at), name)]);
      return Object.freeze(Object.fromEntries(entries)) as SplitParts<O>;
    },
    filter(keep) {
      const kept: number[] = [];
      for (let row = 0; row < length; row++) if (keep(rowAt(row))) kept.push(at(row));
      return derive(Uint32Array.from(kept), "filtered");
    },
    select: (chosen) => derive(Uint32Array.from(chosen, at), "selected rows"),
    head: (count) =>
      derive(
        Uint32Array.from({ length: Math.min(wholeNumber("head", count), length) }, (_, i) => at(i)),
        `first ${count}`,
      ),
    sample(count, seed = 0) {
      const all = createRandom(seed)
        .fork("sample")
        .shuffle(Uint32Array.from({ length }, (_, i) => i));
      const drawn = all.slice(0, Math.min(wholeNumber("sample", count), length)).sort();
      return derive(drawn.map(at), `sample of ${drawn.length}`);
    },
    shuffle(seed = 0) {
      const order = createRandom(seed)
        .fork("shuffle")
        .shuffle(Uint32Array.from({ length }, (_, i) => i));
      return derive(order.map(at), "shuffled");
    },
    relabel(rule) {
      const ids = table.labelIds;
      if (ids === undefined)
        return fail("E_DATA", {
          where: facts.source,
          expected: "labels",
          got: "none",
          fix: "read the data with a label column",
        });
      // Only classes that occur need a place under the rule: a view may lack some of its table's.
      const present = table.labelNames.map((_, id) => id).filter((id) => (dataset.labels.counts[id] as number) > 0);
      const resolved = resolveLabels(
        present.map((id) => table.labelNames[id] as string),
        rule,
        facts.source,
      );
      const mapped = new Int32Array(table.labelNames.length).fill(-1);
      present.forEach((id, i) => {
        mapped[id] = resolved.ids[i] as number;
      });
      const other: Table = {
        ...table,
        labelNames: resolved.names,
        labelIds: ids.map((id) => (id < 0 ? -1 : (mapped[id] as number))),
      };
      return createDataset(other, rows, {
        source: facts.source,
        notices: [...(facts.notices ?? []), ...resolved.notices],
      });
    },
    map: (change, rule) =>
      createDataset(mapTable(dataset, change, rule), undefined, { source: `${facts.source} (mapped)` }),
    concat: (...others) =>
      createDataset(concatTable([dataset, ...others].map((one) => ({ dataset: one, ...tableOf(one) }))), undefined, {
        source: [dataset, ...others].map((other) => other.source).join(" + "),
      }),
    balance: (options = {}) => derive(balancedRows(dataset, options).map(at), "balanced"),
    report: (options = {}) => reportDataset(dataset, options),
    rename(column, name) {
      const names = dataset.columns.map((info) => info.name);
      if (!names.includes(column))
        fail("E_DATA", {
          where: facts.source,
          expected: "a column",
          got: `"${column}"`,
          fix: didYouMean(column, names),
        });
      if (names.includes(name))
        fail("E_DATA", { where: facts.source, expected: "a new name", got: `"${name}"`, fix: "choose another" });
      const other: Table = {
        ...table,
        textName: table.textName === column ? name : table.textName,
        labelName: table.labelName === column ? name : table.labelName,
        columns: table.columns.map((info) => (info.name === column ? { ...info, name } : info)),
      };
      return createDataset(other, rows, { source: facts.source });
    },
  };
  tables.set(dataset, { table, rows });
  return Object.freeze(dataset);
}

/** The value of a further column at a row of the table. */
export function cellOf(column: Column, row: number): Cell {
  const text = column.values.get(row);
  if (text === undefined || column.kind === "string") return text;
  if (column.kind === "number") return text.trim() === "" ? undefined : Number(text);
  return text === "true";
}

function wholeNumber(where: string, count: number): number {
  if (!(Number.isInteger(count) && count >= 0))
    fail("E_CONFIG", { where, expected: "a whole number of rows", got: String(count), fix: "give 0 or more" });
  return count;
}

/** Hashes the rows' hashes, so that neither concatenating nor moving text between rows goes unseen. */
function fingerprintOf(table: Table, rows: Uint32Array | undefined, length: number): string {
  const names = new TextEncoder();
  const labelHashes = table.labelNames.map((name) => {
    const out = new Uint32Array(4);
    hashBytes(names.encode(name), 1, out);
    return out[0] as number;
  });
  const hashes = new Uint32Array(length * 5);
  for (let row = 0; row < length; row++) {
    const at = rows === undefined ? row : (rows[row] as number);
    hashBytes(table.text.bytes(at), 0, hashes, row * 5);
    const id = table.labelIds?.[at] ?? -1;
    hashes[row * 5 + 4] = id < 0 ? 0 : (labelHashes[id] as number);
  }
  const out = new Uint32Array(4);
  hashBytes(new Uint8Array(hashes.buffer), 2, out);
  return hashHex(out);
}

/** Gathers what the chosen way of splitting needs to know of each row. */
function splitFacts(dataset: Dataset, options: SplitOptions): Parameters<typeof splitRows>[0] {
  const { length } = dataset;
  const ways = [options.by, options.order, options.group].filter((way) => way !== undefined);
  if (ways.length > 1 || (ways.length === 1 && options.stratify !== undefined && options.stratify !== false)) {
    fail("E_CONFIG", {
      where: "split",
      expected: "one of stratify, group, order and by",
      got: "several",
      fix: "choose one",
    });
  }
  if (options.by !== undefined) {
    if (options.by !== "hash")
      fail("E_CONFIG", {
        where: "split, by",
        expected: '"hash"',
        got: `"${String(options.by)}"`,
        fix: "leave it out for a random split",
      });
    return { length, hashes: rowFractions(dataset, options.seed ?? 0) };
  }
  if (options.order !== undefined) {
    const keys = Array.from({ length }, (_, row) => dataset.value(row, options.order as string));
    const missing = keys.filter((key) => key === undefined || key === "").length;
    if (missing > 0)
      fail("E_DATA", {
        where: `split, order "${options.order}"`,
        expected: "a value in every row",
        got: `${missing} without one`,
        fix: "filter these rows out first",
      });
    const order = Uint32Array.from({ length }, (_, i) => i).sort((a, b) => compareCells(keys[a], keys[b]) || a - b);
    return { length, order };
  }
  if (options.group !== undefined) return { length, groups: numbered(dataset, options.group).ids };
  if (typeof options.stratify === "string") return { length, strata: numbered(dataset, options.stratify) };
  const labelled = dataset.labels.names.length > 0;
  if (options.stratify === true && !labelled)
    fail("E_DATA", { where: "split, stratify", expected: "labels", got: "none", fix: "leave stratify out" });
  if (!labelled || options.stratify === false) return { length };
  return {
    length,
    strata: { ids: Int32Array.from({ length }, (_, row) => dataset.labelId(row)), names: dataset.labels.names },
  };
}

function compareCells(a: Cell, b: Cell): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [x, y] = [String(a), String(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function numbered(dataset: Dataset, column: string): { readonly ids: Int32Array; readonly names: readonly string[] } {
  const numbers = new Map<string, number>();
  const ids = Int32Array.from({ length: dataset.length }, (_, row) => {
    const key = String(dataset.value(row, column) ?? "");
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, numbers.size);
    return numbers.size - 1;
  });
  return { ids, names: [...numbers.keys()] };
}

/** A number in [0, 1) for each row, from its text's hash under `seed`. */
function rowFractions(dataset: Dataset, seed: number): Float64Array {
  const { table, rows } = tableOf(dataset);
  const out = new Uint32Array(4);
  return Float64Array.from({ length: dataset.length }, (_, row) => {
    hashBytes(table.text.bytes(rows === undefined ? row : (rows[row] as number)), seed >>> 0, out);
    return ((out[0] as number) * 2 ** 21 + ((out[1] as number) >>> 11)) / 2 ** 53;
  });
}
