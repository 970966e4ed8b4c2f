/**
 * Metrics by name, for choosing the best epoch and for asking for more of them in a report.
 *
 * A name is written as in the report (`accuracy`, `macroF1`, `weightedRecall`), as in scikit-learn (`f1_macro`,
 * `balanced_accuracy`), or as in Hugging Face and Keras with `eval_` or `val_` before it. `f1`, `precision` and
 * `recall` alone are the macro averages; `f1:spam` is that of the class `spam`; `precisionAtRecall@0.9` is that at
 * another recall than 0.5.
 */

import { fail } from "../base/errors.js";
import { didYouMean } from "../base/nearest.js";
import type { AskedMetric, Direction, Metric } from "./define-metric.js";
import type { Family } from "./family.js";
import { METRICS } from "./registry.js";
import type { AnyReport, Averages, Report } from "./report.js";

const RECORDS: readonly Metric[] = METRICS;
const AVERAGES = ["macro", "micro", "weighted"] as const;
const DEFAULT_AVERAGE = "macro";
const NAMES_AVERAGE = /^(macro|micro|weighted)|(macro|micro|weighted)$/;

/** A number of the report and which way is up. */
export interface ChosenMetric extends AskedMetric {
  /** The one spelling of Textune: `loss`, `macroF1`, `f1:spam`, … */
  readonly name: string;
  readonly better: Direction;
  /** The value. @throws E_DATA when the report is of no rows, or does not have the class or the metric */
  readonly read: (report: Report) => number;
  /** The value, undefined where the report does not have it. @throws E_DATA when the report does not have the class */
  readonly find: (report: Report) => number | undefined;
}

interface Known {
  readonly record: Metric;
  readonly average?: keyof Averages | undefined;
  /** The one spelling, without parameter and label. */
  readonly name: string;
}

const FAMILIES: readonly Family[] = ["single-label", "binary", "multi-label", "regression"];
const byFamily: ReadonlyMap<Family, ReadonlyMap<string, Known>> = new Map(
  FAMILIES.map((family) => [family, namesOf(RECORDS.filter(({ families }) => families.includes(family)))]),
);

/**
 * The names of the metrics of a family, one spelling each, without parameters and single classes.
 *
 * @example
 * console.log(metricNames("multi-label"));
 */
export function metricNames(family: Family): readonly string[] {
  return [...new Set([...knownTo(family).values()].map(({ name }) => name))];
}

/**
 * The metric called `name`.
 *
 * @example
 * const f1OfSpam = chooseMetric("f1:spam", "single-label", ["ham", "spam"]);
 *
 * @param family what the model is for
 * @param labelNames the classes, where they are known: a class that is none of them is refused
 * @throws E_CONFIG when there is none, or none of such a model, with the nearest name
 */
export function chooseMetric(name: string, family: Family, labelNames?: readonly string[]): ChosenMetric {
  const colon = name.indexOf(":");
  const [head, label] = colon < 0 ? [name, undefined] : [name.slice(0, colon), name.slice(colon + 1)];
  const at = head.indexOf("@");
  const base = at < 0 ? head : head.slice(0, at);
  const { record, average, name: spelling } = knownTo(family).get(keyOf(base)) ?? unknown(name, base, family);
  const parameter = parameterOf(record, name, at < 0 ? undefined : head.slice(at + 1));
  const suffix = parameter === record.parameter?.default || record.parameter === undefined ? "" : `@${parameter}`;
  const asked = { record, parameter, field: `${record.name}${suffix}`, better: record.better };
  if (label === undefined) {
    const read = (report: AnyReport): unknown => (average === undefined ? report : report[average])?.[asked.field];
    return chosen({ ...asked, name: `${spelling}${suffix}` }, read);
  }
  if (record.averaging !== "classes" || NAMES_AVERAGE.test(keyOf(base))) {
    fail("E_CONFIG", {
      where: `metric "${name}"`,
      expected: "a metric that every class has",
      got: `${spelling}, which is one number of the whole set`,
      fix: `write ${RECORDS.filter((one) => one.averaging === "classes" && one.families.includes(family))
        .map((one) => `${one.name}:LABEL`)
        .join(", ")}`,
    });
  }
  if (labelNames !== undefined && !labelNames.includes(label)) fail("E_CONFIG", noSuchLabel(name, label, labelNames));
  return chosen({ ...asked, name: `${asked.field}:${label}` }, (report) => {
    const found = report.perClass?.find((one) => one.label === label);
    return found === undefined
      ? fail(
          "E_DATA",
          noSuchLabel(
            name,
            label,
            (report.perClass ?? []).map((one) => String(one.label)),
          ),
        )
      : found[asked.field];
  });
}

/** Whether `value` is better than `best`; an equal one is not, so that the earliest of equal epochs is kept. */
export function isBetter(metric: Pick<ChosenMetric, "better">, value: number, best: number): boolean {
  return metric.better === "higher" ? value > best : value < best;
}

function knownTo(family: Family): ReadonlyMap<string, Known> {
  return byFamily.get(family) as ReadonlyMap<string, Known>;
}

function namesOf(records: readonly Metric[]): Map<string, Known> {
  const names = new Map<string, Known>();
  for (const record of records) {
    const own = [record.name, ...record.aliases];
    if (record.averaging === "none") {
      for (const name of own) names.set(keyOf(name), { record, name: record.name });
      continue;
    }
    for (const average of AVERAGES) {
      const known = {
        record,
        average,
        name: `${average}${record.name.charAt(0).toUpperCase()}${record.name.slice(1)}`,
      };
      for (const name of own) {
        names.set(keyOf(`${average}${name}`), known);
        names.set(keyOf(`${name}${average}`), known);
        if (average === DEFAULT_AVERAGE) names.set(keyOf(name), known);
      }
    }
  }
  return names;
}

function unknown(name: string, base: string, family: Family): never {
  const elsewhere = FAMILIES.filter((other) => knownTo(other).has(keyOf(base)));
  const names = [...metricNames(family), ...RECORDS.filter(isOfClasses(family)).map((one) => `${one.name}:LABEL`)];
  return fail("E_CONFIG", {
    where: `metric "${name}"`,
    expected: `the name of a metric of a ${family} model`,
    got: elsewhere.length === 0 ? "an unknown one" : `one of ${elsewhere.join(" and ")} models`,
    fix: didYouMean(name, names),
  });
}

const isOfClasses =
  (family: Family) =>
  ({ averaging, families }: Metric): boolean =>
    averaging === "classes" && families.includes(family);

/** What a name carries after its @, checked. */
function parameterOf({ parameter, name: own }: Metric, name: string, written: string | undefined): number {
  if (written === undefined) return parameter?.default ?? Number.NaN;
  const value = written.trim() === "" ? Number.NaN : Number(written);
  const [least, greatest] = parameter?.range ?? [];
  if (parameter === undefined || !(value >= parameter.range[0] && value <= parameter.range[1])) {
    fail("E_CONFIG", {
      where: `metric "${name}"`,
      expected: parameter === undefined ? "no number" : `${parameter.title} from ${least} to ${greatest} after @`,
      got: `"${written}"`,
      fix: `write ${own}${parameter === undefined ? "" : `@${parameter.default}`}`,
    });
  }
  return value;
}

function chosen(facts: Omit<ChosenMetric, "read" | "find">, valueIn: (report: AnyReport) => unknown): ChosenMetric {
  const { name } = facts;
  const find = (report: Report): number | undefined => {
    const value = valueIn(report as unknown as AnyReport);
    return typeof value === "number" ? value : undefined;
  };
  return Object.freeze({
    ...facts,
    find,
    read: (report: Report) => {
      // The empty loss, 0, would otherwise look like the best of all.
      if (report.examples === 0)
        fail("E_DATA", {
          where: `metric "${name}"`,
          expected: "at least one evaluated row",
          got: "0",
          fix: "evaluate on a set that has rows",
        });
      return (
        find(report) ??
        fail("E_DATA", {
          where: `metric "${name}"`,
          expected: "a report that has it",
          got: "none",
          fix: "ask for it when evaluating; a class without rows may have none",
        })
      );
    },
  });
}

function noSuchLabel(name: string, label: string, labels: readonly string[]) {
  return {
    where: `metric "${name}"`,
    expected: "a label of the classifier",
    got: `"${label}"`,
    fix: didYouMean(label, labels),
  };
}

/** One key for all spellings: without prefix, case, underscores, hyphens and spaces. */
function keyOf(name: string): string {
  return name
    .trim()
    .replace(/^(eval|val)[_-]/i, "")
    .replace(/[\s_-]/g, "")
    .toLowerCase();
}
