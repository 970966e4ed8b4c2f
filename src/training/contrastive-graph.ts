/**
 * Contrastive training: texts of one class are to be near each other, and far from those of others.
 *
 * The loss is that of SetFit's sentence pairs, the squared distance of the cosine of two texts from 1 for one class and
 * 0 for two, over all pairs within a batch. So n texts that pass through the encoder make n² / 2 pairs, and the number
 * of pairs is no matter. Pairs of one class and of two count the same in sum, as under SetFit's oversampling.
 *
 * @source Tunstall et al. 2022, arXiv:2209.11055; sentence-transformers CosineSimilarityLoss
 */
import { differentiateInStages } from "../autodiff/stages.js";
import type { Value } from "../graph/graph.js";
import { gradientAlgebra } from "../ops/algebra.js";
import { add, div, mul, scalar, sqrt, sub } from "../ops/arithmetic.js";
import { matMul } from "../ops/linear.js";
import { reshape } from "../ops/movement.js";
import { reduceSum } from "../ops/reduction.js";
import { buildLogits, type ClassifierGraphOptions, stagesAsOutputs, type TrainingGraph } from "./classifier-graph.js";
import { splitHead } from "./linear-head.js";

/** Keeps the root's gradient finite where a text has no features at all. */
const EPSILON = 1e-12;

/**
 * The loss of a batch and its gradients for all but the last layer. Inputs as those of a training graph, with `labels`
 * float32 [B, C], 1 for the class of a text and 0 for the others; output `logits` are the features [B, D].
 */
export function buildContrastiveGraph(options: ClassifierGraphOptions & { readonly classes: number }): TrainingGraph {
  const { logits, parameters } = buildLogits(options, true);
  const { features, weight, bias } = splitHead({ outputs: { logits }, parameters });
  const labels = logits.graph.input("labels", "float32", ["B", options.classes]);
  const trained = parameters.filter((parameter) => parameter !== weight && parameter !== bias);
  const stages = differentiateInStages({
    ...{ loss: pairLoss(features, labels), others: { logits: features }, checkpoints: [] },
    ...{ trained: trained.map(({ value }) => value), algebra: gradientAlgebra },
  });
  return {
    ...stagesAsOutputs(stages, trained),
    ...{ parameters, trained, targets: "labels", totalWeight: (_, rows) => rows },
  };
}

/** Half the mean over the pairs of one class, and half that over the pairs of two, of (cosine - same)². */
function pairLoss(features: Value, labels: Value): Value {
  const squares = reduceSum(mul(features, features), [1]);
  const unit = div(features, sqrt(add(squares, scalar(squares, EPSILON))));
  const cosines = matMul(unit, unit, { transposeB: true }); // [B, B]
  const same = matMul(labels, labels, { transposeB: true });
  const other = sub(scalar(same, 1), same);
  const distance = sub(cosines, same);
  const squared = mul(distance, distance);
  const sum = (x: Value): Value => reduceSum(x, [0, 1]);
  // A text with itself is no pair; it adds nothing to the sum above.
  const pairs = sub(sum(same), sum(labels));
  const tiny = scalar(pairs, EPSILON);
  const near = div(sum(mul(same, squared)), add(pairs, tiny));
  const far = div(sum(mul(other, squared)), add(sum(other), tiny));
  return reshape(mul(add(near, far), scalar(near, 0.5)), []);
}
