import { z } from "zod";
import type { Value } from "../graph/graph.js";
import { softplus } from "../ops/activation.js";
import { add, mul, neg, scalar, sub } from "../ops/arithmetic.js";
import { weightRow, weightsSchema } from "./class-weights.js";
import { defineForm, defineLoss } from "./define-loss.js";
import { weightedSum } from "./weighted-sum.js";

interface Options {
  readonly labelSmoothing: number;
  readonly positiveWeights?: readonly number[] | undefined;
  readonly classWeights?: readonly number[] | undefined;
}

/** Two class weights are for the one unit that stands for two classes; several labels have positive weights. */
const options = (labels: number): z.ZodType<Options> => {
  const shared = {
    labelSmoothing: z.number().min(0).max(1).default(0).describe("share by which 0 and 1 are moved towards a half"),
    positiveWeights: weightsSchema(labels).describe("what a yes counts beside a no, for each label"),
  };
  if (labels > 1) return z.strictObject(shared);
  return z
    .strictObject({ ...shared, classWeights: weightsSchema(2).describe("what a row with no and one with yes count") })
    .refine(({ positiveWeights, classWeights }) => positiveWeights === undefined || classWeights === undefined, {
      path: ["classWeights"],
      message: "expected classWeights or positiveWeights, not both",
    });
};

/** `targets` moved towards a half: t (1 - ε) + ε / 2. @source keras.losses.BinaryCrossentropy */
function smooth(targets: Value, labelSmoothing: number): Value {
  if (labelSmoothing === 0) return targets;
  return add(mul(targets, scalar(targets, 1 - labelSmoothing)), scalar(targets, labelSmoothing / 2));
}

/** The negative log-probability that a sigmoid of its own gives to each label. */
export const binaryCrossEntropy = defineLoss({
  name: "binary_cross_entropy",
  aliases: ["bce", "binary_crossentropy", "binary_cross_entropy_with_logits"],
  summary: "Negative log-probability that a sigmoid gives to each label, averaged over the labels.",
  forms: {
    labels: defineForm<Options>({
      options,
      // -log σ(x) = softplus(-x) and -log(1 - σ(x)) = softplus(x): no logit is too large for it.
      build: (logits, labels, exampleWeights, { labelSmoothing, positiveWeights, classWeights }) => {
        const yes = smooth(labels, labelSmoothing);
        const no = sub(scalar(logits, 1), yes);
        const [noWeight, yesWeights] =
          classWeights === undefined ? [1, positiveWeights] : [classWeights[0], [classWeights[1]]];
        const missed = mul(yes, softplus(neg(logits)));
        const taken = mul(no, softplus(logits));
        const loss = add(
          yesWeights === undefined ? missed : mul(missed, weightRow(logits, yesWeights)),
          noWeight === 1 ? taken : mul(taken, scalar(logits, noWeight)),
        );
        const count = logits.shape[1] as number;
        return weightedSum(count === 1 ? loss : mul(loss, scalar(logits, 1 / count)), exampleWeights);
      },
      totalWeight: (labels, rows, { classWeights }) => {
        if (classWeights === undefined) return rows;
        const [no, yes] = classWeights;
        let sum = 0;
        for (let row = 0; row < rows; row++) sum += no + labels[row] * (yes - no);
        return sum;
      },
    }),
  },
  source:
    "torch.nn.functional.binary_cross_entropy_with_logits with pos_weight; class weights and smoothing of one unit are those of cross_entropy over two classes",
});
