/** Everything in 16-bit floating point. */
import { floatToHalf } from "../base/float16.js";
import { ATTRIBUTE_TYPES, DATA_TYPES } from "../onnx/schema.js";
import { floatsOf, type OnnxModel, type OnnxNode, type OnnxTensor } from "./rewrite-model.js";

/**
 * What a mask adds to the scores of padding is at most this in size: the lowest half number itself would become infinite
 * when a score is added to it.
 */
const LARGEST_ADDEND = 32_768;

/**
 * Weights and activations as halves; the logits come out as float32. On a GPU all of it is computed in halves, on a
 * processor without such instructions in float32.
 */
export function convertToFloat16(model: OnnxModel): OnnxModel {
  const graph = model.graph ?? {};
  const outputs = graph.output ?? [];
  const half = (name: string): string => `${name}_float16`;
  const results = new Set(outputs.map(({ name }) => name ?? ""));
  const renamed = (names: readonly string[] = []) => names.map((name) => (results.has(name) ? half(name) : name));
  const node = (graph.node ?? []).map((one) => ({
    ...withFloat16Cast(one),
    input: renamed(one.input),
    output: renamed(one.output),
  }));
  for (const name of results) {
    node.push({
      input: [half(name)],
      output: [name],
      name: `Cast_${name}`,
      opType: "Cast",
      attribute: [{ name: "to", i: DATA_TYPES.float32, type: ATTRIBUTE_TYPES.int }],
      domain: "",
    });
  }
  return { ...model, graph: { ...graph, node, initializer: (graph.initializer ?? []).map(toHalf) } };
}

function toHalf(tensor: OnnxTensor): OnnxTensor {
  if (tensor.dataType !== DATA_TYPES.float32) return tensor;
  const values = floatsOf(tensor).map((value) => Math.min(LARGEST_ADDEND, Math.max(-LARGEST_ADDEND, value)));
  return { ...tensor, dataType: DATA_TYPES.float16, rawData: new Uint8Array(floatToHalf(values).buffer) };
}

/** A conversion to float32 becomes one to halves. */
function withFloat16Cast(node: OnnxNode): OnnxNode {
  if (node.opType !== "Cast") return node;
  const attribute = (node.attribute ?? []).map((one) =>
    one.name === "to" && one.i === DATA_TYPES.float32 ? { ...one, i: DATA_TYPES.float16 } : one,
  );
  return { ...node, attribute };
}
