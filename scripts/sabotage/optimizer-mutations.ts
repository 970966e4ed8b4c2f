/** Mistakes in optimizers and schedules. */
import { inFile, type SourceMutation } from "./source-mutation.js";

export const OPTIMIZER_MUTATIONS: readonly SourceMutation[] = [
  ...inFile(
    "src/optimizers/adam-step.ts",
    ["src/optimizers"],
    [
      [
        "no correction of the first moment",
        "options.learningRate / (1 - beta1 ** options.step)",
        "options.learningRate",
      ],
      ["no correction of the second moment", "Math.sqrt(1 - beta2 ** options.step)", "1"],
      ["epsilon before the correction", "epsilon: options.epsilon * sqrtBias2", "epsilon: options.epsilon"],
      ["decay without the learning rate", "1 - options.learningRate * options.weightDecay", "1 - options.weightDecay"],
      ["no decay", "1 - options.learningRate * options.weightDecay", "1"],
      ["Adam decays as AdamW does", "l2: options.coupled", "l2: !options.coupled"],
      ["the clipping factor is ignored", "gradientScale: options.gradientScale", "gradientScale: 1"],
    ],
  ),
  ...inFile(
    "src/optimizers/create-optimizer.ts",
    ["src/optimizers"],
    [
      ["steps are counted from 0", "step: steps[index],", "step: steps[index] - 1,"],
      ["a group's own rate is ignored", "learningRate: learningRate * rateScale", "learningRate"],
      ["groups at rest take the step", "if (!active(index)) continue;", ""],
    ],
  ),
  ...inFile(
    "src/optimizers/sgd.ts",
    ["src/optimizers"],
    [
      ["Nesterov's momentum counts once", "nesterov ? learningRate * momentum : learningRate", "learningRate"],
      ["no weight decay", "l2: weightDecay", "l2: 0"],
      ["rows that momentum moves are said to decay", 'momentum === 0 ? "decay" : "involved"', '"decay"'],
    ],
  ),
  ...inFile(
    "src/optimizers/lion.ts",
    ["src/optimizers"],
    [
      [
        "the moment is kept with the decay of the direction",
        "lionBeta2: beta2 } = options",
        "lionBeta1: beta2 } = options",
      ],
    ],
  ),
  ...inFile(
    "src/optimizers/adafactor.ts",
    ["src/optimizers"],
    [
      ["updates are not clipped", "Math.max(1, rootMeanSquare / CLIP_THRESHOLD)", "1"],
      ["a constant decay of the moments", "1 - step ** DECAY_POWER", "0.999"],
      ["the mean of the rows is left out", "Math.sqrt(rowMean / rowMoment[row])", "Math.sqrt(1 / rowMoment[row])"],
      ["matrices are not factored", "slot.shape.length < 2", "true"],
    ],
  ),
  ...inFile(
    "src/optimizers/gradient-norm.ts",
    ["src/optimizers/gradient-norm.test.ts"],
    [
      [
        "the norm is not rooted",
        "return Math.sqrt((simdKernels?.sumOfSquares ?? sumOfSquares)(gradients))",
        "return (simdKernels?.sumOfSquares ?? sumOfSquares)(gradients)",
      ],
      ["small gradients are scaled up", "Math.min(1, maxNorm / (norm + 1e-6))", "maxNorm / (norm + 1e-6)"],
      ["nothing is clipped", "Math.min(1, maxNorm / (norm + 1e-6))", "1"],
    ],
  ),
  ...inFile(
    "src/optimizers/schedule.ts",
    ["src/optimizers/schedule.test.ts"],
    [
      ["no warm-up", "rising ? step / Math.max(1, warmupSteps) :", "rising ? 1 :"],
      [
        "the warm-up starts one step on",
        "rising ? step / Math.max(1, warmupSteps) :",
        "rising ? (step + 1) / Math.max(1, warmupSteps) :",
      ],
      [
        "the linear decay ends early",
        "Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmupSteps))",
        "Math.max(0, (totalSteps - 1 - step) / Math.max(1, totalSteps - warmupSteps))",
      ],
    ],
  ),
];
