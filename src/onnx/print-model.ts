/** An ONNX model as text, one line a value, to read and to compare. */
import { ATTRIBUTE_TYPES, DATA_TYPES, type Message } from "./schema.js";
import { decodeMessage } from "./wire.js";

/** Values of an initializer are shown up to this many. */
const SHOWN = 8;

/** The model in `bytes`: versions, metadata, inputs, initializers, nodes in order, outputs. */
export function printModel(bytes: Uint8Array): string {
  const { irVersion, opsetImport = [], metadataProps = [], graph = {} } = decodeMessage("ModelProto", bytes);
  const opsets = opsetImport.map(({ domain, version }) => `${domain || "ai.onnx"} ${version}`).join(", ");
  return [
    `IR ${irVersion}, ${opsets}`,
    ...metadataProps.map(({ key, value }) => `metadata ${key} = ${value}`),
    ...(graph.input ?? []).map((input) => `input ${input.name} ${typeText(input)}`),
    ...(graph.initializer ?? []).map(initializerText),
    ...(graph.node ?? []).map(nodeText),
    ...(graph.output ?? []).map((output) => `output ${output.name} ${typeText(output)}`),
  ].join("\n");
}

function typeText({ type }: Message<"ValueInfoProto">): string {
  const { elemType, shape } = type?.tensorType ?? {};
  const dims = (shape?.dim ?? []).map(({ dimParam, dimValue }) => dimParam ?? dimValue ?? "?");
  return `${dtypeName(elemType)}[${dims.join(", ")}]`;
}

function dtypeName(code: number | undefined): string {
  return Object.entries(DATA_TYPES).find(([, known]) => known === code)?.[0] ?? `type ${code}`;
}

function initializerText(tensor: Message<"TensorProto">): string {
  return `${tensor.name} = ${dtypeName(tensor.dataType)}[${(tensor.dims ?? []).join(", ")}] ${contentsText(tensor)}`;
}

function contentsText({ dataType, rawData, externalData }: Message<"TensorProto">): string {
  if (externalData !== undefined) return `in ${externalData.map(({ key, value }) => `${key} ${value}`).join(", ")}`;
  const values = valuesOf(dataType, rawData ?? new Uint8Array());
  return `{${values.slice(0, SHOWN).join(" ")}${values.length > SHOWN ? " …" : ""}}`;
}

/** The first values in ONNX's raw form, one more than are shown: little-endian, booleans a byte each. */
function valuesOf(dataType: number | undefined, bytes: Uint8Array): (number | bigint)[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const each = <T>(width: number, read: (at: number) => T): T[] =>
    Array.from({ length: Math.min(SHOWN + 1, bytes.length / width) }, (_, i) => read(i * width));
  if (dataType === DATA_TYPES.float32) return each(4, (at) => Number(view.getFloat32(at, true).toPrecision(7)));
  if (dataType === DATA_TYPES.int32) return each(4, (at) => view.getInt32(at, true));
  if (dataType === DATA_TYPES.int64) return each(8, (at) => view.getBigInt64(at, true));
  return each(1, dataType === DATA_TYPES.int8 ? (at) => view.getInt8(at) : (at) => view.getUint8(at));
}

function nodeText({ input = [], output = [], opType, domain, attribute = [] }: Message<"NodeProto">): string {
  const operator = domain ? `${domain}.${opType}` : opType;
  const attributes = attribute.map((one) => ` ${one.name}=${attributeText(one)}`).join("");
  const written = output.map((name) => name || "_").join(", ");
  return `${written} = ${operator}(${input.join(", ")}${attributes === "" ? "" : `;${attributes}`})`;
}

function attributeText({ type, i, f, s, ints }: Message<"AttributeProto">): string {
  if (type === ATTRIBUTE_TYPES.int) return String(i);
  if (type === ATTRIBUTE_TYPES.float) return String(Number(f?.toPrecision(7)));
  if (type === ATTRIBUTE_TYPES.ints) return `[${(ints ?? []).join(", ")}]`;
  return JSON.stringify(s);
}
