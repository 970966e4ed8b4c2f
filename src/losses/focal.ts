import { z } from "zod";
import type { Value } from "../graph/graph.js";
import { softplus } from "../ops/activation.js";
import { add, exp, mul, neg, scalar, sub } from "../ops/arithmetic.js";
import { oneHot } from "../ops/conversion.js";
import { reduceSum } from "../ops/reduction.js";
import { logSoftmax, logSumExp } from "../ops/softmax.js";
import { weightOfClasses, weightRow, weightsSchema } from "./class-weights.js";
import { defineForm, defineLoss } from "./define-loss.js";
import { countRows, weightedSum } from "./weighted-sum.js";

interface ClassOptions {
  readonly gamma: number;
  readonly classWeights?: readonly number[] | undefined;
}

interface LabelOptions {
  readonly gamma: number;
  readonly alpha?: number | undefined;
}

const gamma = z.number().min(0).max(20).default(2).describe("how much less a row counts that is right already");

/** So far below any log-probability that its exponential is 0. */
const OUT = 1e30;

/**
 * (1 - p)^γ · -log p where p = σ(margin). As 1 - p = σ(-margin), both factors follow from softplus, which is exact
 * however large the margin is; a power of 1 - p would have no gradient at 0.
 */
function focalOfMargin(margin: Value, exponent: number): Value {
  const loss = softplus(neg(margin));
  return exponent === 0 ? loss : mul(exp(mul(softplus(margin), scalar(margin, -exponent))), loss);
}

/** Cross-entropy in which a row that is right already counts less. */
export const focal = defineLoss({
  name: "focal",
  aliases: ["focal_loss", "sigmoid_focal_loss", "categorical_focal_crossentropy", "binary_focal_crossentropy"],
  summary: "Cross-entropy times (1 - p)^gamma, p the probability of the truth: rows that are right already count less.",
  forms: {
    class: defineForm<ClassOptions>({
      options: (classes) =>
        z.strictObject({ gamma, classWeights: weightsSchema(classes).describe("what a row of each class counts") }),
      // The probability of the true class is σ(its logit - log Σ e^x over the others).
      build: (logits, classIds, exampleWeights, { gamma: exponent, classWeights }) => {
        const isTrue = oneHot(classIds, logits.shape[1] as number);
        const logProbabilities = logSoftmax(logits);
        const own = reduceSum(mul(logProbabilities, isTrue), [1]);
        const others = logSumExp(sub(logProbabilities, mul(isTrue, scalar(logits, OUT))));
        const loss = focalOfMargin(sub(own, others), exponent);
        if (classWeights === undefined) return weightedSum(loss, exampleWeights);
        return weightedSum(mul(loss, reduceSum(mul(isTrue, weightRow(logits, classWeights)), [1])), exampleWeights);
      },
      totalWeight: (classIds, rows, { classWeights }) => weightOfClasses(classIds, rows, classWeights),
    }),
    labels: defineForm<LabelOptions>({
      options: () =>
        z.strictObject({
          gamma,
          alpha: z.number().min(0).max(1).optional().describe("what a yes counts; a no counts 1 - alpha"),
        }),
      build: (logits, labels, exampleWeights, { gamma: exponent, alpha }) => {
        const no = sub(scalar(logits, 1), labels);
        const margin = mul(logits, sub(labels, no));
        const weight = 1 / (logits.shape[1] as number);
        const weights =
          alpha === undefined
            ? scalar(logits, weight)
            : add(mul(labels, scalar(logits, weight * alpha)), mul(no, scalar(logits, weight * (1 - alpha))));
        return weightedSum(mul(focalOfMargin(margin, exponent), weights), exampleWeights);
      },
      totalWeight: countRows,
    }),
  },
  source:
    "arXiv:1708.02002; torchvision.ops.sigmoid_focal_loss, without its default alpha, as in Keras; with gamma 0 it is cross_entropy or binary_cross_entropy",
});
