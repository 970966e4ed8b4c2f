/** How far a metric may be from the truth, as a set is only a sample: the bootstrap. */

import { fail } from "../base/errors.js";
import { createRandom, DEFAULT_SEED } from "../base/random.js";
import { stopIfAborted } from "../base/stop-if-aborted.js";
import type { ChosenMetric } from "../metrics/choose-metric.js";
import type { MetricsOptions } from "../metrics/create-metrics.js";
import { measure } from "../metrics/measure.js";
import { type Outputs, selectRows } from "../metrics/outputs.js";

/** How an interval is drawn. */
export interface IntervalOptions extends Pick<MetricsOptions, "threshold"> {
  /** Samples drawn; 1,000 by default. */
  readonly samples?: number;
  /** Share of samples whose value lies in the interval; 0.95 by default. */
  readonly level?: number;
  /** Seed of the drawing; 42 by default. */
  readonly seed?: number;
  /** Called after each sample. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the drawing. */
  readonly signal?: AbortSignal | undefined;
}

/** Rows that are drawn without a pause: some hundredths of a second. */
const ROWS_AT_ONCE = 100_000;

/** A value and between what it probably lies. */
export interface Interval {
  /** On all rows. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
}

/**
 * The value of `metric` on `outputs` and its percentile bootstrap interval: rows are drawn with replacement, as many as
 * there are, `samples` times; the interval leaves out the same share of the lowest and the highest values. Samples that do
 * not have the metric are left out.
 *
 * It says how much of a difference may be the choice of rows. What a training with another seed would change, it
 * does not know.
 *
 * @example
 * const { value, low, high } = await confidenceInterval(outputs, chooseMetric("macroF1", outputs.family, outputs.labels));
 *
 * @throws E_DATA when the rows do not have the metric
 * @source Efron and Tibshirani 1993, section 13.3; scipy.stats.bootstrap, method="percentile"
 */
export async function confidenceInterval(
  outputs: Outputs,
  metric: ChosenMetric,
  options: IntervalOptions = {},
): Promise<Interval> {
  const { samples = 1000, level = 0.95, seed = DEFAULT_SEED, threshold } = options;
  const value =
    measure(outputs, metric, threshold) ??
    fail("E_DATA", {
      where: `the interval of ${metric.name}`,
      expected: "rows that have it",
      got: outputs.rows === 0 ? "no rows" : "none",
      fix: "evaluate on more rows",
    });
  const random = createRandom(seed).fork("bootstrap");
  const drawn: number[] = [];
  let untilPause = ROWS_AT_ONCE;
  for (let i = 0; i < samples; i++) {
    const chosen = Uint32Array.from({ length: outputs.rows }, () => random.integer(outputs.rows));
    const one = measure(selectRows(outputs, chosen), metric, threshold);
    // Few rows may be drawn without one of the classes.
    if (one !== undefined) drawn.push(one);
    options.onProgress?.(i + 1, samples);
    // On many rows samples take seconds: who waits can stop, and a server goes on meanwhile.
    untilPause -= outputs.rows;
    if (untilPause <= 0) {
      await new Promise((resolve) => setTimeout(resolve));
      untilPause = ROWS_AT_ONCE;
    }
    stopIfAborted(options.signal, "interval");
  }
  const values = Float64Array.from(drawn).sort();
  return { value, low: quantile(values, (1 - level) / 2), high: quantile(values, (1 + level) / 2), level };
}

/** The quantile `share` of sorted numbers, between two of them by straight lines. @source numpy.quantile, linear */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
