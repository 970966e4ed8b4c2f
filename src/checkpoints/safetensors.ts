/**
 * The safetensors format: eight bytes with the length of a JSON header, the header, the data.
 *
 * @source https://github.com/huggingface/safetensors README, "Format"
 */
import { fail } from "../base/errors.js";
import type { ByteSource } from "./byte-source.js";
import { decodeFloats, type FloatType, notFloats } from "./weight-reader.js";

/** Bytes of an element, by the names of the format. */
const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
};
/** The largest header that the reference implementation accepts. */
const MAX_HEADER_BYTES = 100_000_000;
export const LENGTH_BYTES = 8;

/** What a header says of a tensor; `start` and `end` are byte offsets into the data. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** Checks the first eight bytes of a file of `fileBytes` bytes and returns the length of the header. */
export function headerLength(bytes: Uint8Array, fileBytes: number, path: string): number {
  const length =
    bytes.length < LENGTH_BYTES
      ? -1
      : Number(new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true));
  if (length < 2 || length > MAX_HEADER_BYTES || LENGTH_BYTES + length > fileBytes) {
    broken(
      path,
      "a safetensors header",
      bytes.length < LENGTH_BYTES
        ? `a file of ${fileBytes} bytes`
        : `a header of ${length} bytes in a file of ${fileBytes}`,
    );
  }
  return length;
}

/** The texts that a header holds beside its tensors. */
export function parseMetadata(header: string, path: string): Readonly<Record<string, string>> {
  const { __metadata__: metadata = {} } = parseObject(header, path);
  if (typeof metadata !== "object" || metadata === null) broken(path, "metadata by name", JSON.stringify(metadata));
  return metadata as Record<string, string>;
}

/** The tensors that a header describes, checked against `dataBytes`, the number of bytes after it. */
export function parseHeader(header: string, dataBytes: number, path: string): TensorEntry[] {
  const entries = Object.entries(parseObject(header, path))
    .filter(([name]) => name !== "__metadata__")
    .map(([name, entry]) => checkEntry(name, entry, dataBytes, path));
  // As the format demands, the tensors follow one another without overlaps or holes, to the end of the file.
  let end = 0;
  for (const { name, start, end: next } of [...entries].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== end) {
      broken(
        path,
        `"${name}" to begin at byte ${end} of the data`,
        `${start}: ${start < end ? "tensors overlap" : "a hole"}`,
      );
    }
    end = next;
  }
  if (end !== dataBytes) broken(path, `${end} bytes of data, to the end of the last tensor`, String(dataBytes));
  return entries;
}

function parseObject(header: string, path: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(header);
  } catch {
    broken(path, "a header in JSON", "something else");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    broken(path, "a header with an object", "something else");
  return parsed as Record<string, unknown>;
}

function checkEntry(name: string, entry: unknown, dataBytes: number, path: string): TensorEntry {
  const {
    dtype,
    shape,
    data_offsets: offsets,
  } = (entry ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  const isList = (value: unknown): value is number[] => Array.isArray(value) && value.every(isCount);
  if (typeof dtype !== "string" || !Object.hasOwn(ELEMENT_BYTES, dtype))
    broken(path, `a known dtype of "${name}"`, JSON.stringify(dtype) ?? "none");
  if (!isList(shape) || !isList(offsets) || offsets.length !== 2)
    broken(path, `shape and data_offsets of "${name}"`, JSON.stringify(entry));
  const [start, end] = offsets;
  const expected = shape.reduce((size, dim) => size * dim, ELEMENT_BYTES[dtype]);
  if (end - start !== expected) broken(path, `${expected} bytes for "${name}"`, String(end - start));
  if (end > dataBytes)
    broken(path, `${end} bytes of data, up to the end of "${name}"`, `${dataBytes}: the file is cut off`);
  return { name, dtype, shape, start, end };
}

function broken(path: string, expected: string, got: string): never {
  return fail("E_WEIGHTS", {
    where: path,
    expected,
    got,
    fix: "the file is damaged or no safetensors file: get it anew",
  });
}

const FLOATS: Readonly<Record<string, FloatType>> = {
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
  F64: "float64",
};

/** The values of a tensor of `file`, whose data begin at byte `dataStart`. @throws E_WEIGHTS for integers */
export async function readEntry(
  { name, dtype, start, end }: TensorEntry,
  file: ByteSource,
  dataStart: number,
): Promise<Float32Array> {
  const type = FLOATS[dtype] ?? notFloats(`${file.path}, weight "${name}"`, dtype);
  return decodeFloats(type, await file.read(dataStart + start, end - start));
}

/** The header, with its length before it, of a file that holds `tensors` as F32 in their order; its length is a multiple of 8. */
export function encodeHeader(
  tensors: readonly { readonly name: string; readonly shape: readonly number[] }[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let end = 0;
  const entries = tensors.map(({ name, shape }) => {
    const start = end;
    end += shape.reduce((size, dim) => size * dim, ELEMENT_BYTES.F32);
    return [name, { dtype: "F32", shape, data_offsets: [start, end] }] as const;
  });
  const json = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }));
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(LENGTH_BYTES + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, LENGTH_BYTES);
  return bytes;
}
