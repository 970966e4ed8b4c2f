/**
 * The weights and nodes of an ONNX file, found without reading the weights: a file may have gigabytes of them.
 *
 * @source onnx/onnx.proto (ONNX 1.17): field numbers
 */
import { decodeMessage } from "../../onnx/wire.js";
import type { ByteSource } from "../byte-source.js";
import { assertInside } from "../byte-source.js";
import { damaged } from "../weight-reader.js";

/** A weight of a file; its values stand in it, or in another one beside it. */
export interface Initializer {
  readonly name: string;
  readonly dims: readonly number[];
  /** ONNX's number of the element type. */
  readonly dataType: number;
  /** Where the values stand in this file. */
  readonly place?: Range;
  /** Where they stand in another. */
  readonly external?: Readonly<Record<string, string>>;
}

/** What is needed of a node to tell whose weight is whose. */
export interface NodeNames {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface ScannedModel {
  readonly initializers: readonly Initializer[];
  readonly nodes: readonly NodeNames[];
}

interface Range {
  readonly start: number;
  readonly length: number;
}

const MAX_ITEMS = 1_000_000;
/** A node names its inputs and outputs; a weight its shape and place. Only constants among the nodes are longer. */
const MAX_NODE_BYTES = 1 << 20;
const MAX_HEADER_BYTES = 1 << 20;

/** The weights and nodes of the model in `file`. @throws E_WEIGHTS for a file that is cut off or no ONNX model */
export async function scanModel(file: ByteSource): Promise<ScannedModel> {
  const whole = { start: 0, length: file.size };
  const initializers: Initializer[] = [];
  const nodes: NodeNames[] = [];
  let graphs = 0;
  for await (const field of fieldsOf(file, whole)) {
    if (field.number !== MODEL_GRAPH || field.range === undefined) continue;
    graphs++;
    for await (const { number, range } of fieldsOf(file, field.range)) {
      if (range === undefined) continue;
      if (nodes.length + initializers.length > MAX_ITEMS) damaged(file.path, `at most ${MAX_ITEMS} nodes`, "more");
      if (number === GRAPH_INITIALIZER) initializers.push(await readInitializer(file, range));
      else if (number === GRAPH_NODE && range.length <= MAX_NODE_BYTES) nodes.push(await readNode(file, range));
    }
  }
  if (graphs !== 1) damaged(file.path, "an ONNX model, with one graph", `${graphs} graphs`);
  return { initializers, nodes };
}

const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_INITIALIZER = 5;
/** Fields of TensorProto that hold the values of floats: as they are in memory, or one after another. */
const TENSOR_FLOATS = 4;
const TENSOR_RAW = 9;

async function readNode(file: ByteSource, range: Range): Promise<NodeNames> {
  const bytes = await file.read(range.start, range.length);
  const { opType = "", input = [], output = [] } = decoded(file, range, () => decodeMessage("NodeProto", bytes));
  return { type: opType, inputs: input, outputs: output };
}

async function readInitializer(file: ByteSource, range: Range): Promise<Initializer> {
  // All fields but the values, which may come before or after their shape.
  const header: Uint8Array[] = [];
  let headerBytes = 0;
  let place: Range | undefined;
  for await (const field of fieldsOf(file, range)) {
    const isValues = field.range !== undefined && (field.number === TENSOR_RAW || field.number === TENSOR_FLOATS);
    if (isValues) {
      place = field.range;
      continue;
    }
    headerBytes += field.whole.length;
    if (headerBytes > MAX_HEADER_BYTES)
      damaged(`${file.path}, byte ${range.start}`, "a weight with its values in one piece", "another layout");
    header.push(await file.read(field.whole.start, field.whole.length));
  }
  const bytes = Buffer.concat(header);
  const {
    name = "",
    dims = [],
    dataType = 0,
    externalData,
  } = decoded(file, range, () => decodeMessage("TensorProto", bytes));
  const external =
    externalData && Object.fromEntries(externalData.map(({ key = "", value = "" }) => [key, value] as const));
  return { name, dims, dataType, ...(place && { place }), ...(external && { external }) };
}

interface ScannedField {
  readonly number: number;
  /** With its tag. */
  readonly whole: Range;
  /** The content, of a field with a length. */
  readonly range?: Range;
}

/** The fields of the message in `range`, one after another. */
async function* fieldsOf(file: ByteSource, { start, length }: Range): AsyncGenerator<ScannedField> {
  const end = start + length;
  assertInside(file.path, start, length, file.size);
  for (let at = start; at < end; ) {
    // A tag and a length take at most twenty bytes.
    const head = await file.read(at, Math.min(20, end - at));
    const broken = (got: string): never => damaged(`${file.path}, byte ${at}`, "a protobuf field", got);
    const tag = varint(head, 0) ?? broken("no tag");
    const number = Math.floor(tag.value / 8);
    const kind = tag.value % 8;
    const value = kind === 0 || kind === 2 ? (varint(head, tag.end) ?? broken("no number")) : undefined;
    const content = at + (value?.end ?? tag.end);
    const size =
      kind === 2 ? (value?.value ?? 0) : kind === 1 ? 8 : kind === 5 ? 4 : kind === 0 ? 0 : broken(`kind ${kind}`);
    const next = content + size;
    if (number === 0 || !(next <= end)) broken(`field ${number} of ${size} bytes, ${end - content} to the end`);
    yield {
      number,
      whole: { start: at, length: next - at },
      ...(kind === 2 ? { range: { start: content, length: size } } : {}),
    };
    at = next;
  }
}

/** A number of seven bits a byte, the lowest first; undefined where it goes beyond ten bytes or the end. */
function varint(bytes: Uint8Array, start: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let i = 0; i < 10 && start + i < bytes.length; i++) {
    const byte = bytes[start + i];
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return { value, end: start + i + 1 };
  }
  return undefined;
}

function decoded<T>(file: ByteSource, { start }: Range, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    return damaged(
      `${file.path}, byte ${start}`,
      "a protobuf message",
      error instanceof Error ? error.message : String(error),
      error,
    );
  }
}
