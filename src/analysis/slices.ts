/** Metrics of parts of a set: where a model is worse than elsewhere. */

import type { ChosenMetric } from "../metrics/choose-metric.js";
import { createMetrics, type MetricsOptions } from "../metrics/create-metrics.js";
import { type Outputs, selectRows } from "../metrics/outputs.js";
import type { Report } from "../metrics/report.js";

/** The rows that have a value in common. */
export interface Slice {
  /** What the rows of the slice have in common. */
  readonly value: string;
  readonly rows: number;
  /** The metric; undefined where the slice does not have it. */
  readonly metric: number | undefined;
  readonly report: Report;
}

/**
 * The rows of each value, those where the metric is worst first.
 *
 * @example
 * const sources = Array.from({ length: test.length }, (_, row) => String(test.value(row, "source")));
 * const slices = sliceBy(outputs, sources, chooseMetric("accuracy", outputs.family, outputs.labels));
 *
 * @param values the value of each row, [N]
 */
export function sliceBy(
  outputs: Outputs,
  values: readonly string[],
  metric: ChosenMetric,
  options: Pick<MetricsOptions, "threshold"> = {},
): Slice[] {
  const rowsOf = new Map<string, number[]>();
  for (const [row, value] of values.entries()) {
    const known = rowsOf.get(value);
    if (known === undefined) rowsOf.set(value, [row]);
    else known.push(row);
  }
  const sign = metric.better === "higher" ? 1 : -1;
  return [...rowsOf]
    .map(([value, rows]): Slice => {
      const some = selectRows(outputs, rows);
      const metrics = createMetrics(some.family, some.labels, { ...options, metrics: [metric.name] });
      metrics.update(some.targets, some.logits);
      const report = metrics.result();
      return { value, rows: rows.length, metric: metric.find(report), report };
    })
    .sort((a, b) => sign * ((a.metric ?? sign * Infinity) - (b.metric ?? sign * Infinity)) || b.rows - a.rows);
}

/**
 * Names for numbers, so that each name has about as many rows: the quarters of the numbers.
 *
 * @example
 * const lengths = quarters(Array.from(test, ({ text }) => text.length));
 *
 * @param numbers [N]; undefined where the value is missing
 */
export function quarters(numbers: readonly (number | undefined)[]): string[] {
  const sorted = numbers.filter((number) => number !== undefined).sort((a, b) => a - b);
  const bounds = [0.25, 0.5, 0.75].map((share) => sorted[Math.floor(share * (sorted.length - 1))]);
  return numbers.map((number) => {
    if (number === undefined) return "(missing)";
    const quarter = bounds.filter((bound) => number > bound).length;
    const from = quarter === 0 ? sorted[0] : bounds[quarter - 1];
    const to = quarter === 3 ? sorted[sorted.length - 1] : bounds[quarter];
    return quarter === 0 ? `${from} … ${to}` : `above ${from} … ${to}`;
  });
}
