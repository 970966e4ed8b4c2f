import { fail } from "../../base/errors.js";
import { type ColumnKind, cellText, isPlainNumber, type RawCell, type RowPlace } from "../table/cell.js";
import type { LabelRule } from "../table/labels.js";
import { buildTextColumn } from "../table/text-column.js";
import {
  collectClasses,
  collectColumns,
  collectLists,
  collectNumbers,
  createTally,
  type TargetCollector,
} from "./collect-target.js";
import { createDataset } from "./create-dataset.js";
import type { BadRow, Column, Dataset, Table } from "./dataset.js";
import type { TargetKind } from "./target.js";

/** What a data set is made from and what is done with rows that lack something. */
export interface BuilderOptions {
  readonly source: string;
  readonly textName: string;
  /** What the second texts are called; undefined without pairs. */
  readonly textPairName?: string | undefined;
  /** What the label columns are called; none for texts without labels. */
  readonly labelNames: readonly string[];
  /** The kind of the labels. */
  readonly target: TargetKind;
  readonly labelSeparator?: string | undefined;
  readonly columnNames?: readonly string[];
  /** All columns in the order in which they are shown and written; by default texts, label, others. */
  readonly columnOrder?: readonly string[] | undefined;
  /** Whether numbers in further columns come as text and have to be recognised. */
  readonly untyped?: boolean;
  readonly labels?: LabelRule | undefined;
}

/** The cells of a row. */
export interface RowCells {
  readonly text: RawCell;
  readonly textPair?: RawCell;
  /** One for each label column. */
  readonly labels: readonly RawCell[];
  readonly further: readonly RawCell[];
}

/** Collects rows; rows without text or label are counted and left out. */
export interface DatasetBuilder {
  /** Rows so far. */
  readonly length: number;
  /** Adds a row; `where` says where it stands, as in "line 3". */
  add(row: RowCells, where: RowPlace): void;
  /** Adds a further column, empty in the rows that are there. */
  addColumn(name: string): void;
  /** Makes the data set. @throws E_DATA when nothing is left or the labels cannot be learned */
  finish(notices?: readonly string[], badRows?: readonly BadRow[]): Dataset;
}

/** A builder of an empty data set. */
export function buildDataset(options: BuilderOptions): DatasetBuilder {
  const { source, labelNames } = options;
  const text = buildTextColumn();
  const textPair = options.textPairName === undefined ? undefined : buildTextColumn();
  const target = labelNames.length === 0 ? undefined : collectorOf(options);
  const columnOf = (name: string) => ({
    name,
    values: buildTextColumn(),
    kinds: new KindGuess(options.untyped === true),
  });
  const further = (options.columnNames ?? []).map(columnOf);
  const emptyText = createTally();
  const missingLabel = createTally();
  let seen = 0;

  return {
    get length() {
      return text.length;
    },
    add(row, where) {
      seen++;
      const value = cellText(row.text);
      const second = textPair === undefined ? "" : cellText(row.textPair);
      if (value === undefined || isBlank(value) || second === undefined || (textPair !== undefined && isBlank(second)))
        return emptyText.count(where);
      if (target !== undefined && !target.add(row.labels, where)) return missingLabel.count(where);
      text.push(value);
      textPair?.push(second);
      further.forEach((column, i) => {
        const cell = row.further[i];
        column.kinds.see(cell);
        column.values.push(cellText(cell));
      });
    },
    addColumn(name) {
      const column = columnOf(name);
      for (let row = 0; row < text.length; row++) column.values.push(undefined);
      further.push(column);
    },
    finish(notices = [], badRows = []) {
      const dropped = [
        ...emptyText.said(textPair === undefined ? "without text" : "without one of their texts", "left out"),
        ...missingLabel.said("without a label", "left out"),
      ];
      if (text.length === 0) {
        const columns = [options.textName, ...labelNames].map((name) => `"${name}"`).join(" and ");
        fail("E_DATA", {
          where: source,
          expected: "rows with text",
          got:
            seen === 0
              ? `none: columns ${columns} and no row below them`
              : dropped.length > 0
                ? dropped.join("; ")
                : "none",
          fix: seen === 0 ? "check the file" : "check the file and the chosen columns",
        });
      }
      const learned = target?.finish();
      const table: Table = {
        text: text.finish(),
        textPair: textPair?.finish(),
        target: learned?.target,
        columns: further.map(
          ({ name, values: column, kinds }): Column => ({ name, kind: kinds.result(), values: column.finish() }),
        ),
        columnOrder: options.columnOrder,
        textName: options.textName,
        textPairName: options.textPairName,
        labelName: labelNames.length === 0 ? undefined : labelNames.length === 1 ? labelNames[0] : "labels",
      };
      const said = [...notices, ...dropped, ...(learned?.notices ?? [])];
      return createDataset(table, undefined, { source, notices: said, badRows });
    },
  };
}

function collectorOf({ source, labelNames, target, labels, labelSeparator }: BuilderOptions): TargetCollector {
  const options = { source, labelNames, rule: labels, separator: labelSeparator };
  if (target === "number") return collectNumbers(options);
  if (labelNames.length > 1) return collectColumns(options, target);
  return target === "class" ? collectClasses(options) : collectLists(options);
}

function isBlank(text: string): boolean {
  // Nearly every text starts with something visible, which saves trimming it.
  return text === "" || (text.charCodeAt(0) <= 32 || text.charCodeAt(0) >= 0x80 ? text.trim() === "" : false);
}

/** Finds out what kind of values a column holds while they pass. */
class KindGuess {
  readonly #untyped: boolean;
  #seen = 0;
  #numbers = true;
  #booleans = true;

  constructor(untyped: boolean) {
    this.#untyped = untyped;
  }

  see(cell: RawCell): void {
    if (cell === null || cell === undefined || cell === "") return;
    this.#seen++;
    if (this.#numbers)
      this.#numbers = typeof cell === "number" || (typeof cell === "string" && this.#untyped && isPlainNumber(cell));
    if (this.#booleans)
      this.#booleans =
        typeof cell === "boolean" ||
        (typeof cell === "string" && this.#untyped && (cell === "true" || cell === "false"));
  }

  result(): ColumnKind {
    if (this.#seen === 0) return "string";
    return this.#numbers ? "number" : this.#booleans ? "boolean" : "string";
  }
}
