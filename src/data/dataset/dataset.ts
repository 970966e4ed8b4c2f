import type { Cell, ColumnKind } from "../table/cell.js";
import type { LabelRule, Labels } from "../table/labels.js";
import type { TextColumn } from "../table/text-column.js";
import type { SplitOptions } from "./split.js";
import type { Target, TargetKind } from "./target.js";

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
  readonly role: "text" | "textPair" | "label" | "other";
}

/** One row, as it is given to `filter` and `map`. */
export interface Row {
  /** Its place in the data set, from 0. */
  readonly index: number;
  readonly text: string;
  /** The second text; undefined without pairs. */
  readonly textPair: string | undefined;
  /** The class; undefined where the row has none, several, or a number. */
  readonly label: string | undefined;
  /** The classes: one, none, or with `targetKind` "labels" any number. */
  readonly labels: readonly string[];
  /** The number to be predicted; NaN where targets are none. */
  readonly target: number;
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
  /** The second texts; undefined without pairs. */
  readonly textPair: TextColumn | undefined;
  /** Undefined without labels. */
  readonly target: Target | undefined;
  readonly columns: readonly Column[];
  /** The names of all columns in their order in the file; those that are not among them come last. */
  readonly columnOrder?: readonly string[] | undefined;
  /** What the texts and the label are called in the file. */
  readonly textName: string;
  readonly textPairName: string | undefined;
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

/** What `map` makes of a row: what is not given stays. */
export interface MappedRow {
  readonly text?: string;
  readonly textPair?: string;
  /** Of the kind of the data set's targets. */
  readonly label?: string | readonly string[] | number;
}

/** How `balance` makes classes equal: by drawing fewer rows of the frequent ones or repeating rows of the rare ones. */
export interface BalanceOptions {
  /** "undersample" by default. */
  readonly method?: "undersample" | "oversample";
  /** Rows of each class; by default those of the rarest (undersample) or the most frequent (oversample). */
  readonly perClass?: number;
  /** Seed of the drawing; 42 by default. */
  readonly seed?: number;
}

/**
 * Texts or pairs of texts, with what is learned from them. Immutable: every operation gives another data set, sharing
 * the rows with this one.
 *
 * @example
 * const reviews = await readDataset("reviews.csv", { text: "text", label: "sentiment" });
 * const long = reviews.filter(({ text }) => text.length > 20);
 * const { train, test } = long.split({ test: 0.2, stratify: true, seed: 42 });
 * for (const { text, label } of test.head(3)) console.log(label, text);
 */
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
  /** All columns, the text and the label first. */
  readonly columns: readonly ColumnInfo[];
  /** What is learned from the labels: a class for each row, several classes, or a number; undefined without labels. */
  readonly targetKind: TargetKind | undefined;
  /** 32 hexadecimal digits that depend on texts, labels and their order alone. */
  readonly fingerprint: string;
  /** Whether rows have two texts each. */
  readonly hasPairs: boolean;
  /** The text of `row`, counted from 0. */
  text(row: number): string;
  /** The second text of `row`; undefined without pairs. */
  textPair(row: number): string | undefined;
  /** The class of `row`; undefined where it has none, several, or a number. */
  label(row: number): string | undefined;
  /** The class id of `row` in [0, C), or -1 where it has none, several, or a number. */
  labelId(row: number): number;
  /** The class ids of `row`, ascending: one, none, or with `targetKind` "labels" any number. */
  labelIdsOf(row: number): readonly number[];
  /** The number to be predicted; NaN where `targetKind` is not "number". */
  target(row: number): number;
  /** The value of `row` in a column that was kept. */
  value(row: number, column: string): Cell;
  /** All of `row`. */
  row(row: number): Row;
  /** The rows in their order. */
  [Symbol.iterator](): IterableIterator<Row>;

  /**
   * Deals the rows out to parts.
   * @throws E_CONFIG for a size that cannot be, E_DATA for a class too small to stratify
   */
  split<const O extends SplitOptions>(options: O): SplitParts<O>;
  /** The rows for which `keep` says true. */
  filter(keep: (row: Row) => boolean): Dataset;
  /** The rows `rows`, in that order. */
  select(rows: Iterable<number>): Dataset;
  /** The first `count` rows. */
  head(count: number): Dataset;
  /** `count` rows drawn without replacement, in their order. */
  sample(count: number, seed?: number): Dataset;
  /** The rows in a random order, the same for the same seed; 42 by default. */
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
}

/** A data set and the rows of a table that it consists of. */
export interface TableView {
  readonly dataset: Dataset;
  readonly table: Table;
  readonly rows: Uint32Array | undefined;
}

/** What a data set is said to be. */
export interface DatasetFacts {
  readonly source: string;
  readonly notices?: readonly string[];
  readonly badRows?: readonly BadRow[];
}
