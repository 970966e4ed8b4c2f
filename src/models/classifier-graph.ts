/** The graphs of a classifier: logits for prediction; loss and gradients for training. */
import { differentiate } from "../autodiff/differentiate.js";
import { sliceEarly } from "../autodiff/slice-early.js";
import { createGraph, type Value } from "../graph/graph.js";
import { createScope, type Parameter } from "../nn/scope.js";
import { gradientAlgebra } from "../ops/algebra.js";
import { ScatterRows } from "../ops/lookup.js";
import { Slice, slice } from "../ops/movement.js";
import { crossEntropy } from "../ops/softmax.js";
import type { EncoderInputs, Model } from "./model.js";

/** The name that a parameter's gradient has among the outputs of a training graph. */
export const gradientName = (parameter: string): string => `gradient.${parameter}`;

export interface ClassifierGraph {
  readonly outputs: Readonly<Record<string, Value>>;
  readonly parameters: readonly Parameter[];
}

/**
 * The gradient of a table of which a batch reads some rows, left as the gradients of what was read: row `ids[i]` of
 * the parameter's gradient is the sum of the rows i of `output`, all other rows are zero.
 */
export interface RowGradient {
  readonly parameter: string;
  /** The input that holds the ids. */
  readonly ids: string;
  /** The output that holds the gradients of what was read, [..., D]. */
  readonly output: string;
}

export interface TrainingGraph extends ClassifierGraph {
  /** The parameters that are trained. */
  readonly trained: readonly Parameter[];
  readonly rowGradients: readonly RowGradient[];
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
 * mean), dropout masks. Outputs `loss` [], `logits` [B, C], and for each parameter of `trained` its gradient, whole or
 * by rows.
 */
export function buildTrainingGraph(
  options: ClassifierGraphOptions & { readonly trained?: (parameter: Parameter) => boolean },
): TrainingGraph {
  const { logits, parameters } = buildLogits(options, true);
  const { graph } = logits;
  const loss = crossEntropy(
    logits,
    graph.input("labels", "int64", ["B"]),
    graph.input("example_weights", "float32", ["B"]),
  );
  const [earlyLoss, earlyLogits] = optimize([loss, logits], options);
  const trained = parameters.filter(options.trained ?? (() => true));
  const gradients = differentiate(
    earlyLoss,
    trained.map((parameter) => parameter.value),
    gradientAlgebra,
  );
  const outputs: Record<string, Value> = { loss: earlyLoss, logits: earlyLogits };
  const rowGradients: RowGradient[] = [];
  for (const [index, { name }] of trained.entries()) {
    const gradient = gradients[index];
    const rows = asRows(gradient);
    if (rows === undefined) {
      outputs[gradientName(name)] = gradient;
    } else {
      // Tables that are read at the same places share the output.
      const output = `rows.${rows.values.id}`;
      outputs[output] = rows.values;
      rowGradients.push({ parameter: name, ids: rows.ids, output });
    }
  }
  return { outputs, parameters, trained, rowGradients };
}

/** The rows behind a gradient that only scatters them into zeros: a whole table is not worth filling for some rows. */
function asRows({ origin }: Value): { ids: string; values: Value } | undefined {
  if (origin.kind !== "node" || origin.op !== ScatterRows) return undefined;
  const [ids, values] = origin.inputs;
  return ids.origin.kind === "input" ? { ids: ids.origin.name, values } : undefined;
}

function buildLogits(
  { model, config, labels }: ClassifierGraphOptions,
  training: boolean,
): { logits: Value; parameters: readonly Parameter[] } {
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
