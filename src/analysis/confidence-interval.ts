/** How far a metric may be from the truth, as a set is only a sample: the bootstrap. */

import { createRandom } from "../base/random.js";
import type { ChosenMetric } from "../metrics/choose-metric.js";
import { createMetrics, type MetricsOptions } from "../metrics/create-metrics.js";
import { type Outputs, selectRows } from "../metrics/outputs.js";

/** How an interval is drawn. */
export interface IntervalOptions extends Pick<MetricsOptions, "threshold"> {
  /** Samples drawn; 1,000 by default. */
  readonly samples?: number;
  /** Share of samples whose value lies in the interval; 0.95 by default. */
  readonly level?: number;
  /** Seed of the drawing; 42 by default. */
  readonly seed?: number;
  /** Called after each sample; a sample may take long on many rows. */
  readonly onProgress?: (done: number, total: number) => void;
}

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
 * there are, `samples` times; the interval leaves out the same share of the lowest and the highest values.
 *
 * It says how much of a difference may be the choice of rows. What a training with another seed would change, it
 * does not know.
 *
 * @example
 * const { value, low, high } = confidenceInterval(outputs, chooseMetric("macroF1", outputs.family, outputs.labels));
 *
 * @throws E_DATA when there are no rows
 * @source Efron and Tibshirani 1993, section 13.3; scipy.stats.bootstrap, method="percentile"
 */
export function confidenceInterval(outputs: Outputs, metric: ChosenMetric, options: IntervalOptions = {}): Interval {
  const { samples = 1000, level = 0.95, seed = 42, threshold } = options;
  const measure = (some: Outputs): number => {
    const metrics = createMetrics(some.family, some.labels, { metrics: [metric.name], threshold });
    metrics.update(some.targets, some.logits);
    return metric.read(metrics.result());
  };
  const value = measure(outputs);
  const random = createRandom(seed).fork("bootstrap");
  const values = new Float64Array(samples);
  for (let i = 0; i < samples; i++) {
    const chosen = Uint32Array.from({ length: outputs.rows }, () => random.integer(outputs.rows));
    values[i] = measure(selectRows(outputs, chosen));
    options.onProgress?.(i + 1, samples);
  }
  values.sort();
  return { value, low: quantile(values, (1 - level) / 2), high: quantile(values, (1 + level) / 2), level };
}

/** The quantile `share` of sorted numbers, between two of them by straight lines. @source numpy.quantile, linear */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
