/** The graph of a classifier with its weights as an ONNX model under the names that other programs expect. */
import type { Value } from "../graph/graph.js";
import { substitute } from "../graph/substitute.js";
import type { Message } from "../onnx/schema.js";
import { buildModel } from "../onnx/write-model.js";
import { positions } from "../ops/positions.js";
import type { OnnxModel } from "./rewrite-model.js";

/** "standard": ONNX's operators alone, for every reader. "onnxruntime": also those that onnxruntime adds. */
export const OPERATOR_SETS = ["standard", "onnxruntime"] as const;
export type OperatorSet = (typeof OPERATOR_SETS)[number];

export interface InterchangeSource {
  /** Its output `logits` [B, C] of `input_ids`, `attention_mask` and what else the model takes. */
  readonly graph: { readonly outputs: Readonly<Record<string, Value>> };
  /** All parameters by name, float32. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** What the file says of itself. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly producerVersion: string;
}

/** The names that optimum and transformers.js give to the axes of a batch. */
const AXIS_NAMES: Readonly<Record<string, string>> = { B: "batch_size", T: "sequence_length" };
const POSITION_IDS = "position_ids";

/**
 * The float32 model. Inputs are those of the graph without `position_ids`, which is computed; the axes of a batch are
 * named `batch_size` and `sequence_length`.
 *
 * @source optimum exporters/onnx/model_configs.py TextEncoderOnnxConfig
 */
export function interchangeModel(source: InterchangeSource, operators: OperatorSet): OnnxModel {
  const model = buildModel(withoutPositionIds(source.graph.outputs), {
    operators,
    weights: source.weights,
    metadata: source.metadata,
  });
  const graph = model.graph ?? {};
  return {
    ...model,
    producerVersion: source.producerVersion,
    graph: { ...graph, input: (graph.input ?? []).map(withAxisNames), output: (graph.output ?? []).map(withAxisNames) },
  };
}

function withoutPositionIds(outputs: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  const values = Object.values(outputs);
  const { inputs } = values[0].graph;
  const named = (name: string): Value | undefined =>
    inputs.find(({ origin }) => origin.kind === "input" && origin.name === name);
  const [given, ids] = [named(POSITION_IDS), named("input_ids")];
  if (given === undefined || ids === undefined) return outputs;
  const results = substitute(values, new Map([[given, positions(ids)]]));
  return Object.fromEntries(Object.keys(outputs).map((name, i) => [name, results[i]]));
}

function withAxisNames(info: Message<"ValueInfoProto">): Message<"ValueInfoProto"> {
  const { tensorType = {} } = info.type ?? {};
  const dim = (tensorType.shape?.dim ?? []).map(({ dimParam, ...rest }) =>
    dimParam === undefined ? rest : { dimParam: AXIS_NAMES[dimParam] ?? dimParam },
  );
  return { ...info, type: { tensorType: { ...tensorType, shape: { dim } } } };
}
