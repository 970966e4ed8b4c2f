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

/** The names of tasks: those of Hugging Face's `problem_type`, and one for two classes told by a single output. */
export type ProblemType =
  | "single_label_classification"
  | "binary_classification"
  | "multi_label_classification"
  | "regression";

/** The family of metrics of a task. */
export type FamilyOf<P extends ProblemType> = {
  readonly single_label_classification: "single-label";
  readonly binary_classification: "binary";
  readonly multi_label_classification: "multi-label";
  readonly regression: "regression";
}[P];

/** A task: one kind of question that a model answers of a text. */
export interface TaskSpec<P extends ProblemType> {
  readonly name: P;
  /** As Hugging Face's `config.json` has it, so that Python computes the same loss. */
  readonly problemType: Exclude<ProblemType, "binary_classification">;
  readonly summary: string;
  /** Which metrics there are. */
  readonly family: FamilyOf<P>;
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
  readonly predict: (
    logits: ArrayLike<number>,
    labels: readonly string[],
    decision: Decision,
  ) => PredictionOf<FamilyOf<P>>;
  /** The metric by which the best epoch is chosen where the options do not say. */
  readonly metricForBestModel: string;
  /** Names of the metrics that are shown after every epoch. */
  readonly shownMetrics: readonly string[];
}

/** A task as the rest of the system sees it. */
export type Task = Omit<TaskSpec<ProblemType>, "family" | "predict"> & {
  readonly family: Family;
  readonly predict: (logits: ArrayLike<number>, labels: readonly string[], decision: Decision) => PredictionOf<Family>;
};

export function defineTask<P extends ProblemType>(spec: TaskSpec<P>): Task {
  return Object.freeze(spec) as unknown as Task;
}

/** The targets of some rows, one after the other. */
export function targetsOf({ data, width }: Targets, rows: ArrayLike<number>): Int32Array | Float32Array {
  const some = data instanceof Int32Array ? new Int32Array(rows.length * width) : new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) some.set(data.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
  return some;
}
