/** All tasks, and which one is meant. */
import { fail } from "../base/errors.js";
import { didYouMean } from "../base/nearest.js";
import type { Dataset } from "../data/dataset/dataset.js";
import { binaryClassification } from "./binary.js";
import { multiLabelClassification } from "./multi-label.js";
import { regression } from "./regression.js";
import { singleLabelClassification } from "./single-label.js";
import type { Task } from "./task.js";

/** Of several that read labels of one kind, the first is taken where nothing else is said. */
const REGISTRY = [singleLabelClassification, binaryClassification, multiLabelClassification, regression] as const;
export const TASKS: readonly Task[] = REGISTRY;

type Registered = (typeof REGISTRY)[number];
/** The names of tasks: those of Hugging Face's `problem_type`, and one for two classes told by a single output. */
export type ProblemType = Registered["name"];
/** The family of metrics of a task. */
export type FamilyOf<P extends ProblemType> = Extract<Registered, { readonly name: P }>["family"];

export const PROBLEM_TYPES = REGISTRY.map(({ name }) => name) as [ProblemType, ...ProblemType[]];

/** The task called `name`. @throws E_CONFIG for one that is not known */
export function taskNamed(name: string): Task {
  return (
    TASKS.find((task) => task.name === name) ??
    fail("E_CONFIG", {
      option: "problemType",
      expected: `one of ${PROBLEM_TYPES.join(", ")}`,
      got: `"${name}"`,
      fix: didYouMean(name, PROBLEM_TYPES),
    })
  );
}

/** The task that labels of this kind are for; one class for each row where they are of none. */
export function taskFor(kind: Dataset["targetKind"]): Task {
  return TASKS.find(({ labelKind }) => labelKind === kind) ?? singleLabelClassification;
}

/**
 * The task of a stored model of `outputs` outputs: what Textune wrote, or what its `problem_type` says, or else what
 * transformers makes of a model without one: a regression with one output, a single-label classification with several.
 *
 * @throws E_CONFIG for a task that is not known
 * @source transformers modeling_bert.py BertForSequenceClassification.forward
 */
export function storedTask(
  config: Readonly<Record<string, unknown>>,
  own: string | undefined,
  outputs: number,
  source: string,
): Task {
  if (own !== undefined) return taskNamed(own);
  const stored = config.problem_type ?? (outputs === 1 ? "regression" : "single_label_classification");
  return (
    TASKS.find(({ name }) => name === stored) ??
    fail("E_CONFIG", {
      where: `${source}, config.json, problem_type`,
      expected: `one of ${PROBLEM_TYPES.join(", ")}`,
      got: `"${String(stored)}"`,
      fix: "pass other labels to train a new head on this encoder",
    })
  );
}
