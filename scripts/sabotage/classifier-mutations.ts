/** Mistakes in prediction, and in solving for a classifier's last layer. */
import { inFile, type SourceMutation } from "./source-mutation.js";

const PREDICTOR = "src/training/predictor.test.ts";
const LINEAR_HEAD = "src/training/linear-head.test.ts";

export const CLASSIFIER_MUTATIONS: readonly SourceMutation[] = [
  ...inFile(
    "src/training/predictor.ts",
    [PREDICTOR],
    [
      ["runs do not wait for each other", "const result = last.then(work, work);", "const result = work();"],
      ["weights are packed unasked", "options.pack?.(parameter) ?? false", "options.pack?.(parameter) ?? true"],
      ["weights are packed in every run", "runs++ === RUNS_BEFORE_PACKING", "runs++ >= RUNS_BEFORE_PACKING"],
      ["weights are never packed", "runs++ === RUNS_BEFORE_PACKING", "runs++ < 0"],
    ],
  ),
  ...inFile(
    "src/training/linear-head.ts",
    [LINEAR_HEAD],
    [
      ["biases are made small too", "for (let i = 0; i < size; i++) {", "for (let i = 0; i < at.length; i++) {"],
      ["two classes have one row of weights", "outputs === 2 ? 2 : 1", "1"],
      ["the penalty has no gradient", "gradient[i] += strength * at[i];", ""],
      ["answers lack the bias", "let sum = bias[output];", "let sum = 0;"],
    ],
  ),
];
