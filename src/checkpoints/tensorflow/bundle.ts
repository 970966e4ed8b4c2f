/**
 * The weights of a TensorFlow checkpoint: an index (a table of names with places) and files of data.
 *
 * @source tensorflow/core/util/tensor_bundle/tensor_bundle.cc; tensorflow/python/checkpoint/save_util.py
 */
import { countOf, damaged } from "../weight-reader.js";
import { DTYPES, decodeTensorflow, STRING_DTYPE } from "./schema.js";
import { readTable } from "./table.js";

/** A checkpoint is cut into a file per machine that trained it. */
const MAX_SHARDS = 1000;

/** A tensor of a checkpoint: `size` bytes from `offset` on in file `shard`. */
export interface BundleEntry {
  readonly key: string;
  /** "float32", …; "string" for text. */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly shard: number;
  readonly offset: number;
  readonly size: number;
  readonly checksum: number;
}

export interface Bundle {
  readonly shards: number;
  readonly entries: readonly BundleEntry[];
}

/** The tensors that an index file lists. @throws E_WEIGHTS for a file that is damaged or contradicts itself */
export function readIndex(bytes: Uint8Array, path: string): Bundle {
  const [header, ...rows] = readTable(bytes, path);
  if (header?.key !== "") damaged(path, "the header of a checkpoint", "none");
  const { numShards = 0, endianness = 0 } = decoded(path, () => decodeTensorflow("BundleHeaderProto", header.value));
  if (endianness !== 0) damaged(path, "little-endian weights", "big-endian ones");
  if (numShards < 1 || numShards > MAX_SHARDS) damaged(path, `1 to ${MAX_SHARDS} files of data`, String(numShards));
  return { shards: numShards, entries: rows.map(({ key, value }) => readEntry(key, value, numShards, path)) };
}

function readEntry(key: string, value: Uint8Array, shards: number, path: string): BundleEntry {
  const where = `${path}, weight "${key}"`;
  const entry = decoded(where, () => decodeTensorflow("BundleEntryProto", value));
  const { dtype = 0, shardId = 0, offset = 0, size = 0, crc32c: checksum = 0 } = entry;
  const shape = (entry.shape?.dim ?? []).map((dim) => dim.size ?? 0);
  const type = DTYPES[dtype];
  const known = dtype === STRING_DTYPE ? { name: "string", bytes: 0 } : type;
  if (known === undefined) return damaged(where, "a known element type", String(dtype));
  if (entry.slices !== undefined && entry.slices.length > 0)
    damaged(where, "a weight in one piece", `one in ${entry.slices.length} slices`);
  const count = countOf(shape);
  if (count === undefined || countOf([offset, size, shardId]) === undefined || shardId >= shards)
    return damaged(where, "a shape and a place", `[${shape}], byte ${offset} of file ${shardId}`);
  if (type !== undefined && size !== count * type.bytes) damaged(where, `${count * type.bytes} bytes`, String(size));
  return { key, dtype: known.name, shape, shard: shardId, offset, size, checksum };
}

/** The key under which TensorFlow 2 stores the graph of objects that hold the variables. */
export const OBJECT_GRAPH_KEY = "_CHECKPOINTABLE_OBJECT_GRAPH";
const VALUE_SUFFIX = "/.ATTRIBUTES/VARIABLE_VALUE";

/**
 * The names of variables by their keys. A key of TensorFlow 2 is a way through objects, which differs from program to
 * program; `graph`, the bytes under {@link OBJECT_GRAPH_KEY}, has the variable's own name, which says what it is. A name
 * that several variables have says nothing: they keep their keys.
 */
export function variableNames(
  keys: readonly string[],
  graph: Uint8Array | undefined,
  path: string,
): Map<string, string> {
  const { nodes = [] } =
    graph === undefined ? {} : decoded(path, () => decodeTensorflow("TrackableObjectGraph", graph));
  const fullNames = new Map<string, string>();
  const uses = new Map<string, number>();
  for (const { fullName = "", checkpointKey = "" } of nodes.flatMap(({ attributes = [] }) => attributes)) {
    if (fullName === "" || fullNames.has(checkpointKey)) continue;
    fullNames.set(checkpointKey, fullName);
    uses.set(fullName, (uses.get(fullName) ?? 0) + 1);
  }
  return new Map(
    keys.map((key) => {
      const name = fullNames.get(key);
      const own = name !== undefined && uses.get(name) === 1;
      return [key, own ? name : key.replace(VALUE_SUFFIX, "")];
    }),
  );
}

/** The one text in `bytes`, a tensor of texts: its length, a checksum of the lengths, and the text. */
export function readText(bytes: Uint8Array, where: string): Uint8Array {
  let start = 0;
  while (start < bytes.length && (bytes[start] as number) >= 128) start++;
  start += 1 + 4;
  if (start > bytes.length) damaged(where, "a text with its length", `${bytes.length} bytes`);
  return bytes.subarray(start);
}

function decoded<T>(where: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    return damaged(where, "a protobuf message", error instanceof Error ? error.message : String(error), error);
  }
}
