/** What a task is: one record, which says what is learned from labels and how the outputs of a model are read. */
import type { Dataset } from "../data/dataset/dataset.js";
import type { Value } from "../graph/graph.js";
import type { ChosenMetric } from "../metrics/choose-metric.js";
import type { Metrics, MetricsOptions } from "../metrics/create-metrics.js";
import type { Decision } from "../metrics/decide.js";
import type { Family } from "../metrics/family.js";
import type { ClassificationReport } from "../metrics/report.js";
import type { Prediction } from "./prediction.js";

/** What a model should answer for each row. */
export interface Targets {
  /** Row by row, `width` numbers each. */
  readonly data: Int32Array | Float32Array;
  readonly width: number;
}

/** What a model did on a set of rows. */
export type EvaluationReport = ClassificationReport;

/** A task: one kind of question that a model answers of a text. */
export interface Task {
  /** The `problem_type` of Hugging Face configurations. */
  readonly problemType: string;
  readonly summary: string;
  /** Which metrics it has, and what can be decided about its outputs. */
  readonly family: Family;
  /** The number C of outputs of a model that tells `labels`. */
  readonly outputs: (labels: readonly string[]) => number;
  /** @throws E_CONFIG for labels that the task cannot have */
  readonly checkLabels: (labels: readonly string[]) => void;
  /** @throws E_DATA for a data set from which the task cannot be learned */
  readonly checkTrainable: (dataset: Dataset) => void;
  /** The target of each row. @throws E_DATA naming the first row that has none among `labels` */
  readonly readTargets: (dataset: Dataset, labels: readonly string[]) => Targets;
  /** The element type of targets in the graph, and whether a row has one for each output ([B, C]) or one ([B]). */
  readonly target: { readonly dtype: "int64" | "float32"; readonly perOutput: boolean };
  /** Σ_i weights_i · loss_i, []: logits [B, C], targets as `target` says, weights [B] float32. */
  readonly loss: (logits: Value, targets: Value, weights: Value) => Value;
  /** What a row of logits [C] says. */
  readonly predict: (logits: ArrayLike<number>, labels: readonly string[], decision?: Decision) => Prediction;
  /** Metrics of a set, fed batch by batch. @throws E_CONFIG for options that the task cannot have */
  readonly createMetrics: (labels: readonly string[], options?: MetricsOptions) => Metrics<"single-label">;
  /** The metric called `name`. @throws E_CONFIG for one that is not known, or that a model of `labels` does not have */
  readonly chooseMetric: (name: string, labels: readonly string[]) => ChosenMetric;
  /** The metric by which the best epoch is chosen where the options do not say. */
  readonly metricForBestModel: string;
  /** Names of the metrics that are shown after every epoch. */
  readonly shownMetrics: readonly string[];
  /** A report as a text of several lines. */
  readonly formatReport: (report: EvaluationReport) => string;
}

export function defineTask(spec: Task): Task {
  return Object.freeze(spec);
}

/** The targets of some rows, one after the other. */
export function targetsOf({ data, width }: Targets, rows: ArrayLike<number>): Int32Array | Float32Array {
  const some = data instanceof Int32Array ? new Int32Array(rows.length * width) : new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) some.set(data.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
  return some;
}
