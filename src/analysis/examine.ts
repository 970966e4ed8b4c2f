/** A whole look at what a model put out: temperature and threshold found, the report, its interval, slices. */

import { type ChosenMetric, chooseMetric } from "../metrics/choose-metric.js";
import { createMetrics, type MetricsOptions } from "../metrics/create-metrics.js";
import type { Decision } from "../metrics/decide.js";
import { atTemperature, type Outputs } from "../metrics/outputs.js";
import { sigmoid } from "../metrics/probability.js";
import type { Report } from "../metrics/report.js";
import { confidenceInterval, type Interval, type IntervalOptions } from "./confidence-interval.js";
import { type FoundThreshold, findThreshold, type ThresholdGoal } from "./find-threshold.js";
import { type Slice, sliceBy } from "./slices.js";
import { fitTemperature } from "./temperature.js";

export interface ExamineOptions extends MetricsOptions {
  /** How outputs are read so far; a `threshold` of the options goes before it. */
  readonly decision: Decision;
  /** Whether to find the temperature. */
  readonly calibrate?: boolean;
  /** Whether to find the threshold, and for what. */
  readonly findThreshold?: ThresholdGoal | undefined;
  /** Of which metric the interval is, and how it is drawn; without it there is none. */
  readonly interval?: (Omit<IntervalOptions, "threshold"> & { readonly metric: string }) | undefined;
  /** The value of each row by which slices are made, [N], and the metric by which they are ordered. */
  readonly slices?: { readonly values: readonly string[]; readonly metric: string } | undefined;
}

export interface Examination {
  /** How outputs are read with what was found. */
  readonly decision: Decision;
  /** The outputs as `decision` reads them: at its temperature. */
  readonly outputs: Outputs;
  readonly report: Report;
  /** The temperature that was found, with the loss before it. */
  readonly calibration?: { readonly temperature: number; readonly lossBefore: number };
  /** For each label that has a threshold. */
  readonly thresholds?: readonly FoundThreshold[];
  readonly interval?: Interval & { readonly metric: string };
  readonly slices?: readonly Slice[];
}

/**
 * Examines raw outputs: finds the temperature and, at it, the threshold, where they are asked for, and measures with
 * both. A threshold that stays keeps its answers at another temperature.
 *
 * @throws E_CONFIG for what such a model cannot have, E_DATA where a goal is not reached
 */
export async function examine(raw: Outputs, options: ExamineOptions): Promise<Examination> {
  const { decision, metrics, interval, slices } = options;
  const metricOf = (name: string): ChosenMetric => chooseMetric(name, raw.family, raw.labels);
  const before = decision.temperature ?? 1;
  const temperature = options.calibrate === true ? fitTemperature(raw) : before;
  const outputs = atTemperature(raw, temperature);
  const thresholds = options.findThreshold === undefined ? undefined : findThreshold(outputs, options.findThreshold);
  const threshold =
    thresholds === undefined
      ? (options.threshold ?? moved(decision.threshold, before / temperature))
      : onlyOne(thresholds.map((found) => found.threshold));
  const reportOf = (some: Outputs, asked: MetricsOptions): Report => {
    const measured = createMetrics(some.family, some.labels, asked);
    measured.update(some.targets, some.logits);
    return measured.result();
  };
  return {
    decision: {
      ...(temperature === 1 ? {} : { temperature }),
      ...(threshold === undefined ? {} : { threshold }),
    },
    outputs,
    report: reportOf(outputs, { metrics, threshold }),
    ...(options.calibrate === true
      ? { calibration: { temperature, lossBefore: reportOf(atTemperature(raw, before), {}).loss } }
      : {}),
    ...(thresholds === undefined ? {} : { thresholds }),
    ...(interval === undefined
      ? {}
      : {
          interval: {
            metric: metricOf(interval.metric).name,
            ...(await confidenceInterval(outputs, metricOf(interval.metric), { ...interval, threshold })),
          },
        }),
    ...(slices === undefined
      ? {}
      : { slices: sliceBy(outputs, slices.values, metricOf(slices.metric), { threshold }) }),
  };
}

/** The threshold that gives, where logits are `factor` times as large, the answers that `threshold` gave. */
function moved(threshold: Decision["threshold"], factor: number): Decision["threshold"] {
  if (threshold === undefined || factor === 1) return threshold;
  const one = (probability: number): number => sigmoid(factor * Math.log(probability / (1 - probability)));
  return typeof threshold === "number" ? one(threshold) : threshold.map(one);
}

const onlyOne = (thresholds: readonly number[]): number | readonly number[] =>
  thresholds.length === 1 ? thresholds[0] : thresholds;
