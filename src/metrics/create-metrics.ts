/** Metrics over a whole set, fed batch by batch. */

import { fail } from "../base/errors.js";
import { chooseMetric } from "./choose-metric.js";
import { type CountsCollector, countRows } from "./class-counts.js";
import { thresholdsOf } from "./decide.js";
import type { AskedMetric, Metric } from "./define-metric.js";
import type { Family } from "./family.js";
import { keepNumbers, type NumbersCollector } from "./numbers.js";
import { logitsOfClasses } from "./outputs.js";
import { METRICS } from "./registry.js";
import { type ReportOf, reportOn } from "./report.js";
import { keepScores, type ScoresCollector } from "./scores.js";

/** What is measured, and how answers are read. */
export interface MetricsOptions {
  /**
   * Metrics beside those of every report, by name, or all that there are. Some keep the scores of all rows: 4 bytes
   * for each output of a row. None by default.
   */
  readonly metrics?: readonly string[] | "all" | undefined;
  /**
   * Probabilities from which on the answer is yes: one for two classes (that of the second), one for all labels or one
   * for each. By default the most probable class, and 0.5.
   */
  readonly threshold?: number | readonly number[] | undefined;
}

/** A stream of evaluated rows. */
export interface Metrics<F extends Family = Family> {
  readonly family: F;
  readonly labelNames: readonly string[];
  /**
   * Adds a batch.
   *
   * @param targets class ids [B] in [0, C) for `single-label` and `binary`; 0 and 1 [B, C] for `multi-label`; numbers
   *   [B, C] for `regression`
   * @param outputs what the model puts out, before softmax or sigmoid, row by row: [B, C], for `binary` [B, 1]
   * @throws E_SHAPE when the sizes do not fit, E_DATA for a target that cannot be, E_TRAINING for an output that is
   *   NaN or infinite; nothing of the batch is added then
   */
  update(targets: ArrayLike<number>, outputs: ArrayLike<number>): void;
  /** The report on all rows added so far. */
  result(): ReportOf<F>;
}

/**
 * Starts a stream of evaluated rows.
 *
 * @example
 * const metrics = createMetrics("single-label", ["ham", "spam"], { metrics: ["rocAuc"] });
 * metrics.update([0, 1], [2.1, -1.3, -0.4, 0.9]);
 * console.log(metrics.result().accuracy);
 *
 * @param labelNames class or label k is called `labelNames[k]`; of a regression its numbers
 * @throws E_CONFIG for a metric or a threshold that such a model cannot have
 */
export function createMetrics<F extends Family>(
  family: F,
  labelNames: readonly string[],
  options: MetricsOptions = {},
): Metrics<F> {
  const names = Object.freeze([...labelNames]);
  const asked = askedOf(family, names, options.metrics ?? []);
  const needs = new Set(asked.map(({ record }) => record.needs));
  const thresholds = thresholdsOf(family, names, options.threshold);
  const counted = family === "regression" ? undefined : countRows(family, names.length, thresholds);
  const kept = family === "regression" || !needs.has("scores") ? undefined : keepScores(family, names.length);
  const numbers = family === "regression" ? keepNumbers(names.length) : undefined;
  const collectors = [counted, kept, numbers].filter(
    (one): one is CountsCollector | ScoresCollector | NumbersCollector => one !== undefined,
  );
  let examples = 0;
  return {
    family,
    labelNames: names,
    update(targets, outputs) {
      const rows = checkRows(family, names.length, targets, outputs);
      const logits = logitsOfClasses(family, outputs);
      for (const collector of collectors) collector.add(targets, logits, rows);
      examples += rows;
    },
    result: () =>
      reportOn(family, names, asked, {
        examples,
        counts: counted?.counts(),
        scores: kept?.scores(),
        numbers: numbers?.numbers(),
      }) as ReportOf<F>,
  };
}

/** The metrics of every report and those that were asked for, in the order of the registry. */
function askedOf(family: Family, labelNames: readonly string[], names: readonly string[] | "all"): AskedMetric[] {
  const records: readonly Metric[] = METRICS;
  const always = records
    .filter(({ families, shown }) => families.includes(family) && (names === "all" || shown === "always"))
    .map(({ name }) => name);
  const asked = [...always, ...(names === "all" ? [] : names)].map((name) => chooseMetric(name, family, labelNames));
  const byField = new Map(asked.map(({ field, record, parameter }) => [field, { field, record, parameter }]));
  return [...byField.values()].sort((a, b) => records.indexOf(a.record) - records.indexOf(b.record));
}

/** The number of rows of a batch. @throws as {@link Metrics.update} says */
function checkRows(family: Family, labels: number, targets: ArrayLike<number>, outputs: ArrayLike<number>): number {
  const hasClassIds = family === "single-label" || family === "binary";
  const width = family === "binary" ? 1 : labels;
  const rows = outputs.length / width;
  if (!Number.isInteger(rows) || targets.length !== (hasClassIds ? rows : rows * width)) {
    fail("E_SHAPE", {
      where: "metrics",
      expected: `outputs of shape [B, ${width}] and as many targets`,
      got: `${outputs.length} outputs and ${targets.length} targets`,
      fix: "pass one target and one row of outputs per example",
    });
  }
  for (let i = 0; i < targets.length; i++) {
    const most = hasClassIds ? labels - 1 : 1;
    const target = targets[i];
    if (family === "regression" ? Number.isFinite(target) : Number.isInteger(target) && target >= 0 && target <= most)
      continue;
    fail("E_DATA", {
      where: `metrics, row ${hasClassIds ? i : Math.floor(i / width)} of the batch`,
      expected: family === "regression" ? "a number" : hasClassIds ? `a label id from 0 to ${most}` : "0 or 1",
      got: `${target}`,
      ...(family === "regression" ? {} : { fix: "map labels with the classifier's own label names" }),
    });
  }
  for (let i = 0; i < outputs.length; i++) {
    if (!Number.isFinite(outputs[i])) {
      fail("E_TRAINING", {
        where: `metrics, row ${Math.floor(i / width)} of the batch`,
        expected: "finite logits",
        got: `${outputs[i]}`,
        fix: "the weights are no longer numbers: train again with a lower learning rate",
      });
    }
  }
  return rows;
}
