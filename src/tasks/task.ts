/** What a task is: one record, which says what is learned from labels and how the outputs of a model are read. */
import type { Dataset } from "../data/dataset/dataset.js";
import type { TargetKind as LabelKind } from "../data/dataset/target.js";
import type { TargetKind } from "../losses/define-loss.js";
import type { Decision } from "../metrics/decide.js";
import type { Family } from "../metrics/family.js";
import type { PredictionOf } from "./prediction.js";

/** What a model should answer for each row. */
export interface Targets {
  /** Row by row, `width` numbers each. */
  readonly data: Int32Array | Float32Array;
  readonly width: number;
}

/** A task: one kind of question that a model answers of a text. */
export interface TaskSpec<Name extends string, F extends Family> {
  /** The value of the option `problemType`. */
  readonly name: Name;
  /** As Hugging Face's `config.json` has it, so that Python computes the same loss. */
  readonly problemType: "single_label_classification" | "multi_label_classification" | "regression";
  readonly summary: string;
  /** Which metrics there are. */
  readonly family: F;
  /** What the labels of a data set have to be. */
  readonly labelKind: LabelKind;
  /** The kind of targets that its loss compares with; `class` is int64 [B], the others are float32 [B, C]. */
  readonly targets: TargetKind;
  /** The loss where the options name none. */
  readonly loss: string;
  /** The names of the outputs of a model that tells `labels`: one for each of its C logits. */
  readonly outputs: (labels: readonly string[]) => readonly string[];
  /** @throws E_CONFIG for labels that the task cannot have */
  readonly checkLabels: (labels: readonly string[]) => void;
  /** @throws E_DATA for a data set from which the task cannot be learned */
  readonly checkTrainable: (dataset: Dataset) => void;
  /** The target of each row. @throws E_DATA naming the first row that has none among `labels` */
  readonly readTargets: (dataset: Dataset, labels: readonly string[]) => Targets;
  /** What a row of logits [C] says. @throws E_WEIGHTS for a logit that is NaN or infinite */
  readonly predict: (logits: ArrayLike<number>, labels: readonly string[], decision: Decision) => PredictionOf<F>;
  /** The metric by which the best epoch is chosen where the options do not say. */
  readonly metricForBestModel: string;
  /** Names of the metrics that are shown after every epoch. */
  readonly shownMetrics: readonly string[];
}

/** A task as the rest of the system sees it. */
export type Task = TaskSpec<string, Family>;

/** Returns `spec`, frozen, with its own type kept. */
export function defineTask<const Name extends string, const F extends Family>(
  spec: TaskSpec<Name, F>,
): TaskSpec<Name, F> & Task {
  return Object.freeze(spec) as TaskSpec<Name, F> & Task;
}

/** The targets of some rows, one after the other. */
export function targetsOf({ data, width }: Targets, rows: ArrayLike<number>): Int32Array | Float32Array {
  const some = data instanceof Int32Array ? new Int32Array(rows.length * width) : new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) some.set(data.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
  return some;
}
