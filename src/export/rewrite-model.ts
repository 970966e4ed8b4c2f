/** An ONNX model with other nodes in the place of some: what every dtype is made with. */
import { ATTRIBUTE_TYPES, DATA_TYPES, type Message } from "../onnx/schema.js";

export type OnnxModel = Message<"ModelProto">;
export type OnnxNode = Message<"NodeProto">;
export type OnnxTensor = Message<"TensorProto">;

/** A float32 matrix [rows, columns] that the model holds. */
export interface Weight {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** Row-major. */
  readonly values: Float32Array;
}

/** What a rewriting of nodes may ask for and add. */
export interface Rewriting {
  /** The matrix of this name, if the model holds one. */
  weight(name: string | undefined): Weight | undefined;
  /** Adds a node; returns its outputs' names, which are new where none are given. */
  node(
    type: string,
    inputs: readonly string[],
    options?: {
      outputs?: readonly string[];
      count?: number;
      attributes?: Readonly<Record<string, number>>;
      domain?: string;
    },
  ): readonly string[];
  /** Adds a tensor; one of this name is added once. */
  tensor(
    name: string,
    type: "float32" | "int8" | "uint8" | "uint4",
    dims: readonly number[],
    data: Float32Array | Int8Array | Uint8Array,
  ): string;
  /** The result of `make` for this key, made once. */
  once<T>(key: string, make: () => T): T;
}

/**
 * `model` with `rewrite` applied to each node in order: it says true when it has added what stands in the node's place.
 * Tensors that no node reads any more are left out.
 */
export function rewriteModel(model: OnnxModel, rewrite: (node: OnnxNode, to: Rewriting) => boolean): OnnxModel {
  const graph = model.graph ?? {};
  const tensors = new Map((graph.initializer ?? []).map((tensor) => [tensor.name ?? "", tensor]));
  const nodes: OnnxNode[] = [];
  const made = new Map<string, unknown>();
  let fresh = 0;
  const to: Rewriting = {
    weight(name) {
      const tensor = tensors.get(name ?? "");
      if (tensor?.dataType !== DATA_TYPES.float32 || tensor.dims?.length !== 2) return undefined;
      const [rows, columns] = tensor.dims;
      return { name: tensor.name ?? "", rows, columns, values: floatsOf(tensor) };
    },
    node(type, inputs, { outputs, count = 1, attributes = {}, domain = "" } = {}) {
      const names = outputs ?? Array.from({ length: count }, () => `q${fresh++}`);
      nodes.push({
        input: inputs,
        output: names,
        name: `${type}_q${nodes.length}`,
        opType: type,
        attribute: Object.entries(attributes).map(([name, i]) => ({ name, i, type: ATTRIBUTE_TYPES.int })),
        domain,
      });
      return names;
    },
    tensor(name, type, dims, data) {
      if (!tensors.has(name)) {
        const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
        tensors.set(name, { dims, dataType: DATA_TYPES[type], name, rawData });
      }
      return name;
    },
    once<T>(key: string, make: () => T): T {
      if (!made.has(key)) made.set(key, make());
      return made.get(key) as T;
    },
  };
  for (const node of graph.node ?? []) if (!rewrite(node, to)) nodes.push(node);
  const read = new Set(nodes.flatMap(({ input }) => input ?? []));
  const initializer = [...tensors.values()].filter(({ name }) => read.has(name ?? ""));
  return { ...model, graph: { ...graph, node: nodes, initializer } };
}

/** The values of a float32 tensor, without a copy where its bytes stand at a multiple of four. */
export function floatsOf({ rawData = new Uint8Array() }: OnnxTensor): Float32Array {
  const { buffer, byteOffset, byteLength } = rawData.byteOffset % 4 === 0 ? rawData : rawData.slice();
  return new Float32Array(buffer, byteOffset, byteLength / 4);
}

/** The value of a whole-number attribute. */
export function intAttribute(node: OnnxNode, name: string): number | undefined {
  return node.attribute?.find((attribute) => attribute.name === name)?.i;
}

/** The weight and the names of x, bias and y of y = x Wᵀ + b, if this is what `node` computes with a weight it holds. */
export function asLinear(
  node: OnnxNode,
  to: Rewriting,
): { weight: Weight; x: string; bias: string; y: string } | undefined {
  const [x, w, bias] = node.input ?? [];
  const weight = node.opType === "Gemm" && intAttribute(node, "transB") === 1 ? to.weight(w) : undefined;
  return weight && { weight, x, bias, y: (node.output ?? [])[0] };
}

/** The weight and the names of ids and y, if `node` looks up rows of a table that the model holds. */
export function asLookup(node: OnnxNode, to: Rewriting): { table: Weight; ids: string; y: string } | undefined {
  const [w, ids] = node.input ?? [];
  const table = node.opType === "Gather" && (intAttribute(node, "axis") ?? 0) === 0 ? to.weight(w) : undefined;
  return table && { table, ids, y: (node.output ?? [])[0] };
}

/** Weights of fewer elements stay float32: they take hardly any space, and the last layer is the one that decides. */
export const SMALL_WEIGHT = 16_384;
