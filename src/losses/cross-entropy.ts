import { z } from "zod";
import type { Value } from "../graph/graph.js";
import { add, mul, neg, scalar } from "../ops/arithmetic.js";
import { oneHot } from "../ops/conversion.js";
import { crossEntropy as crossEntropyOfClasses, logSoftmax } from "../ops/softmax.js";
import { weightOfClasses, weightRow, weightsSchema } from "./class-weights.js";
import { defineForm, defineLoss } from "./define-loss.js";
import { countRows, weightedSum } from "./weighted-sum.js";

interface Options {
  readonly labelSmoothing: number;
  readonly classWeights?: readonly number[] | undefined;
}

const options = (classes: number): z.ZodType<Options> =>
  z.strictObject({
    labelSmoothing: z.number().min(0).max(1).default(0).describe("probability that is spread evenly over all classes"),
    classWeights: weightsSchema(classes).describe("what a row of each class counts"),
  });

/** -Σ_i e_i Σ_c w_c q_ic log softmax(logits_i)_c, where q is `distribution` [B, C] smoothed. */
function ofDistribution(
  logits: Value,
  distribution: Value,
  exampleWeights: Value,
  { labelSmoothing, classWeights }: Options,
): Value {
  const classes = logits.shape[1] as number;
  const smoothed =
    labelSmoothing === 0
      ? distribution
      : add(mul(distribution, scalar(logits, 1 - labelSmoothing)), scalar(logits, labelSmoothing / classes));
  const weighted = classWeights === undefined ? smoothed : mul(smoothed, weightRow(logits, classWeights));
  return neg(weightedSum(mul(weighted, logSoftmax(logits)), exampleWeights));
}

/** The negative log-probability that a softmax gives to the true class. */
export const crossEntropy = defineLoss({
  name: "cross_entropy",
  aliases: ["ce", "sparse_categorical_crossentropy", "categorical_crossentropy", "nll"],
  summary: "Negative log-probability that a softmax over the classes gives to the true one.",
  forms: {
    class: defineForm<Options>({
      options,
      build: (logits, classIds, exampleWeights, given) =>
        given.labelSmoothing === 0 && given.classWeights === undefined
          ? crossEntropyOfClasses(logits, classIds, exampleWeights)
          : ofDistribution(logits, oneHot(classIds, logits.shape[1] as number), exampleWeights, given),
      totalWeight: (classIds, rows, { classWeights }) => weightOfClasses(classIds, rows, classWeights),
    }),
    distribution: defineForm<Options>({ options, build: ofDistribution, totalWeight: countRows }),
  },
  source:
    "torch.nn.functional.cross_entropy with weight and label_smoothing; its mean divides by the weights of the rows for class ids, by the rows for distributions",
});
