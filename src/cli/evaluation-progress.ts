import type { EvaluateOptions } from "../classifier/text-classifier.js";
import type { ProgressReporter } from "./report-progress.js";

/** Options of an evaluation that shows how it gets on, and says through `tell` what a user should know. */
export function evaluationProgress(
  progress: ProgressReporter,
  tell: (line: string) => void,
): Pick<EvaluateOptions, "onWarning" | "onTokenizeProgress" | "onProgress"> {
  return {
    onWarning: tell,
    onTokenizeProgress({ done, total }) {
      progress.update({ step: done, steps: total, examples: done, stage: "tokenizing" });
    },
    onProgress(done, total) {
      progress.update({ step: done, steps: total, examples: done, stage: "evaluating" });
    },
  };
}
