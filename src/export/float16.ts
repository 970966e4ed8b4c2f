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
 * What is computed of positions alone stays float32: a half tells no two positions above 2048 apart, and their angles and
 * distances far fewer.
 */
const OF_POSITIONS: ReadonlySet<string> = new Set(["Cast", "Reshape", "Add", "Sub", "Mul", "Sin", "Cos", "Greater"]);

/**
 * Weights and activations as halves; the logits come out as float32. On a GPU all of it is computed in halves, on a
 * processor without such instructions in float32.
 */
export function convertToFloat16(model: OnnxModel): OnnxModel {
  const graph = model.graph ?? {};
  const nodes = graph.node ?? [];
  const initializers = new Map((graph.initializer ?? []).map((tensor) => [tensor.name ?? "", tensor]));
  const { exact, booleans } = ofPositions(nodes, initializers);
  const results = new Set((graph.output ?? []).map(({ name = "" }) => name).filter((name) => !exact.has(name)));
  const half = (name: string): string => `${name}_float16`;
  // A tensor that both kinds of nodes read is there twice.
  const single = (name: string): string => (isFloat(initializers.get(name)) ? `${name}_float32` : name);
  const written: OnnxNode[] = [];
  const halved = new Set<string>();
  const asHalf = (name: string): string => {
    if (results.has(name)) return half(name);
    if (!exact.has(name) || booleans.has(name)) return name;
    if (!halved.has(name)) written.push(cast(name, half(name), DATA_TYPES.float16));
    halved.add(name);
    return half(name);
  };
  const singles = new Set<string>();
  for (const one of nodes) {
    const [output = ""] = one.output ?? [];
    if (exact.has(output)) {
      const input = (one.input ?? []).map(single);
      for (const name of one.input ?? []) if (single(name) !== name) singles.add(name);
      written.push({ ...one, input });
      continue;
    }
    const input = (one.input ?? []).map(asHalf);
    const renamed = (one.output ?? []).map((name) => (results.has(name) ? half(name) : name));
    written.push({ ...withFloat16Cast(one), input, output: renamed });
  }
  for (const name of results) written.push(cast(half(name), name, DATA_TYPES.float32));
  const initializer = [...initializers].flatMap(([name, tensor]) => [
    toHalf(tensor),
    ...(singles.has(name) ? [{ ...tensor, name: single(name) }] : []),
  ]);
  const read = new Set(written.flatMap(({ input }) => input ?? []));
  return {
    ...model,
    graph: { ...graph, node: written, initializer: initializer.filter(({ name = "" }) => read.has(name)) },
  };
}

/** The values that follow from a range of positions and constants alone, and those of them that are no numbers. */
function ofPositions(
  nodes: readonly OnnxNode[],
  initializers: ReadonlyMap<string, OnnxTensor>,
): { readonly exact: ReadonlySet<string>; readonly booleans: ReadonlySet<string> } {
  const exact = new Set<string>();
  const booleans = new Set<string>();
  for (const { opType = "", input = [], output = [] } of nodes) {
    const [name = ""] = output;
    const follows = input.some((value) => exact.has(value)) && OF_POSITIONS.has(opType);
    const known = (value: string, at: number): boolean =>
      // The second input of Reshape is a shape.
      exact.has(value) || initializers.has(value) || (opType === "Reshape" && at === 1);
    if (opType === "Range" || (follows && input.every(known))) {
      exact.add(name);
      if (opType === "Greater" || opType === "Range") booleans.add(name);
    }
  }
  return { exact, booleans };
}

function isFloat(tensor: OnnxTensor | undefined): boolean {
  return tensor?.dataType === DATA_TYPES.float32;
}

function cast(from: string, to: string, type: number): OnnxNode {
  const attribute = [{ name: "to", i: type, type: ATTRIBUTE_TYPES.int }];
  return { input: [from], output: [to], name: `Cast_${to}`, opType: "Cast", attribute, domain: "" };
}

function toHalf(tensor: OnnxTensor): OnnxTensor {
  if (!isFloat(tensor)) return tensor;
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
