import type { EvaluateOptions } from "../classifier/predict-options.js";
import type { ProgressReporter } from "./report-progress.js";

/** Shows how far the tokenizing before a training or an evaluation is, and says through `tell` what there is to say of the texts. */
export function preparationProgress(
  progress: ProgressReporter,
  tell: (line: string) => void,
): Required<Pick<EvaluateOptions, "onWarning" | "onTokenizeProgress">> {
  return {
    onWarning: tell,
    onTokenizeProgress({ done, total }) {
      progress.update({ step: done, steps: total, examples: done, stage: "tokenizing", unit: "texts" });
    },
  };
}

/** The same for an evaluation as a whole. */
export function evaluationProgress(
  progress: ProgressReporter,
  tell: (line: string) => void,
): Pick<EvaluateOptions, "onWarning" | "onTokenizeProgress" | "onProgress"> {
  return {
    ...preparationProgress(progress, tell),
    onProgress(done, total) {
      progress.update({ step: done, steps: total, examples: done, stage: "evaluating", unit: "rows" });
    },
  };
}
