/**
 * What a metric is: a record that says how a number follows from the sums over a whole set.
 *
 * A metric never sees a batch. It reads {@link ClassificationSums}, which batches and merges only add to, so
 * its value cannot depend on how the rows were cut into batches (the mean of batch-wise F1 scores is not an F1).
 */

import type { ClassCounts, ClassificationSums } from "./classification-sums.js";

/** Whether a larger value is the better one. */
export type Direction = "higher" | "lower";

interface MetricFacts {
  /** camelCase; the field of the report. */
  readonly name: string;
  /** How a table heads it. */
  readonly title: string;
  /** Other names of it in use: those of scikit-learn's scorers, Keras and Hugging Face. */
  readonly aliases: readonly string[];
  /** One sentence for help and documentation. */
  readonly summary: string;
  readonly unit: "share" | "nats" | "correlation";
  readonly better: Direction;
  /** The least and the greatest value possible, both included. */
  readonly range: readonly [least: number, greatest: number];
  /** The value for a set without rows. */
  readonly emptyValue: number;
  /** The reference implementation, and the choices that it leaves open. */
  readonly source: string;
}

/** A metric that is one number of the whole set. */
export interface ScalarMetric extends MetricFacts {
  readonly averaging: "none";
  /** The value; called only when there is at least one row. */
  readonly value: (sums: ClassificationSums) => number;
  /** What a table says beside the value, from the label names and the rows of each class. */
  readonly remark?: (labels: readonly string[], supports: readonly number[]) => string;
}

/**
 * A metric that every class has, as a ratio of counts. The averages follow from the ratio: macro is the plain mean
 * over all classes, weighted the mean by support, micro the ratio of the summed numerators and denominators.
 * A ratio without a denominator counts as `emptyValue`.
 */
export interface ClassMetric extends MetricFacts {
  readonly averaging: "macro, micro, weighted";
  readonly ratio: (counts: ClassCounts) => readonly [numerator: number, denominator: number];
}

/** Any record of the registry. */
export type Metric = ScalarMetric | ClassMetric;

/** Returns `metric`, frozen, with its own type kept. */
export function defineMetric<M extends Metric>(metric: M): Readonly<M> {
  return Object.freeze(metric);
}
