/** Metrics of a classifier over a whole set, fed batch by batch in constant memory. */

import { fail } from "../base/errors.js";
import {
  addRows,
  addSums,
  type ClassCounts,
  type ClassificationSums,
  classCounts,
  emptySums,
} from "./classification-sums.js";
import type { ClassMetric, ScalarMetric } from "./define-metric.js";
import { classMetrics, scalarMetrics } from "./registry.js";

/** One value for each metric that is one number of the whole set. */
export type ScalarValues = { readonly [name in keyof typeof scalarMetrics]: number };

/** One value for each metric that every class has: precision, recall, F1. */
export type ClassValues = { readonly [name in keyof typeof classMetrics]: number };

/** The values of one class. */
export type ClassReport = ClassValues & {
  readonly label: string;
  /** Rows of this class. */
  readonly support: number;
};

/** What a classifier did on a set; plain values, the same after JSON. */
export interface ClassificationReport extends ScalarValues {
  /** Rows evaluated; when 0, every metric has its empty value, 0. */
  readonly examples: number;
  /** Plain mean over all classes. */
  readonly macro: ClassValues;
  /** Ratios of the counts summed over all classes; with one label a row all three equal the accuracy. */
  readonly micro: ClassValues;
  /** Mean over the classes, each weighted by its rows. */
  readonly weighted: ClassValues;
  /** In the order of the label names, [C]. */
  readonly perClass: readonly ClassReport[];
  /** Rows by true class (row) and predicted class (column), [C, C]. */
  readonly confusion: readonly (readonly number[])[];
}

/** A stream of classified rows, reduced to sums. */
export interface ClassificationMetrics {
  readonly labelNames: readonly string[];
  readonly sums: Readonly<ClassificationSums>;
  /**
   * Adds a batch.
   *
   * @param labelIds true classes, [B], integers in [0, C)
   * @param logits scores before softmax, [B, C] float32, row by row
   * @param count how many leading rows count, when the arrays are larger than the batch; all by default
   * @throws E_SHAPE when the sizes do not fit, E_DATA for an unknown label id, E_TRAINING for a logit that is
   *   NaN or infinite; nothing of the batch is added then
   */
  update(labelIds: ArrayLike<number>, logits: Float32Array, count?: number): void;
  /** Adds what `other` has seen. @throws E_SHAPE when its label names differ */
  merge(other: ClassificationMetrics): void;
  /** The report on all rows added so far. */
  result(): ClassificationReport;
}

/** Starts a stream of classified rows; class k is called `labelNames[k]`. */
export function createClassificationMetrics(labelNames: readonly string[]): ClassificationMetrics {
  const names = Object.freeze([...labelNames]);
  const sums = emptySums(names.length);
  return {
    labelNames: names,
    sums,
    update: (labelIds, logits, count) => {
      if (count === undefined && logits.length !== labelIds.length * names.length) {
        fail("E_SHAPE", {
          where: "metrics",
          expected: `logits of shape [${labelIds.length}, ${names.length}]`,
          got: `${logits.length} logits`,
          fix: "pass one row of logits per label, or say by count how many rows are real",
        });
      }
      addRows(sums, labelIds, logits, count ?? labelIds.length);
    },
    merge: (other) => {
      if (other.labelNames.length !== names.length || other.labelNames.some((name, k) => name !== names[k])) {
        fail("E_SHAPE", {
          where: "metrics",
          expected: `the labels ${names.join(", ")}`,
          got: other.labelNames.join(", "),
          fix: "merge metrics of one classifier only",
        });
      }
      addSums(sums, other.sums);
    },
    result: () => report(names, sums),
  };
}

function report(labelNames: readonly string[], sums: ClassificationSums): ClassificationReport {
  const counts = classCounts(sums);
  const { classes, confusion, examples } = sums;
  const average = (of: (metric: ClassMetric) => number): ClassValues => mapValues(classMetrics, of);
  return {
    examples,
    ...mapValues(scalarMetrics, (metric: ScalarMetric) => (examples === 0 ? metric.emptyValue : metric.value(sums))),
    macro: average((metric) =>
      mean(
        counts,
        (c) => ratioOf(metric, c),
        () => 1,
      ),
    ),
    micro: average((metric) => ratioOfSums(metric, counts)),
    weighted: average((metric) =>
      mean(
        counts,
        (c) => ratioOf(metric, c),
        ({ support }) => support,
      ),
    ),
    perClass: counts.map((c, k) => ({
      label: labelNames[k] as string,
      ...mapValues(classMetrics, (metric: ClassMetric) => ratioOf(metric, c)),
      support: c.support,
    })),
    confusion: Array.from({ length: classes }, (_, k) => [...confusion.subarray(k * classes, (k + 1) * classes)]),
  };
}

function ratioOf(metric: ClassMetric, counts: ClassCounts): number {
  return divide(metric.ratio(counts), metric.emptyValue);
}

function ratioOfSums(metric: ClassMetric, counts: readonly ClassCounts[]): number {
  const ratios = counts.map((c) => metric.ratio(c));
  const sum = (part: 0 | 1): number => ratios.reduce((total, ratio) => total + ratio[part], 0);
  return divide([sum(0), sum(1)], metric.emptyValue);
}

function mean(
  counts: readonly ClassCounts[],
  value: (c: ClassCounts) => number,
  weight: (c: ClassCounts) => number,
): number {
  const total = counts.reduce((sum, c) => sum + weight(c), 0);
  return divide([counts.reduce((sum, c) => sum + weight(c) * value(c), 0), total], 0);
}

function divide([numerator, denominator]: readonly [number, number], whenZero: number): number {
  return denominator === 0 ? whenZero : numerator / denominator;
}

/** The object with the keys of `records` and `of(record)` for values. */
function mapValues<K extends string, R>(records: Readonly<Record<K, R>>, of: (record: R) => number): Record<K, number> {
  return Object.fromEntries(Object.entries<R>(records).map(([key, record]) => [key, of(record)])) as Record<K, number>;
}
