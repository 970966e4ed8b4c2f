/** Data sets of examples in code. */
import { fail } from "../../base/errors.js";
import type { RawCell } from "../table/cell.js";
import { type LabelRule, listed, namesIn } from "../table/labels.js";
import type { Dataset } from "./dataset.js";
import { buildDataset } from "./dataset-builder.js";
import type { TargetKind } from "./target.js";

/** One labelled text, or two texts that belong together, in code. */
export interface Example {
  readonly text: string;
  readonly textPair?: string;
  /**
   * A class, several classes, or, with `target: "number"` or where one is not whole, a number. Numbers 0 and 1, with a
   * place for each class, are one-hot labels, or several classes where not every example has just one.
   */
  readonly label?: string | number | boolean | readonly string[] | readonly number[];
}

/** Options of {@link datasetFrom}. */
export interface DatasetFromOptions {
  /** Which classes there are. Default: those that occur, sorted. */
  readonly labels?: LabelRule;
  /** What is learned from the labels. Default: by what they are. */
  readonly target?: TargetKind;
  /** What the data set is called in messages. Default "examples in code". */
  readonly source?: string;
}

/**
 * The data set of examples in code. Every property of an example besides text, textPair and label becomes a
 * column. Without any label the data set has none.
 *
 * @example
 * const mails = datasetFrom([
 *   { text: "You have won a prize", label: "spam", sender: "unknown" },
 *   { text: "Lunch at twelve?", label: "ham", sender: "Ada" },
 * ]);
 *
 * @throws E_DATA where nothing is left, or an example is not of this form
 */
export function datasetFrom(
  examples:
    | Iterable<Example & Readonly<Record<string, RawCell | readonly string[] | readonly number[]>>>
    | Iterable<Example>,
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
  const places = options.target === "number" ? undefined : placesOf(all, options.labels, source);
  const builder = buildDataset({
    source,
    textName: "text",
    textPairName: all.some((example) => example.textPair !== undefined) ? "textPair" : undefined,
    labelNames: places ?? (all.some((example) => example.label !== undefined) ? ["label"] : []),
    target: options.target ?? kindOf(all.map((example) => example.label)),
    columnNames,
    labels: options.labels,
  });
  all.forEach((example, i) => {
    const { text, textPair, label } = example;
    builder.add(
      {
        text,
        textPair,
        labels:
          places !== undefined ? (label as number[]) : [typeof label === "object" ? JSON.stringify(label) : label],
        further: columnNames.map((name) => example[name]),
      },
      { unit: "row", at: i + 1 },
    );
  });
  return builder.finish();
}

/**
 * The data set of `texts` with `labels` beside them.
 *
 * @example
 * const mails = fromArrays(["You have won a prize", "Lunch at twelve?"], ["spam", "ham"]);
 *
 * @throws E_DATA where their lengths differ
 */
export function fromArrays(
  texts: readonly string[],
  labels?: readonly NonNullable<Example["label"]>[],
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

/** The classes of the places of one-hot labels; undefined where labels are no such. @throws E_DATA for one that is not as long */
function placesOf(
  examples: readonly Example[],
  rule: LabelRule | undefined,
  source: string,
): readonly string[] | undefined {
  const first = examples.find(({ label }) => isVector(label))?.label as readonly number[] | undefined;
  if (first === undefined) return undefined;
  const names = (rule && namesIn(rule)) ?? Array.from(first, (_, place) => String(place));
  for (const [i, { label }] of examples.entries())
    if (!isVector(label) || label.length !== names.length)
      fail("E_DATA", {
        where: `${source}, example ${i + 1}`,
        expected: `${names.length} numbers, a place for each class`,
        got: isVector(label) ? String(label.length) : JSON.stringify(label),
        fix: "give every example such a label",
      });
  return names;
}

function isVector(label: Example["label"]): label is readonly number[] {
  return Array.isArray(label) && label.length > 0 && label.every((value) => typeof value === "number");
}

function kindOf(labels: readonly Example["label"][]): TargetKind {
  if (labels.every(isVector))
    return labels.every((one) => one.filter((value) => value === 1).length === 1) ? "class" : "labels";
  if (labels.some((label) => typeof label === "object")) return "labels";
  return labels.some((label) => typeof label === "number" && !Number.isInteger(label)) ? "number" : "class";
}

function listNames(examples: readonly object[]): string[] {
  const names = new Set<string>();
  for (const example of examples) for (const name of Object.keys(example)) names.add(name);
  for (const role of ["text", "textPair", "label"]) names.delete(role);
  return [...names];
}

function described(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return `${typeof value} ${listed([String(value)])}`;
  return `an object with ${Object.keys(value).length === 0 ? "no property" : listed(Object.keys(value))}`;
}
