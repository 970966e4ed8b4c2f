/** Gathers targets while rows are read. */
import { fail } from "../../base/errors.js";
import { cellText, isNumeral, type RawCell, type RowPlace } from "../table/cell.js";
import { type LabelRule, listed, resolveLabels } from "../table/labels.js";
import { labelsTarget, type Target } from "./target.js";

/** Where labels stand, and what they mean. */
export interface TargetOptions {
  readonly source: string;
  /** What the label columns are called: one, or, where each is a class of its own, several. */
  readonly labelNames: readonly string[];
  readonly rule?: LabelRule | undefined;
  /** What is between the classes in a cell; a cell that is a JSON list needs none. */
  readonly separator?: string | undefined;
}

/** Takes the label cells of row after row. */
export interface TargetCollector {
  /** Takes the cells of a row; false where it has no target, so that the row is left out. @throws E_DATA */
  add(cells: readonly RawCell[], where: RowPlace): boolean;
  /** Hands the target over, and what a user should know of it. @throws E_DATA where it cannot be learned */
  finish(): { readonly target: Target; readonly notices: readonly string[] };
}

/** Distinct label values beyond which a column is not one of classes, unless each occurs often. */
const MANY_LABELS = 1000;

/** Numbers values in the order in which they come. */
function createNumbering({ source, labelNames, rule }: TargetOptions) {
  const numbers = new Map<string, number>();
  return {
    of(value: string, rows: number): number {
      const known = numbers.get(value);
      if (known !== undefined) return known;
      numbers.set(value, numbers.size);
      if (numbers.size > MANY_LABELS && numbers.size > rows / 2 && rule === undefined)
        tooManyLabels(source, labelNames.join(", "), numbers.size, rows);
      return numbers.size - 1;
    },
    finish(rows: number) {
      const values = [...numbers.keys()];
      if (values.length > MANY_LABELS && rule === undefined)
        tooManyLabels(source, labelNames.join(", "), values.length, rows);
      return { values, ...resolveLabels(values, rule, `${source}, column "${labelNames.join(", ")}"`) };
    },
  };
}

/** One class for each row. */
export function collectClasses(options: TargetOptions): TargetCollector {
  const numbering = createNumbering(options);
  const trimmed = createTally();
  let ids = new Int32Array(1024);
  let rows = 0;
  return {
    add([cell], where) {
      const given = cellText(cell) ?? "";
      const label = given.trim();
      if (label === "") return false;
      if (label !== given) trimmed.count(where);
      if (rows === ids.length) {
        const grown = new Int32Array(ids.length * 2);
        grown.set(ids);
        ids = grown;
      }
      ids[rows] = numbering.of(label, rows + 1);
      rows++;
      return true;
    },
    finish() {
      const { values, names, ids: mapped, notices } = numbering.finish(rows);
      const doubtful = values.filter((value) => /^(nan|null|none|n\/?a)$/i.test(value));
      const missing =
        doubtful.length === 0 || values.length === doubtful.length || options.rule !== undefined
          ? []
          : [`${listed(doubtful)} is taken for a class; leave these rows out if it stands for a missing label`];
      return {
        target: { kind: "class", names, ids: ids.slice(0, rows).map((raw) => mapped[raw] as number) },
        notices: [...missing, ...trimmed.said("with spaces around the label", "trimmed"), ...notices],
      };
    },
  };
}

/** Any number of classes for each row, in one cell: a JSON list, or with something between them. */
export function collectLists(options: TargetOptions): TargetCollector {
  const numbering = createNumbering(options);
  const rows: number[][] = [];
  const without = createTally();
  return {
    add([cell], where) {
      const labels = labelsIn(cellText(cell) ?? "", options.separator);
      if (labels === undefined)
        return fail("E_DATA", {
          where: `${options.source}, ${where.unit} ${where.at}`,
          option: "labelSeparator",
          expected: 'a JSON list of classes, such as ["a", "b"]',
          got: listed([cellText(cell) ?? ""]),
          fix: "correct it, or say what is between classes",
          set: { labelSeparator: "|" },
        });
      if (labels.length === 0) without.count(where);
      rows.push(labels.map((label) => numbering.of(label, rows.length + 1)));
      return true;
    },
    finish() {
      const { names, ids: mapped, notices } = numbering.finish(rows.length);
      const target = labelsTarget(
        names,
        rows.map((row) => row.map((raw) => mapped[raw] as number)),
      );
      const { separator, rule } = options;
      const single =
        separator === undefined || rule !== undefined || rows.some(({ length }) => length > 1)
          ? []
          : [`no row has more than one class: is ${JSON.stringify(separator)} what is between them?`];
      return { target, notices: [...without.said("of no class", "kept"), ...single, ...notices] };
    },
  };
}

/** Any number of classes for each row, or one of them (one-hot labels): a column of 0 and 1 for each class. */
export function collectColumns(options: TargetOptions, kind: "class" | "labels"): TargetCollector {
  const rows: number[][] = [];
  const without = createTally();
  return {
    add(cells, where) {
      const ids = cells.flatMap((cell, i) => {
        const value = flagIn(cell);
        if (value === undefined)
          return fail("E_DATA", {
            where: `${options.source}, ${where.unit} ${where.at}, column "${options.labelNames[i]}"`,
            option: "label",
            expected: "0 or 1, as each label column is a class",
            got: listed([cellText(cell) ?? ""]),
            fix: "name one label column, or several of 0 and 1",
          });
        return value ? [i] : [];
      });
      if (kind === "class" && ids.length !== 1)
        return fail("E_DATA", {
          where: `${options.source}, ${where.unit} ${where.at}`,
          option: "label",
          expected: "1 in one of the label columns, as a row is of one class",
          got: ids.length === 0 ? "none" : `it in ${listed(ids.map((i) => options.labelNames[i] as string))}`,
          fix: "correct it, or learn each class by itself",
          set: { target: "labels" },
        });
      if (ids.length === 0) without.count(where);
      rows.push(ids);
      return true;
    },
    finish() {
      const {
        names,
        ids: mapped,
        notices,
      } = resolveLabels(options.labelNames, options.rule ?? options.labelNames, options.source);
      const idsOf = rows.map((row) => row.map((raw) => mapped[raw] as number));
      const target: Target =
        kind === "class"
          ? { kind, names, ids: Int32Array.from(idsOf, ([id]) => id as number) }
          : labelsTarget(names, idsOf);
      const isOneHot = kind === "labels" && options.rule === undefined && rows.every(({ length }) => length === 1);
      const single = isOneHot ? ['every row is of exactly one class: target "class" learns them as such'] : [];
      const missing = names.filter((_, id) => !mapped.includes(id));
      const unsaid =
        missing.length === 0 ? [] : [`no column was read for ${listed(missing)}: no row counts as having it`];
      return { target, notices: [...without.said("of no class", "kept"), ...single, ...notices, ...unsaid] };
    },
  };
}

/** A number for each row. */
export function collectNumbers(options: TargetOptions): TargetCollector {
  const values: number[] = [];
  return {
    add([cell], where) {
      const text = (cellText(cell) ?? "").trim();
      if (text === "" || /^nan$/i.test(text)) return false;
      if (!isNumeral(text))
        return fail("E_DATA", {
          where: `${options.source}, ${where.unit} ${where.at}, column "${options.labelNames[0]}"`,
          option: "target",
          expected: "a number",
          got: listed([text]),
          fix: "correct it, or read the values as classes",
          set: { target: "class" },
        });
      values.push(Number(text));
      return true;
    },
    finish: () => ({ target: { kind: "number", values: Float64Array.from(values) }, notices: [] }),
  };
}

/** The classes in a cell; undefined where it is to be a JSON list and is none. */
export function labelsIn(cell: string, separator: string | undefined): readonly string[] | undefined {
  const text = cell.trim();
  if (separator !== undefined)
    return text
      .split(separator)
      .map((label) => label.trim())
      .filter((label) => label !== "");
  if (text === "") return [];
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) return undefined;
    return list.every((label) => ["string", "number", "boolean"].includes(typeof label))
      ? list.map((label) => String(label).trim())
      : undefined;
  } catch {
    return undefined;
  }
}

function flagIn(cell: RawCell): boolean | undefined {
  const text = String(cell ?? "").trim();
  if (/^(1(\.0*)?|true)$/i.test(text)) return true;
  return /^(0(\.0*)?|false)$/i.test(text) ? false : undefined;
}

function tooManyLabels(source: string, name: string, distinct: number, rows: number): never {
  return fail("E_DATA", {
    where: `${source}, column "${name}"`,
    option: "label",
    expected: `labels, at most ${MANY_LABELS} different ones`,
    got: `${distinct} different values in the first ${rows} rows`,
    fix: "is this the text? Name another column as label, or every class with labels",
  });
}

/** Counts rows that something is to be said of, with the places of the first. */
export function createTally(): {
  count(where: RowPlace): void;
  /** A sentence, or none where nothing was counted. */
  said(what: string, done: string): readonly string[];
} {
  let count = 0;
  let unit = "row";
  const first: (number | string)[] = [];
  return {
    count(where) {
      count++;
      unit = where.unit;
      if (first.length < 5) first.push(where.at);
    },
    said(what, done) {
      if (count === 0) return [];
      const more = count > first.length ? ", …" : "";
      const rows = `${count} ${count === 1 ? "row" : "rows"} ${what} ${count === 1 ? "was" : "were"} ${done}`;
      return [`${rows} (${unit} ${first.join(", ")}${more})`];
    },
  };
}
