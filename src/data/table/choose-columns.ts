import { fail } from "../../base/errors.js";
import { didYouMean } from "../../base/nearest.js";
import { shortened } from "../../base/printable.js";
import { isNumeral } from "./cell.js";
import { listed } from "./labels.js";

/** A column by its name, or by its number counted from 1. */
export type ColumnChoice = string | number;

/** What the columns of a file are called and what the first rows hold. */
export interface TableHead {
  readonly source: string;
  /** Undefined where the file has no header. A format of objects adds names that it meets while rows are read. */
  readonly names: readonly string[] | undefined;
  readonly width: number;
  /** Cells of the first rows, as text; undefined where missing. */
  readonly sample: readonly (readonly (string | undefined)[])[];
}

/** What was asked for. `label: false` means texts alone. */
export interface ColumnWishes {
  readonly text?: ColumnChoice | readonly ColumnChoice[] | undefined;
  readonly textPair?: ColumnChoice | readonly ColumnChoice[] | undefined;
  readonly label?: ColumnChoice | readonly ColumnChoice[] | false | undefined;
  readonly columns?: ColumnChoice | readonly ColumnChoice[] | "all" | undefined;
}

/** Indices of the chosen columns. */
export interface ChosenColumns {
  /** Several texts are joined by a space. */
  readonly text: readonly number[];
  /** The same for second texts; none without pairs. */
  readonly textPair: readonly number[];
  /** One; several where each is a class of its own; none for texts alone. */
  readonly labels: readonly number[];
  readonly further: readonly number[];
  readonly notices: readonly string[];
  nameOf(index: number): string;
}

/** Names by which data sets usually call their texts and labels, the more telling first. */
const TEXT_NAMES = [
  "text",
  "sentence",
  "review",
  "question_text",
  "question",
  "message",
  "comment_text",
  "comment",
  "content",
  "document",
  "tweet",
  "utterance",
  "query",
  "body",
  "sms",
  "headline",
  "title",
  "description",
  "input",
  "v2",
];
const LABEL_NAMES = [
  "label",
  "labels",
  "category",
  "target",
  "sentiment",
  "class",
  "intent",
  "topic",
  "label_text",
  "y",
  "stars",
  "rating",
  "polarity",
  "emotion",
  "output",
  "v1",
];

/** Whether a cell of a first row looks like the name of a text or label column. */
export function isTellingName(cell: string): boolean {
  const name = cell.trim().toLowerCase();
  return TEXT_NAMES.includes(name) || LABEL_NAMES.includes(name);
}

/**
 * Finds the columns that `wishes` name, or, where they name none, those that are obvious from their
 * names, or from what they hold where the file has two columns.
 *
 * @throws E_DATA listing the columns, with the nearest names
 */
export function chooseColumns(head: TableHead, wishes: ColumnWishes): ChosenColumns {
  const { source } = head;
  const nameOf = (index: number): string => head.names?.[index] ?? `column ${index + 1}`;
  const notices: string[] = [];
  type Role = "text" | "textPair" | "label" | "columns";
  const find = (wish: ColumnChoice | readonly ColumnChoice[] | undefined, role: Role): readonly number[] =>
    ([wish ?? []].flat() as readonly ColumnChoice[]).map((choice) => findColumn(head, choice, role));
  const given = wishes.text === undefined ? undefined : find(wishes.text, "text");
  const textPair = find(wishes.textPair, "textPair");
  const labels = wishes.label === false ? [] : find(wishes.label, "label");
  let text = given;
  let label: number | undefined = labels[0];

  const free = (index: number): boolean =>
    index !== label && !labels.includes(index) && !textPair.includes(index) && !(text ?? []).includes(index);
  if (label === undefined && wishes.label === undefined) {
    label = obvious(head, LABEL_NAMES, free);
    if (label === undefined && head.names !== undefined && wishes.text !== undefined && head.width === 2)
      label = [0, 1].find(free);
    if (label !== undefined) notices.push(`"${nameOf(label)}" is read as the label`);
  }
  if (text === undefined) {
    const found =
      obvious(head, TEXT_NAMES, free) ??
      (label !== undefined && head.width === 2
        ? [0, 1].find(free)
        : head.width === 1 && wishes.label === false
          ? 0
          : undefined);
    if (found !== undefined) {
      text = [found];
      notices.push(`"${nameOf(found)}" is read as the text`);
    }
  }
  if ((text === undefined || (label === undefined && wishes.label === undefined)) && head.width === 2) {
    const guess = byContent(head);
    if (
      guess !== undefined &&
      (text === undefined || text[0] === guess.text) &&
      (label === undefined || label === guess.label)
    ) {
      text = [guess.text];
      if (wishes.label !== false) label = guess.label;
      notices.length = 0;
      notices.push(
        `from what they hold, ${nameOf(guess.text)} is read as the text${wishes.label === false ? "" : ` and ${nameOf(guess.label)} as the label`}`,
      );
    }
  }
  if (text === undefined)
    fail("E_DATA", {
      where: source,
      option: "text",
      expected: "to be told which column is the text",
      got: `columns ${describeColumns(head)}`,
      fix: "name it",
      set: { text: "…" },
    });
  if (label === undefined && wishes.label !== false) {
    fail("E_DATA", {
      where: source,
      option: "label",
      expected: "to be told which column is the label",
      got: `columns ${describeColumns(head)}`,
      fix: "name it, or read texts alone",
      set: { label: false },
    });
  }
  const chosenLabels = labels.length > 0 ? labels : label === undefined ? [] : [label];
  const all = [...text, ...textPair, ...chosenLabels];
  const twice = all.find((index, i) => all.indexOf(index) !== i);
  if (twice !== undefined) {
    fail("E_DATA", {
      where: source,
      option: "label",
      expected: "different columns for texts and label",
      got: `"${nameOf(twice)}" twice`,
      fix: `choose among ${describeColumns(head)}`,
    });
  }
  for (const index of [...text, ...textPair]) refuseNumbers(head, index, nameOf(index));
  const wanted = [wishes.columns ?? []].flat() as readonly ColumnChoice[];
  const further =
    wanted.length === 1 && wanted[0] === "all"
      ? Array.from({ length: head.width }, (_, i) => i).filter(free)
      : find(wanted, "columns");
  return { text, textPair, labels: chosenLabels, further, notices, nameOf };
}

function findColumn(head: TableHead, choice: ColumnChoice, role: "text" | "textPair" | "label" | "columns"): number {
  const { source, names, width } = head;
  if (typeof choice === "string" && names !== undefined) {
    const exact = names.indexOf(choice);
    const index =
      exact >= 0 ? exact : names.findIndex((name) => name.trim().toLowerCase() === choice.trim().toLowerCase());
    if (index >= 0) return index;
  }
  const number = typeof choice === "number" ? choice : /^\d+$/.test(choice) ? Number(choice) : undefined;
  if (number !== undefined) {
    if (Number.isInteger(number) && number >= 1 && number <= width) return number - 1;
    return fail("E_DATA", {
      where: source,
      option: role,
      expected: `a column from 1 to ${width} as ${role}`,
      got: String(choice),
      fix: "columns are counted from 1",
    });
  }
  if (names === undefined) {
    return fail("E_DATA", {
      where: source,
      option: role,
      expected: `the number of a column as ${role}, because the file has no header`,
      got: `"${choice}"`,
      fix: `choose among ${describeColumns(head)}, or take the first row for names`,
      set: { header: true },
    });
  }
  return fail("E_DATA", {
    where: source,
    option: role,
    expected: `a column called "${choice}" (${role})`,
    got: `columns ${listed(names)}`,
    fix: didYouMean(String(choice), names),
  });
}

function obvious(head: TableHead, known: readonly string[], free: (index: number) => boolean): number | undefined {
  const names = head.names?.map((name) => name.trim().toLowerCase());
  for (const name of known) {
    const index = names?.indexOf(name) ?? -1;
    if (index >= 0 && free(index)) return index;
  }
  return undefined;
}

/** In two columns, the one of few, short values is the label and the other the text. */
function byContent(head: TableHead): { readonly text: number; readonly label: number } | undefined {
  if (head.sample.length < 10) return undefined;
  const facts = [0, 1].map((index) => {
    const cells = head.sample.map((row) => row[index] ?? "");
    return { distinct: new Set(cells).size, mean: cells.reduce((sum, cell) => sum + cell.length, 0) / cells.length };
  }) as [{ distinct: number; mean: number }, { distinct: number; mean: number }];
  for (const [text, label] of [
    [0, 1],
    [1, 0],
  ] as const) {
    if (
      facts[label].distinct <= 0.3 * head.sample.length &&
      facts[label].distinct < facts[text].distinct / 2 &&
      facts[label].mean * 2 < facts[text].mean
    )
      return { text, label };
  }
  return undefined;
}

function refuseNumbers(head: TableHead, index: number, name: string): void {
  const cells = head.sample.map((row) => row[index] ?? "").filter((cell) => cell.trim() !== "");
  if (cells.length >= 5 && cells.every(isNumeral)) {
    fail("E_DATA", {
      where: `${head.source}, column "${name}"`,
      option: "text",
      expected: "texts",
      got: `numbers (${cells.slice(0, 3).join(", ")}, …)`,
      fix: `name another column as text: the file has ${describeColumns(head)}`,
    });
  }
}

/** All columns with their numbers and, without a header, what they hold. */
export function describeColumns(head: TableHead): string {
  const shown = Array.from({ length: Math.min(head.width, 12) }, (_, i) => {
    if (head.names !== undefined) return `"${head.names[i]}"`;
    const cell = head.sample[0]?.[i] ?? "";
    return `${i + 1} ("${shortened(cell, 24)}")`;
  });
  return head.width > shown.length ? `${shown.join(", ")} and ${head.width - shown.length} more` : shown.join(", ");
}
