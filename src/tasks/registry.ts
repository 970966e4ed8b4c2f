/** All tasks, and which one a stored configuration means. */
import { fail } from "../base/errors.js";
import { singleLabelClassification } from "./single-label.js";
import type { Task } from "./task.js";

export const TASKS: readonly Task[] = [singleLabelClassification];

/**
 * The task of a stored model of `outputs` outputs: what its `problem_type` says, or else what transformers makes of a
 * model without one: a regression with one output, a single-label classification with several.
 *
 * @throws E_CONFIG for a task that is not built
 * @source transformers modeling_bert.py BertForSequenceClassification.forward
 */
export function storedTask(config: Readonly<Record<string, unknown>>, outputs: number, source: string): Task {
  const stored = config.problem_type;
  const type = stored ?? (outputs === 1 ? "regression" : "single_label_classification");
  return (
    TASKS.find(({ problemType }) => problemType === type) ??
    fail("E_CONFIG", {
      where: `${source}, config.json, problem_type`,
      expected: TASKS.map(({ problemType }) => `"${problemType}"`).join(" or "),
      got:
        stored === undefined || stored === null
          ? `none and ${outputs} output, which is a ${type}`
          : `"${String(type)}"`,
      fix: "pass other labels to train a new head on this encoder",
    })
  );
}
