import { fail } from "../../base/errors.js";
import type { ColumnKind } from "../table/cell.js";
import { cellText, isNumeral, type RawCell, type RowPlace } from "../table/cell.js";
import { type LabelRule, listed, resolveLabels } from "../table/labels.js";
import { buildTextColumn } from "../table/text-column.js";
import { createDataset } from "./create-dataset.js";
import type { BadRow, Column, Dataset } from "./dataset.js";

/** What a data set is made from and what is done with rows that lack something. */
export interface BuilderOptions {
  readonly source: string;
  readonly textName: string;
  /** Undefined for texts without labels. */
  readonly labelName: string | undefined;
  readonly columnNames?: readonly string[];
  /** Whether numbers in further columns come as text and have to be recognised. */
  readonly untyped?: boolean;
  readonly labels?: LabelRule;
}

/** Collects rows; rows without text or label are counted and left out. */
export interface DatasetBuilder {
  /** Adds a row; `where` says where it stands, as in "line 3". */
  add(text: RawCell, label: RawCell, further: readonly RawCell[], where: RowPlace): void;
  /** Makes the data set. @throws E_DATA when nothing is left or the labels cannot be classes */
  finish(notices?: readonly string[], badRows?: readonly BadRow[]): Dataset;
}

/** Distinct label values beyond which a column is not one of classes, unless each occurs often. */
const MANY_LABELS = 1000;

interface Tally {
  count: number;
  unit: string;
  readonly first: (number | string)[];
}

/** A builder of an empty data set. */
export function buildDataset(options: BuilderOptions): DatasetBuilder {
  const { source, labelName } = options;
  const text = buildTextColumn();
  const rawIds = new Map<string, number>();
  let ids = new Int32Array(1024);
  let rows = 0;
  const further = (options.columnNames ?? []).map((name) => ({
    name,
    values: buildTextColumn(),
    kinds: new KindGuess(options.untyped === true),
  }));
  const emptyText: Tally = { count: 0, unit: "row", first: [] };
  const missingLabel: Tally = { count: 0, unit: "row", first: [] };
  const trimmedLabel: Tally = { count: 0, unit: "row", first: [] };

  return {
    add(rawText, rawLabel, cells, where) {
      const value = cellText(rawText);
      if (value === undefined || isBlank(value)) return count(emptyText, where);
      if (labelName !== undefined) {
        const given = cellText(rawLabel) ?? "";
        const label = given.trim();
        if (label === "") return count(missingLabel, where);
        if (label !== given) count(trimmedLabel, where);
        let id = rawIds.get(label);
        if (id === undefined) {
          id = rawIds.size;
          rawIds.set(label, id);
          if (rawIds.size > MANY_LABELS && rawIds.size > (rows + 1) / 2 && options.labels === undefined)
            tooManyLabels(source, labelName, rawIds.size, rows + 1);
        }
        if (rows === ids.length) {
          const grown = new Int32Array(ids.length * 2);
          grown.set(ids);
          ids = grown;
        }
        ids[rows] = id;
      }
      text.push(value);
      further.forEach((column, i) => {
        const cell = cells[i];
        column.kinds.see(cell);
        column.values.push(cellText(cell));
      });
      rows++;
    },
    finish(notices = [], badRows = []) {
      const dropped = [
        tallied(emptyText, "without text", "left out"),
        tallied(missingLabel, "without a label", "left out"),
      ].filter((line) => line !== undefined);
      if (rows === 0) {
        fail("E_DATA", {
          where: source,
          expected: "rows with text",
          got: dropped.length > 0 ? dropped.join("; ") : "none",
          fix: "check the file and the chosen columns",
        });
      }
      const trimmed = tallied(trimmedLabel, "with spaces around the label", "trimmed");
      const values = [...rawIds.keys()];
      if (labelName !== undefined && values.length > MANY_LABELS && options.labels === undefined)
        tooManyLabels(source, labelName, values.length, rows);
      const resolved =
        labelName === undefined ? undefined : resolveLabels(values, options.labels, `${source}, column "${labelName}"`);
      const table = {
        text: text.finish(),
        labelIds: resolved === undefined ? undefined : ids.slice(0, rows).map((raw) => resolved.ids[raw] as number),
        labelNames: resolved?.names ?? [],
        columns: further.map(
          ({ name, values: column, kinds }): Column => ({ name, kind: kinds.result(), values: column.finish() }),
        ),
        textName: options.textName,
        labelName,
      };
      const doubtful = labelName === undefined ? [] : values.filter((value) => /^(nan|null|none|n\/?a)$/i.test(value));
      const missing =
        doubtful.length === 0 || values.length === doubtful.length || options.labels !== undefined
          ? []
          : [`${listed(doubtful)} is taken for a class; leave these rows out if it stands for a missing label`];
      const said = [
        ...notices,
        ...dropped,
        ...missing,
        ...(trimmed === undefined ? [] : [trimmed]),
        ...(resolved?.notices ?? []),
      ];
      return createDataset(table, undefined, { source, notices: said, badRows });
    },
  };
}

function isBlank(text: string): boolean {
  // Nearly every text starts with something visible, which saves trimming it.
  return text === "" || (text.charCodeAt(0) <= 32 || text.charCodeAt(0) >= 0x80 ? text.trim() === "" : false);
}

function count(tally: Tally, where: RowPlace): void {
  tally.count++;
  tally.unit = where.unit;
  if (tally.first.length < 5) tally.first.push(where.at);
}

function tallied(tally: Tally, what: string, done: string): string | undefined {
  if (tally.count === 0) return undefined;
  const more = tally.count > tally.first.length ? ", …" : "";
  return `${tally.count} ${tally.count === 1 ? "row" : "rows"} ${what} ${tally.count === 1 ? "was" : "were"} ${done} (${tally.unit} ${tally.first.join(", ")}${more})`;
}

function tooManyLabels(source: string, name: string, distinct: number, rows: number): never {
  return fail("E_DATA", {
    where: `${source}, column "${name}"`,
    expected: `labels, at most ${MANY_LABELS} different ones`,
    got: `${distinct} different values in the first ${rows} rows`,
    fix: "is this the text? Name another column as label, or every class with labels",
  });
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
      this.#numbers = typeof cell === "number" || (typeof cell === "string" && this.#untyped && isNumeral(cell));
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

/** One labelled text in code. */
export interface Example {
  readonly text: string;
  readonly label?: string | number | boolean;
}

/** Options of {@link datasetFrom}. */
export interface DatasetFromOptions {
  readonly labels?: LabelRule;
  readonly source?: string;
}

/**
 * The data set of examples in code: `datasetFrom([{ text: "…", label: "spam" }, …])`. Every other
 * property of an example becomes a column. Without any label the data set has none.
 *
 * @throws E_DATA where nothing is left, or an example is not of this form
 */
export function datasetFrom(
  examples: Iterable<Example & Readonly<Record<string, RawCell>>> | Iterable<Example>,
  options: DatasetFromOptions = {},
): Dataset {
  const all = [...examples] as readonly (Example & Readonly<Record<string, RawCell>>)[];
  const source = options.source ?? "examples in code";
  all.forEach((example, i) => {
    if (typeof example !== "object" || example === null || typeof example.text !== "string") {
      fail("E_DATA", {
        where: `${source}, example ${i + 1}`,
        expected: "{ text: string, label?: string }",
        got: described(example),
        fix: "give every example a text",
      });
    }
  });
  const columnNames = listNames(all);
  const labelName = all.some((example) => example.label !== undefined) ? "label" : undefined;
  const builder = buildDataset({
    source,
    textName: "text",
    labelName,
    columnNames,
    ...(options.labels === undefined ? {} : { labels: options.labels }),
  });
  all.forEach((example, i) => {
    builder.add(
      example.text,
      example.label,
      columnNames.map((name) => example[name]),
      { unit: "row", at: i + 1 },
    );
  });
  return builder.finish();
}

/** The data set of `texts` with `labels` beside them. @throws E_DATA where their lengths differ */
export function fromArrays(
  texts: readonly string[],
  labels?: readonly (string | number | boolean)[],
  options: DatasetFromOptions = {},
): Dataset {
  if (labels !== undefined && labels.length !== texts.length) {
    fail("E_DATA", {
      where: options.source ?? "fromArrays",
      expected: `as many labels as texts (${texts.length})`,
      got: String(labels.length),
      fix: "give each text one label",
    });
  }
  return datasetFrom(
    texts.map((text, i): Example => (labels === undefined ? { text } : { text, label: labels[i] as string })),
    options,
  );
}

function listNames(examples: readonly object[]): string[] {
  const names = new Set<string>();
  for (const example of examples) for (const name of Object.keys(example)) names.add(name);
  names.delete("text");
  names.delete("label");
  return [...names];
}

function described(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return `${typeof value} ${listed([String(value)])}`;
  return `an object with ${Object.keys(value).length === 0 ? "no property" : listed(Object.keys(value))}`;
}
