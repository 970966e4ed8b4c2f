/**
 * What a metric is: a record that says which tasks have it, what it has to know of the rows, and how its number
 * follows.
 *
 * A metric never sees a batch. It reads what was kept of the whole set: counts, which take constant memory; the scores
 * of every row; or the numbers of every row. So its value cannot depend on how the rows were cut into batches (the mean
 * of batch-wise F1 scores is not an F1).
 */

import type { ClassCounts, Counts } from "./class-counts.js";
import type { Family } from "./family.js";
import type { Numbers } from "./numbers.js";
import type { Ranking } from "./ranking.js";
import type { Scores } from "./scores.js";

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
  /** The tasks that have it. */
  readonly families: readonly Family[];
  /** Whether every report has it, or those only for which it is asked. */
  readonly shown: "always" | "when asked";
  readonly better: Direction;
  /** The least and the greatest value possible, both included. */
  readonly range: readonly [least: number, greatest: number];
  /** A number that a name may carry, as 0.9 in `precisionAtRecall@0.9`. */
  readonly parameter?: MetricParameter;
  /** Small cases and the value of each: the whole set's, or the macro average. The tests hold the record to them. */
  readonly samples: readonly MetricSample[];
  /** The reference implementation, and the choices that it leaves open. */
  readonly source: string;
}

export interface MetricParameter {
  readonly title: string;
  readonly default: number;
  /** The least and the greatest value possible, both included. */
  readonly range: readonly [least: number, greatest: number];
}

export interface MetricSample {
  readonly family: Family;
  /** A class id a row; a list of 0 and 1, or of numbers, a row. */
  readonly targets: readonly (number | readonly number[])[];
  /** What the model puts out for each row: [C] logits, or numbers. */
  readonly outputs: readonly (readonly number[])[];
  readonly parameter?: number;
  readonly value: number;
}

/** One number of the whole set, from counts. */
interface CountsMetric extends MetricFacts {
  readonly needs: "counts";
  readonly averaging: "none";
  /** The value; called only when there is at least one row. */
  readonly value: (counts: Counts, parameter: number) => number;
  /** What a table says beside the value, from the label names and the rows of each class. */
  readonly remark?: (labels: readonly string[], supports: readonly number[]) => string;
}

/**
 * A number of every class, as a ratio of its counts. The averages follow from the ratio: macro is the plain mean over
 * all classes, weighted the mean by support, micro the ratio of the summed numerators and denominators. A ratio with
 * the denominator 0 is 0, as scikit-learn's `zero_division` has it.
 */
interface ClassCountsMetric extends MetricFacts {
  readonly needs: "counts";
  readonly averaging: "classes";
  readonly ratio: (counts: ClassCounts, parameter: number) => readonly [numerator: number, denominator: number];
}

/** One number of the whole set, from the scores of all rows. */
interface ScoresMetric extends MetricFacts {
  readonly needs: "scores";
  readonly averaging: "none";
  readonly value: (scores: Scores, parameter: number) => number;
}

/**
 * A number of every class, from how its scores rank the rows; undefined where a class has none. Macro and weighted
 * averages are over the classes that have it, micro ranks the scores of all classes together.
 */
interface ClassScoresMetric extends MetricFacts {
  readonly needs: "scores";
  readonly averaging: "classes";
  readonly ofClass: (ranking: Ranking, parameter: number) => number | undefined;
}

/** One number of the predicted numbers of all rows; where a row has several, the mean over them. */
interface NumbersMetric extends MetricFacts {
  readonly needs: "numbers";
  readonly averaging: "none";
  readonly value: (numbers: Numbers, parameter: number) => number;
}

/** Any record of the registry. */
export type Metric = CountsMetric | ClassCountsMetric | ScoresMetric | ClassScoresMetric | NumbersMetric;

/** A metric that is asked for, with the number that its name carries. */
export interface AskedMetric {
  readonly record: Metric;
  readonly parameter: number;
  /** The field of the report: `f1`, `precisionAtRecall@0.9`. */
  readonly field: string;
}

/** Returns `metric`, frozen, with its own type kept. */
export function defineMetric<const M extends Metric>(metric: M): Readonly<M> {
  return Object.freeze(metric);
}
