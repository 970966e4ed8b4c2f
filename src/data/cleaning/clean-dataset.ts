import { fail } from "../../base/errors.js";
import { didYouMean } from "../../base/nearest.js";
import { shortened } from "../../base/printable.js";
import type { Dataset, Row } from "../dataset/dataset.js";
import { createTextIndex, normalizedText } from "../dataset/row-groups.js";
import { stripControl, stripMarkup } from "./text-repair.js";

/** The steps of a cleaning, all off unless asked for. They are taken in the order in which they stand here. */
export interface CleanOptions {
  /** Bring characters to one form: NFC keeps every difference one can see, NFKC also unifies widths and ligatures. */
  readonly normalizeUnicode?: "NFC" | "NFKC" | boolean;
  /** Remove HTML tags and comments, and resolve entities; false by default. */
  readonly stripMarkup?: boolean;
  /** Remove control and invisible characters; tabs and line ends stay. False by default. */
  readonly stripControl?: boolean;
  /** Make every run of white space one space; false by default. */
  readonly collapseSpaces?: boolean;
  /** Remove white space at both ends; false by default. */
  readonly trim?: boolean;
  /** Cut texts after so many characters (code points); no limit by default. */
  readonly maxCharacters?: number;
  /** Drop rows whose text is empty by now; false by default. */
  readonly dropEmpty?: boolean;
  /**
   * Where a text (apart from case, punctuation and spaces) has different labels: give all its rows the
   * label that most of them have (dropping them where two labels tie), or drop them. Left alone by default.
   */
  readonly resolveLabels?: "majority" | "drop";
  /** Keep the first row of each text: of exactly equal ones, or of those equal apart from case, punctuation and spaces. */
  readonly dropDuplicates?: "exact" | "normalized" | boolean;
}

/** What a step did. */
export interface CleanStepReport {
  readonly step: keyof CleanOptions;
  /** Rows whose text or label it changed. */
  readonly changed: number;
  /** Rows that it left out. */
  readonly dropped: number;
  /** Some of them, with texts cut to 160 characters; `after` is undefined for a dropped row. */
  readonly examples: readonly { readonly before: string; readonly after: string | undefined }[];
}

/** The cleaned data and what was done to it; the data that was given is as it was. */
export interface Cleaned {
  readonly dataset: Dataset;
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  readonly steps: readonly CleanStepReport[];
}

const STEPS = [
  "normalizeUnicode",
  "stripMarkup",
  "stripControl",
  "collapseSpaces",
  "trim",
  "maxCharacters",
  "dropEmpty",
  "resolveLabels",
  "dropDuplicates",
] as const;

/**
 * Cleans a data set by the steps that `options` name.
 *
 * @example
 * const { dataset, rowsBefore, rowsAfter } = cleanDataset(reviews, { stripMarkup: true, dropDuplicates: "normalized" });
 * console.log(`${rowsBefore - rowsAfter} duplicates dropped, ${dataset.length} rows left`);
 *
 * @throws E_CONFIG for a step or a setting that does not exist, E_DATA where no row is left
 */
export function cleanDataset(dataset: Dataset, options: CleanOptions): Cleaned {
  checkOptions(options);
  const steps: CleanStepReport[] = [];
  let current = dataset;
  for (const [step, change] of textSteps(options)) {
    const { next, report } = changeTexts(current, step, change);
    current = next;
    steps.push(report);
  }
  if (options.dropEmpty === true)
    current = dropRows(
      current,
      "dropEmpty",
      (row) => current.text(row).trim() === "" || current.textPair(row)?.trim() === "",
      steps,
    );
  if (options.resolveLabels !== undefined) current = resolveContradictions(current, options.resolveLabels, steps);
  if (options.dropDuplicates !== undefined && options.dropDuplicates !== false)
    current = dropDuplicates(current, options.dropDuplicates === "exact", steps);
  if (current.length === 0)
    fail("E_DATA", { where: dataset.source, expected: "rows after cleaning", got: "none", fix: "leave out a step" });
  return { dataset: current, rowsBefore: dataset.length, rowsAfter: current.length, steps };
}

function textSteps(options: CleanOptions): [keyof CleanOptions, (text: string) => string][] {
  const form = options.normalizeUnicode === true ? "NFC" : options.normalizeUnicode;
  const most = options.maxCharacters;
  return [
    ...(form ? [["normalizeUnicode", (text: string) => text.normalize(form)] as const] : []),
    ...(options.stripMarkup === true ? [["stripMarkup", stripMarkup] as const] : []),
    ...(options.stripControl === true ? [["stripControl", stripControl] as const] : []),
    ...(options.collapseSpaces === true
      ? [["collapseSpaces", (text: string) => text.replace(/\s+/gu, " ")] as const]
      : []),
    ...(options.trim === true ? [["trim", (text: string) => text.trim()] as const] : []),
    ...(most === undefined ? [] : [["maxCharacters", (text: string) => capped(text, most)] as const]),
  ].map(([step, change]) => [step, change]);
}

function capped(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = Array.from(text);
  return characters.length <= most ? text : characters.slice(0, most).join("");
}

const MOST_EXAMPLES = 5;
const shown = (text: string): string => shortened(text, 160);

function changeTexts(
  dataset: Dataset,
  step: keyof CleanOptions,
  change: (text: string) => string,
): { next: Dataset; report: CleanStepReport } {
  const examples: { before: string; after: string }[] = [];
  let changed = 0;
  const next = dataset.map((row) => {
    const after = change(row.text);
    const second = row.textPair === undefined ? undefined : change(row.textPair);
    if (after !== row.text || second !== row.textPair) {
      changed++;
      if (examples.length < MOST_EXAMPLES)
        examples.push({ before: shown(textsOf(row)), after: shown(textsOf({ text: after, textPair: second })) });
    }
    return second === undefined ? { text: after } : { text: after, textPair: second };
  });
  return { next: changed === 0 ? dataset : next, report: { step, changed, dropped: 0, examples } };
}

function dropRows(
  dataset: Dataset,
  step: keyof CleanOptions,
  drop: (row: number) => boolean,
  steps: CleanStepReport[],
): Dataset {
  const kept: number[] = [];
  const examples: { before: string; after: undefined }[] = [];
  for (let row = 0; row < dataset.length; row++) {
    if (!drop(row)) kept.push(row);
    else if (examples.length < MOST_EXAMPLES) examples.push({ before: shown(dataset.text(row)), after: undefined });
  }
  steps.push({ step, changed: 0, dropped: dataset.length - kept.length, examples });
  return kept.length === dataset.length ? dataset : dataset.select(kept);
}

/** Both texts of a row as one, a line each. */
function textsOf({ text, textPair }: Pick<Row, "text" | "textPair">): string {
  return textPair === undefined ? text : `${text}\n${textPair}`;
}

function normalizedTexts({ text, textPair }: Row): string {
  return textPair === undefined ? normalizedText(text) : `${normalizedText(text)}\n${normalizedText(textPair)}`;
}

function dropDuplicates(dataset: Dataset, exact: boolean, steps: CleanStepReport[]): Dataset {
  const index = createTextIndex(dataset.length);
  return dropRows(
    dataset,
    "dropDuplicates",
    (row) => {
      const known = index.size;
      return index.number(exact ? textsOf(dataset.row(row)) : normalizedTexts(dataset.row(row))) < known;
    },
    steps,
  );
}

function resolveContradictions(dataset: Dataset, how: "majority" | "drop", steps: CleanStepReport[]): Dataset {
  if (dataset.targetKind === "labels" || dataset.targetKind === "number")
    fail("E_DATA", {
      where: dataset.source,
      option: "resolveLabels",
      expected: "one class for each row",
      got: dataset.targetKind === "number" ? "numbers" : "several classes in a row",
      fix: "leave this step out",
    });
  const index = createTextIndex(dataset.length);
  const groups = Int32Array.from({ length: dataset.length }, (_, row) =>
    index.number(normalizedTexts(dataset.row(row))),
  );
  const firstLabel = new Int32Array(index.size).fill(-2);
  const torn = new Map<number, Map<number, number>>();
  groups.forEach((group, row) => {
    const label = dataset.labelId(row);
    if (firstLabel[group] === -2) firstLabel[group] = label;
    else if (firstLabel[group] !== label) torn.set(group, new Map());
  });
  groups.forEach((group, row) => {
    const votes = torn.get(group);
    votes?.set(dataset.labelId(row), (votes.get(dataset.labelId(row)) ?? 0) + 1);
  });
  const verdicts = new Map([...torn].map(([group, votes]) => [group, how === "drop" ? undefined : winner(votes)]));
  const before = steps.length;
  const kept = dropRows(
    dataset,
    "resolveLabels",
    (row) => verdicts.has(groups[row] as number) && verdicts.get(groups[row] as number) === undefined,
    steps,
  );
  let changed = 0;
  const examples: { before: string; after: string }[] = [];
  const relabelled = kept.map((row) => {
    const verdict = verdicts.get(index.number(normalizedTexts(row)));
    if (verdict === undefined || verdict === dataset.labels.id(row.label ?? "")) return {};
    changed++;
    const label = dataset.labels.names[verdict] as string;
    if (examples.length < MOST_EXAMPLES)
      examples.push({ before: shown(`${row.label}: ${row.text}`), after: shown(`${label}: ${row.text}`) });
    return { label };
  });
  const dropped = steps[before] as CleanStepReport;
  steps[before] = { ...dropped, changed, examples: [...examples, ...dropped.examples].slice(0, MOST_EXAMPLES) };
  return changed === 0 ? kept : relabelled;
}

/** The label with the most votes; undefined where two have as many. */
function winner(votes: ReadonlyMap<number, number>): number | undefined {
  const ranked = [...votes].sort((a, b) => b[1] - a[1]);
  return ranked[0]?.[1] === ranked[1]?.[1] ? undefined : ranked[0]?.[0];
}

function checkOptions(options: CleanOptions): void {
  for (const name of Object.keys(options)) {
    if (!STEPS.some((step) => step === name))
      fail("E_CONFIG", {
        where: "clean",
        expected: "a step that exists",
        got: `"${name}"`,
        fix: didYouMean(name, STEPS),
      });
  }
  const { maxCharacters: most, normalizeUnicode: form, resolveLabels: how, dropDuplicates: which } = options;
  const wrong = (where: string, expected: string, got: unknown): never =>
    fail("E_CONFIG", { where: `clean, ${where}`, expected, got: String(got), fix: "choose one" });
  if (most !== undefined && !(Number.isInteger(most) && most > 0))
    wrong("maxCharacters", "a whole number from 1", most);
  if (form !== undefined && typeof form !== "boolean" && form !== "NFC" && form !== "NFKC")
    wrong("normalizeUnicode", '"NFC" or "NFKC"', form);
  if (how !== undefined && how !== "majority" && how !== "drop") wrong("resolveLabels", '"majority" or "drop"', how);
  if (which !== undefined && typeof which !== "boolean" && which !== "exact" && which !== "normalized")
    wrong("dropDuplicates", '"exact" or "normalized"', which);
  if (Object.values(options).every((value) => value === undefined || value === false))
    fail("E_CONFIG", {
      where: "clean",
      expected: "at least one step",
      got: "none",
      fix: `name some of ${STEPS.join(", ")}`,
    });
}

/** What a cleaning did, for a terminal. */
export function renderCleanText(cleaned: Cleaned): string {
  const lines = cleaned.steps.map(({ step, changed, dropped, examples }) => {
    const done = [
      ...(changed > 0 ? [`${changed.toLocaleString("en")} changed`] : []),
      ...(dropped > 0 ? [`${dropped.toLocaleString("en")} dropped`] : []),
    ];
    const shownExamples = examples
      .slice(0, 2)
      .map(
        ({ before, after }) =>
          `    ${JSON.stringify(before)}${after === undefined ? "" : ` → ${JSON.stringify(after)}`}`,
      );
    return [`  ${step}: ${done.length === 0 ? "nothing to do" : done.join(", ")}`, ...shownExamples].join("\n");
  });
  return `${cleaned.rowsBefore.toLocaleString("en")} rows before, ${cleaned.rowsAfter.toLocaleString("en")} after\n${lines.join("\n")}\n`;
}
