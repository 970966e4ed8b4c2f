/** A graph as an ONNX model: each operator's lowering, written in the order of computation. */
import { fail } from "../base/errors.js";
import type { DType } from "../graph/dtype.js";
import { reachableNodes, type Value } from "../graph/graph.js";
import type { Emitter, OnnxAttribute, OnnxAttributes } from "../graph/op.js";
import { type Dim, dimNames, formatShape, resolveDim, type Shape, sameShape, sizeOf } from "../graph/shape.js";
import { ATTRIBUTE_TYPES, DATA_TYPES, type Message } from "./schema.js";
import { encodeMessage } from "./wire.js";

/** The version of the standard operators that a written model declares. */
const OPSET = 18;
const CONTRIB = { domain: "com.microsoft", version: 1 };
/** The version of the file format: of the standard's alone the one that came with the opset, which older readers know. */
const IR_VERSIONS = { onnxruntime: 10, standard: 8 } as const;

/** Where the bytes of an initializer stand in a file beside the model. */
export interface ExternalWeight {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

export interface ModelOptions {
  /** What the model is written for; operators choose their form by it. "cpu" by default. */
  readonly device?: "cpu" | "gpu";
  /** "onnxruntime" (the default) may use operators that onnxruntime adds; "standard" uses those of ONNX alone. */
  readonly operators?: "onnxruntime" | "standard";
  /** Inputs to be written as constants of the model: float32 values, or where they stand in a file. */
  readonly weights?: ReadonlyMap<string, Float32Array | ExternalWeight>;
  /** Key and value pairs that the file carries. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The ONNX model that computes `outputs`. */
export function writeModel(outputs: Readonly<Record<string, Value>>, options: ModelOptions = {}): Uint8Array {
  return encodeMessage("ModelProto", buildModel(outputs, options));
}

/** As {@link writeModel}, before it is made bytes. */
export function buildModel(
  outputs: Readonly<Record<string, Value>>,
  options: ModelOptions = {},
): Message<"ModelProto"> {
  const { device = "cpu", operators = "onnxruntime", weights = new Map(), metadata = {} } = options;
  const nodes = reachableNodes(Object.values(outputs));
  const read = new Set<Value>([...nodes.flatMap((node) => node.inputs), ...Object.values(outputs)]);
  const usedInputs = (Object.values(outputs)[0]?.graph.inputs ?? []).filter((value) => read.has(value));
  const onnxNodes: Message<"NodeProto">[] = [];
  const initializers: Message<"TensorProto">[] = [];
  const constants = new Map<string, string>();
  const cached = new Map<string, string>();
  let fresh = 0;

  const names = new Map<Value, string>();
  for (const [name, value] of Object.entries(outputs))
    if (value.origin.kind === "node" && !names.has(value)) names.set(value, name);
  const nameOf = (value: Value): string => {
    const known = names.get(value);
    if (known !== undefined) return known;
    const { origin } = value;
    const name =
      origin.kind === "input"
        ? origin.name
        : origin.kind === "constant"
          ? emit.constant(value.dtype, value.shape as number[], origin.values)
          : `v${value.id}`;
    names.set(value, name);
    return name;
  };
  const once = (key: string, make: () => string): string => {
    const known = cached.get(key);
    if (known !== undefined) return known;
    const made = make();
    cached.set(key, made);
    return made;
  };

  const emit: Emitter = {
    device,
    operators,
    node(type, inputs, { outputs: results = [""], attributes = {}, domain = "" } = {}) {
      const written = results.map((result) => (result === "" && results.length === 1 ? `t${fresh++}` : result));
      while (written.length > 1 && written[written.length - 1] === "") written.pop();
      onnxNodes.push({
        input: inputs,
        output: written,
        name: `${type}_${onnxNodes.length}`,
        opType: type,
        attribute: attributesOf(attributes),
        domain,
      });
      return written;
    },
    constant(dtype, shape, values) {
      const key = `${dtype} ${formatShape(shape)} ${values.join(",")}`;
      const known = constants.get(key);
      if (known !== undefined) return known;
      const name = `c${constants.size}`;
      constants.set(key, name);
      initializers.push({ dims: shape, dataType: DATA_TYPES[dtype], name, rawData: bytesOf(dtype, shape, values) });
      return name;
    },
    dims(shape) {
      if (shape.every((dim) => typeof dim === "number"))
        return emit.constant("int64", [shape.length], shape as number[]);
      return once(
        `dims ${formatShape(shape)}`,
        () => emit.node("Concat", shape.map(sizeVector), { attributes: { axis: { int: 0 } } })[0],
      );
    },
    reshape(input, from, to, output) {
      if (sameShape(from, to))
        return output === undefined ? input : emit.node("Identity", [input], { outputs: [output] })[0];
      const make = () =>
        emit.node("Reshape", [input, targetShape(from, to)], output === undefined ? {} : { outputs: [output] })[0];
      return output === undefined ? once(`reshape ${input} ${formatShape(to)}`, make) : make();
    },
  };

  /** The size of one dimension as an int64 vector of one element. */
  function sizeVector(dim: Dim): string {
    if (typeof dim === "number") return emit.constant("int64", [1], [dim]);
    const parts = dimNames(dim).map(namedSize);
    const factor = resolveDim(dim, Object.fromEntries(dimNames(dim).map((name) => [name, 1])));
    if (factor !== 1) parts.push(emit.constant("int64", [1], [factor]));
    return parts.reduce((a, b) => once(`${a} * ${b}`, () => emit.node("Mul", [a, b])[0]));
  }

  /** The size of a named dimension, read off the shape of an input that has it. */
  function namedSize(name: string): string {
    return once(`size ${name}`, () => {
      for (const value of usedInputs) {
        const axis = value.shape.indexOf(name);
        if (axis < 0) continue;
        return emit.node("Shape", [nameOf(value)], { attributes: { start: { int: axis }, end: { int: axis + 1 } } })[0];
      }
      return fail("E_GRAPH", { where: `dimension ${name}`, expected: "an input that has it", got: "none" });
    });
  }

  /** The shape operand of Reshape: 0 keeps an axis, one -1 is inferred; sizes are computed only where these do not do. */
  function targetShape(from: Shape, to: Shape): string {
    const kept = to.map((dim, axis) => (typeof dim === "number" ? dim : from[axis] === dim ? 0 : -1));
    return kept.filter((dim) => dim === -1).length <= 1 ? emit.constant("int64", [to.length], kept) : emit.dims(to);
  }

  for (const node of nodes) {
    const inputs = node.inputs.map(nameOf);
    const results = node.outputs.map((output) => (read.has(output) ? nameOf(output) : ""));
    const { onnx } = node.op;
    if (typeof onnx === "function") {
      onnx({ emit, node, attributes: node.attributes, inputs, outputs: results });
    } else {
      emit.node(onnx.type, inputs, {
        // The first output of an ONNX operator is not optional, whether or not somebody reads it.
        outputs: [nameOf(node.outputs[0]), ...results.slice(1)],
        domain: onnx.domain ?? "",
        attributes: onnx.attributes?.(node.attributes) ?? {},
      });
    }
  }
  for (const [name, value] of Object.entries(outputs)) {
    if (nameOf(value) !== name) emit.node("Identity", [nameOf(value)], { outputs: [name] });
  }
  for (const value of usedInputs) {
    const weight = weights.get(nameOf(value));
    if (weight !== undefined) initializers.push(weightTensor(value, nameOf(value), weight));
  }

  return {
    irVersion: IR_VERSIONS[operators],
    producerName: "textune",
    graph: {
      node: onnxNodes,
      name: "textune",
      initializer: initializers,
      input: usedInputs
        .filter((value) => !weights.has(nameOf(value)))
        .map((value) => valueInfo(nameOf(value), value.dtype, value.shape)),
      output: Object.entries(outputs).map(([name, value]) => valueInfo(name, value.dtype, value.shape)),
    },
    opsetImport: [{ domain: "", version: OPSET }, ...(operators === "standard" ? [] : [CONTRIB])],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  };
}

function valueInfo(name: string, dtype: DType, shape: Shape): Message<"ValueInfoProto"> {
  const dim = shape.map((size) => (typeof size === "number" ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: DATA_TYPES[dtype], shape: { dim } } } };
}

function weightTensor(value: Value, name: string, weight: Float32Array | ExternalWeight): Message<"TensorProto"> {
  const header = { dims: value.shape as readonly number[], dataType: DATA_TYPES.float32, name };
  if (weight instanceof Float32Array) {
    return { ...header, rawData: new Uint8Array(weight.buffer, weight.byteOffset, weight.byteLength) };
  }
  const entries = { location: weight.file, offset: String(weight.offset), length: String(weight.length) };
  return {
    ...header,
    externalData: Object.entries(entries).map(([key, text]) => ({ key, value: text })),
    dataLocation: 1,
  };
}

function attributesOf(attributes: OnnxAttributes): Message<"AttributeProto">[] {
  return Object.entries(attributes).map(([name, attribute]) => ({ name, ...attributeValue(attribute) }));
}

function attributeValue(attribute: OnnxAttribute): Message<"AttributeProto"> {
  if ("int" in attribute) return { i: attribute.int, type: ATTRIBUTE_TYPES.int };
  if ("float" in attribute) return { f: attribute.float, type: ATTRIBUTE_TYPES.float };
  if ("ints" in attribute) return { ints: attribute.ints, type: ATTRIBUTE_TYPES.ints };
  return { s: attribute.string, type: ATTRIBUTE_TYPES.string };
}

/** Constants in ONNX's raw form: little-endian, booleans a byte each. */
function bytesOf(dtype: DType, shape: readonly number[], values: readonly number[]): Uint8Array {
  const size = sizeOf(shape);
  const width = { float32: 4, int32: 4, int64: 8, bool: 1 }[dtype];
  const view = new DataView(new ArrayBuffer(size * width));
  for (let i = 0; i < size; i++) {
    const value = values.length === 1 ? values[0] : values[i];
    if (dtype === "float32") view.setFloat32(i * 4, value, true);
    else if (dtype === "int32") view.setInt32(i * 4, value, true);
    else if (dtype === "int64") view.setBigInt64(i * 8, BigInt(value), true);
    else view.setUint8(i, value);
  }
  return new Uint8Array(view.buffer);
}
