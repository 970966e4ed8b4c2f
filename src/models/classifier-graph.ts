/** The graphs of a classifier: logits for prediction; loss and gradients for training. */
import { differentiate } from "../autodiff/differentiate.js";
import { sliceEarly } from "../autodiff/slice-early.js";
import { createGraph, type Value } from "../graph/graph.js";
import { createScope, type Parameter } from "../nn/scope.js";
import { gradientAlgebra } from "../ops/algebra.js";
import { Slice, slice } from "../ops/movement.js";
import { crossEntropy } from "../ops/softmax.js";
import type { EncoderInputs, Model } from "./model.js";

/** The name that a parameter's gradient has among the outputs of a training graph. */
export const gradientName = (parameter: string): string => `gradient.${parameter}`;

export interface ClassifierGraph {
  readonly outputs: Readonly<Record<string, Value>>;
  readonly parameters: readonly Parameter[];
}

export interface ClassifierGraphOptions {
  readonly model: Model;
  /** The configuration as `model.readConfig` returned it. */
  readonly config: unknown;
  /** Number of classes C. */
  readonly labels: number;
  /** Whether slices are taken as early as possible; the result is the same within rounding. True by default. */
  readonly sliceEarly?: boolean;
}

/**
 * Logits of a batch. Inputs `input_ids`, `token_type_ids`, `attention_mask` [B, T] and `position_ids` [T], all
 * int64, and the parameters; output `logits` [B, C].
 */
export function buildInferenceGraph(options: ClassifierGraphOptions): ClassifierGraph {
  const { logits, parameters } = buildLogits(options, false);
  const [early] = optimize([logits], options);
  return { outputs: { logits: early }, parameters };
}

/**
 * Loss and gradients of a batch. Further inputs: `labels` [B] int64, `example_weights` [B] float32 (1/B each for the
 * mean), dropout masks. Outputs `loss` [], `logits` [B, C], and a gradient for each parameter of `trained`.
 */
export function buildTrainingGraph(
  options: ClassifierGraphOptions & { readonly trained?: (parameter: Parameter) => boolean },
): ClassifierGraph {
  const { logits, parameters } = buildLogits(options, true);
  const { graph } = logits;
  const loss = crossEntropy(logits, graph.input("labels", "int64", ["B"]), graph.input("example_weights", "float32", ["B"]));
  const [earlyLoss, earlyLogits] = optimize([loss, logits], options);
  const trained = parameters.filter(options.trained ?? (() => true));
  const gradients = differentiate(
    earlyLoss,
    trained.map((parameter) => parameter.value),
    gradientAlgebra,
  );
  const named = trained.map((parameter, index) => [gradientName(parameter.name), gradients[index]] as const);
  return { outputs: { loss: earlyLoss, logits: earlyLogits, ...Object.fromEntries(named) }, parameters };
}

function buildLogits({ model, config, labels }: ClassifierGraphOptions, training: boolean): { logits: Value; parameters: readonly Parameter[] } {
  const graph = createGraph();
  const ids = (name: string) => graph.input(name, "int64", ["B", "T"]);
  const inputs: EncoderInputs = {
    inputIds: ids("input_ids"),
    tokenTypeIds: ids("token_type_ids"),
    attentionMask: ids("attention_mask"),
    positionIds: graph.input("position_ids", "int64", ["T"]),
  };
  const { scope, parameters } = createScope(graph, training);
  return { logits: model.classify(scope, config, inputs, labels), parameters };
}

function optimize(outputs: readonly Value[], options: ClassifierGraphOptions): readonly Value[] {
  return options.sliceEarly === false ? outputs : sliceEarly(outputs, { operator: Slice.name, slice });
}
