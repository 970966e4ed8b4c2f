/** What was measured of a set, as plain values that are the same after JSON. */

import type { Counts } from "./class-counts.js";
import type { AskedMetric, Metric } from "./define-metric.js";
import type { Family } from "./family.js";
import type { Numbers } from "./numbers.js";
import type { METRICS } from "./registry.js";
import type { Scores } from "./scores.js";

type Registered = (typeof METRICS)[number];
type OfFamily<R, F> = R extends { readonly families: readonly (infer G)[] } ? (F extends G ? R : never) : never;
type Name<F, A, S> = Extract<OfFamily<Registered, F>, { readonly averaging: A; readonly shown: S }>["name"];

/** One number for each metric: those of every report, and those that were asked for. */
type Fields<F extends Family, A> = { readonly [name in Name<F, A, "always">]: number } & {
  readonly [name in Name<F, A, "when asked">]?: number;
} & { readonly [asked: `${string}@${number}`]: number };

/** One value for each metric that every class has: precision, recall, F1. */
export type ClassValues = Fields<"single-label" | "multi-label", "classes">;

/** The values of one class or label. A metric that the class does not have, as it has no rows, is left out. */
export type ClassReport = ClassValues & {
  readonly label: string;
  /** Rows of this class. */
  readonly support: number;
};

/** What classes have, as means over all of them. */
export interface Averages {
  /** Plain mean over all classes. */
  readonly macro: ClassValues;
  /** Of the counts or scores of all classes together; with one label a row, precision, recall and F1 are the accuracy. */
  readonly micro: ClassValues;
  /** Mean over the classes, each weighted by its rows. */
  readonly weighted: ClassValues;
}

interface Facts<F extends Family> {
  readonly family: F;
  /** Rows evaluated; when 0, every metric is 0. */
  readonly examples: number;
}

/** What a classifier did on a set. */
export type ClassificationReport = Facts<"single-label" | "binary"> &
  Fields<"single-label" | "binary", "none"> &
  Averages & {
    /** In the order of the label names, [C]. */
    readonly perClass: readonly ClassReport[];
    /** Rows by true class (row) and predicted class (column), [C, C]. */
    readonly confusion: readonly (readonly number[])[];
  };

/** What a classifier of several labels a row did on a set. */
export type MultiLabelReport = Facts<"multi-label"> &
  Fields<"multi-label", "none"> &
  Averages & {
    /** In the order of the label names, [C]. */
    readonly perClass: readonly ClassReport[];
  };

/** What a regression did on a set. */
export type RegressionReport = Facts<"regression"> & Fields<"regression", "none">;

/** What a model did on a set, whatever its task. */
export type Report = ClassificationReport | MultiLabelReport | RegressionReport;

/** The report of a family. */
export type ReportOf<F extends Family> = F extends "regression"
  ? RegressionReport
  : F extends "multi-label"
    ? MultiLabelReport
    : ClassificationReport;

/** A report read by the names of its fields. */
export type AnyReport = { readonly [field: string]: unknown } & {
  readonly [average in keyof Averages]?: Readonly<Record<string, unknown>>;
} & { readonly perClass?: readonly Readonly<Record<string, unknown>>[] };

/** What was kept of a set; what no metric asked for is not there. */
export interface Evidence {
  readonly examples: number;
  readonly counts?: Counts | undefined;
  readonly scores?: Scores | undefined;
  /** Of each output, [C]. */
  readonly numbers?: readonly Numbers[] | undefined;
}

/** The report of `asked` metrics from what was kept. */
export function reportOn(
  family: Family,
  labelNames: readonly string[],
  asked: readonly AskedMetric[],
  evidence: Evidence,
): Report {
  const { examples, counts } = evidence;
  const report = {
    family,
    examples,
    ...fields(asked.filter(isOfWhole), (one) => (examples === 0 ? 0 : valueOfWhole(one, evidence))),
  };
  if (counts === undefined) return report as unknown as Report;
  const ofClasses = asked.filter(isOfClasses);
  const perClass = counts.classes.map(({ support }, c) => ({
    support,
    values: fields(ofClasses, (one) => valueOfClass(one, evidence, c)),
  }));
  const average = (weightOf: (support: number) => number): Record<string, number> =>
    fields(ofClasses, ({ field }) => {
      const present = perClass.filter(({ values }) => values[field] !== undefined);
      const total = present.reduce((sum, { support }) => sum + weightOf(support), 0);
      return divide(
        present.reduce((sum, { support, values }) => sum + weightOf(support) * values[field], 0),
        total,
      );
    });
  return {
    ...report,
    macro: average(() => 1),
    micro: fields(ofClasses, (one) => valueOfAll(one, evidence)),
    weighted: average((support) => support),
    perClass: perClass.map(({ support, values }, c) => ({ label: labelNames[c], ...values, support })),
    ...(family === "multi-label" ? {} : { confusion: counts.confusion }),
  } as unknown as Report;
}

type Asked<A extends Metric["averaging"]> = AskedMetric & { readonly record: Extract<Metric, { averaging: A }> };
const isOfWhole = (one: AskedMetric): one is Asked<"none"> => one.record.averaging === "none";
const isOfClasses = (one: AskedMetric): one is Asked<"classes"> => one.record.averaging === "classes";

/** The value of a metric that is one number of the whole set. */
function valueOfWhole({ record, parameter }: Asked<"none">, { counts, scores, numbers }: Evidence): number {
  if (record.needs === "counts") return record.value(counts as Counts, parameter);
  if (record.needs === "scores") return record.value(scores as Scores, parameter);
  const columns = numbers as readonly Numbers[];
  return columns.reduce((sum, column) => sum + record.value(column, parameter), 0) / columns.length;
}

function valueOfClass(
  { record, parameter }: Asked<"classes">,
  { counts, scores }: Evidence,
  c: number,
): number | undefined {
  return record.needs === "counts"
    ? divide(...record.ratio((counts as Counts).classes[c], parameter))
    : record.ofClass((scores as Scores).ranking(c), parameter);
}

/** The micro average. */
function valueOfAll({ record, parameter }: Asked<"classes">, { counts, scores }: Evidence): number | undefined {
  if (record.needs === "scores") return record.ofClass((scores as Scores).rankingOfAll(), parameter);
  const ratios = (counts as Counts).classes.map((one) => record.ratio(one, parameter));
  const sum = (part: 0 | 1): number => ratios.reduce((total, ratio) => total + ratio[part], 0);
  return divide(sum(0), sum(1));
}

function divide(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}

/** An object of the values that there are, by their fields. */
function fields<A extends AskedMetric>(
  asked: readonly A[],
  valueOfOne: (one: A) => number | undefined,
): Record<string, number> {
  const entries = asked.map((one) => [one.field, valueOfOne(one)] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, number] => entry[1] !== undefined));
}
