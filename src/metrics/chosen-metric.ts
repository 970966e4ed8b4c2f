/**
 * Metrics by name, for choosing the best epoch.
 *
 * A name is written as in the report (`accuracy`, `macroF1`, `weightedRecall`), as in scikit-learn (`f1_macro`,
 * `balanced_accuracy`), or as in Hugging Face and Keras with `eval_` or `val_` before it. `f1`, `precision` and
 * `recall` alone are the macro averages; `f1:spam` is that of the class `spam`.
 */

import { type ErrorCode, fail } from "../base/errors.js";
import { didYouMean } from "../base/nearest.js";
import type { ClassificationReport } from "./classification-metrics.js";
import type { ClassMetric, Direction, ScalarMetric } from "./define-metric.js";
import { classMetrics, scalarMetrics } from "./registry.js";

/** A number of the report and which way is up. */
export interface ChosenMetric {
  /** The one spelling of Textune: `loss`, `macroF1`, `f1:spam`, … */
  readonly name: string;
  readonly better: Direction;
  /** The value. @throws E_DATA when the report is of no rows, or does not have the class */
  readonly read: (report: ClassificationReport) => number;
}

const AVERAGES = ["macro", "micro", "weighted"] as const;
const DEFAULT_AVERAGE = "macro";

const byKey: ReadonlyMap<string, ChosenMetric> = new Map(allNames());

/** The names that {@link chooseMetric} knows, one spelling each, without those of single classes. */
export const metricNames: readonly string[] = Object.freeze([...new Set([...byKey.values()].map(({ name }) => name))]);

/**
 * The metric called `name`.
 *
 * @param labels the classes that a metric of one class may name; any by default
 * @throws E_CONFIG when there is none, with the nearest name
 */
export function chooseMetric(name: string, labels?: readonly string[]): ChosenMetric {
  const key = keyOf(name);
  const known = byKey.get(key);
  if (known !== undefined) return known;
  const colon = name.indexOf(":");
  const perClass = Object.entries<ClassMetric>(classMetrics).find(
    ([field]) => colon > 0 && field === keyOf(name.slice(0, colon)),
  );
  if (perClass !== undefined) {
    const label = name.slice(colon + 1);
    if (labels !== undefined && !labels.includes(label)) failForLabel(name, "E_CONFIG", label, labels);
    return ofClass(perClass[0] as keyof typeof classMetrics, perClass[1], label);
  }
  return fail("E_CONFIG", {
    where: `metric "${name}"`,
    expected: "the name of a metric",
    got: "an unknown one",
    fix: didYouMean(name, [...metricNames, ...Object.keys(classMetrics).map((field) => `${field}:LABEL`)]),
  });
}

/**
 * The value of the metric called `name` in `report`.
 *
 * @throws E_CONFIG when there is no such metric, E_DATA when the report is of no rows
 */
export function metricValue(report: ClassificationReport, name: string): number {
  return chooseMetric(name).read(report);
}

/** Whether `value` is better than `best`; an equal one is not, so that the earliest of equal epochs is kept. */
export function isBetter(metric: Pick<ChosenMetric, "better">, value: number, best: number): boolean {
  return metric.better === "higher" ? value > best : value < best;
}

function allNames(): [key: string, metric: ChosenMetric][] {
  const names: [string, ChosenMetric][] = [];
  for (const [field, metric] of Object.entries<ScalarMetric>(scalarMetrics)) {
    const chosen = onRows(metric.name, metric.better, (report) => report[field as keyof typeof scalarMetrics]);
    for (const name of [metric.name, ...metric.aliases]) names.push([keyOf(name), chosen]);
  }
  for (const [field, metric] of Object.entries<ClassMetric>(classMetrics)) {
    for (const average of AVERAGES) {
      const name = `${average}${field.charAt(0).toUpperCase()}${field.slice(1)}`;
      const chosen = onRows(name, metric.better, (report) => report[average][field as keyof typeof classMetrics]);
      for (const own of [metric.name, ...metric.aliases]) {
        names.push([keyOf(`${average}${own}`), chosen], [keyOf(`${own}${average}`), chosen]);
        if (average === DEFAULT_AVERAGE) names.push([keyOf(own), chosen]);
      }
    }
  }
  return names;
}

function ofClass(field: keyof typeof classMetrics, metric: ClassMetric, label: string): ChosenMetric {
  return onRows(`${metric.name}:${label}`, metric.better, (report) => {
    const found = report.perClass.find((one) => one.label === label);
    if (found !== undefined) return found[field];
    const labels = report.perClass.map((one) => one.label);
    return failForLabel(`${metric.name}:${label}`, "E_DATA", label, labels);
  });
}

function failForLabel(metric: string, code: ErrorCode, label: string, labels: readonly string[]): never {
  return fail(code, {
    where: `metric "${metric}"`,
    expected: "a label of the classifier",
    got: `"${label}"`,
    fix: didYouMean(label, labels),
  });
}

function onRows(name: string, better: Direction, read: (report: ClassificationReport) => number): ChosenMetric {
  return Object.freeze({
    name,
    better,
    read: (report: ClassificationReport) => {
      // The empty loss, 0, would otherwise look like the best of all.
      if (report.examples === 0)
        fail("E_DATA", {
          where: `metric "${name}"`,
          expected: "at least one evaluated row",
          got: "0",
          fix: "evaluate on a set that has rows",
        });
      return read(report);
    },
  });
}

/** One key for all spellings: without prefix, case, underscores, hyphens and spaces. */
function keyOf(name: string): string {
  return name
    .trim()
    .replace(/^(eval|val)[_-]/i, "")
    .replace(/[\s_-]/g, "")
    .toLowerCase();
}
