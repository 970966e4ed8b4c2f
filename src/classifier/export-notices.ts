/** What an exported model does not carry, though the classifier does: said, so that nobody finds other answers unprepared. */
import type { ClassifierState } from "./classifier-state.js";

/** A sentence for each; Textune itself follows all of them in an exported folder too. */
export function exportNotices({
  task,
  decision,
  longTexts,
}: Pick<ClassifierState, "task" | "decision" | "longTexts">): string[] {
  const { temperature, threshold } = decision;
  return [
    ...(task.family === "regression"
      ? ["transformers.js' pipeline makes probabilities of numbers: call its model there, whose logits are the numbers"]
      : []),
    ...(temperature === undefined || temperature === 1
      ? []
      : [`other programs do not divide logits by the temperature of ${temperature}: their probabilities differ`]),
    ...(threshold === undefined
      ? []
      : ["other programs do not know the threshold: compare their probabilities with it"]),
    ...(longTexts === undefined || longTexts.read === "head"
      ? []
      : [`other programs read the beginning of a text that is too long, not ${longTexts.read}`]),
  ];
}
