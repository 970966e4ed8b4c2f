/** The loss of a training: the task's, or the one that the options name, with what they say of it. */
import { fail } from "../base/errors.js";
import { given } from "../base/given.js";
import { didYouMean } from "../base/nearest.js";
import { balancedClassWeights } from "../losses/class-weights.js";
import { type ChosenLoss, chooseLoss } from "../losses/registry.js";
import type { Task } from "../tasks/task.js";
import type { ResolvedTrainingOptions } from "./training-options.js";

type LossOptions = Pick<
  ResolvedTrainingOptions,
  "loss" | "labelSmoothing" | "classWeights" | "focalGamma" | "focalAlpha"
>;

/** The rows that labels stand in, of `rows` rows. */
export interface LabelCounts {
  readonly rows: number;
  /** Rows of each label, [C]. */
  readonly counts: readonly number[];
}

/**
 * The loss that `options` ask for.
 *
 * @throws E_CONFIG for a loss, or an option of it, that the task cannot have, and for weights of unknown classes
 */
export function trainingLoss(
  options: Partial<LossOptions>,
  task: Task,
  labels: readonly string[],
  counted: LabelCounts,
): ChosenLoss {
  const { loss = task.loss, labelSmoothing, classWeights, focalGamma, focalAlpha } = options;
  for (const option of ["focalGamma", "focalAlpha"] as const)
    if (options[option] !== undefined && !/focal/i.test(loss))
      fail("E_CONFIG", {
        option,
        expected: "the focal loss, which it belongs to",
        got: loss,
        fix: "ask for it",
        set: { loss: "focal" },
      });
  const weights = classWeights === undefined ? undefined : weightsOf(classWeights, task, labels, counted);
  // Of several labels a row, each counts for itself: what is weighted is a yes beside a no.
  const weighted = task.family === "multi-label" ? { positiveWeights: weights } : { classWeights: weights };
  return chooseLoss(
    loss,
    task.targets,
    task.outputs(labels).length,
    given({ labelSmoothing: labelSmoothing || undefined, gamma: focalGamma, alpha: focalAlpha, ...weighted }),
  );
}

function weightsOf(
  classWeights: NonNullable<LossOptions["classWeights"]>,
  task: Task,
  labels: readonly string[],
  { rows, counts }: LabelCounts,
): readonly number[] {
  if (task.family === "regression")
    fail("E_CONFIG", { option: "classWeights", expected: "a task with classes", got: "a regression" });
  if (classWeights === "balanced")
    return task.family === "multi-label"
      ? counts.map((count) => (count === 0 ? 1 : (rows - count) / count))
      : balancedClassWeights(counts);
  const named = Array.isArray(classWeights) ? Object.fromEntries(classWeights.map(pairOf)) : classWeights;
  for (const [label, weight] of Object.entries(named)) {
    if (!labels.includes(label))
      fail("E_CONFIG", {
        option: "classWeights",
        expected: "labels of the data",
        got: `"${label}"`,
        fix: didYouMean(label, labels),
      });
    if (!(Number.isFinite(weight) && weight >= 0))
      fail("E_CONFIG", {
        option: "classWeights",
        expected: `a number of at least 0 for "${label}"`,
        got: String(weight),
      });
  }
  return labels.map((label) => (named as Readonly<Record<string, number>>)[label] ?? 1);
}

/** "spam=5" as a label and its weight. */
function pairOf(pair: string): readonly [string, number] {
  const at = pair.lastIndexOf("=");
  if (at < 1)
    fail("E_CONFIG", {
      option: "classWeights",
      expected: '"balanced", or LABEL=WEIGHT as in spam=5',
      got: `"${pair}"`,
    });
  return [pair.slice(0, at), pair.slice(at + 1).trim() === "" ? Number.NaN : Number(pair.slice(at + 1))];
}
