/**
 * The messages in TensorFlow's checkpoints.
 *
 * @source tensorflow/core/protobuf/tensor_bundle.proto, trackable_object_graph.proto; tensor_shape.proto
 */
import { protobufCodec } from "../../base/protobuf.js";

const MESSAGES = {
  BundleHeaderProto: {
    numShards: { number: 1, type: "int32" },
    endianness: { number: 2, type: "int32" },
    version: { number: 3, type: "VersionDef" },
  },
  VersionDef: { producer: { number: 1, type: "int32" } },
  BundleEntryProto: {
    dtype: { number: 1, type: "int32" },
    shape: { number: 2, type: "TensorShapeProto" },
    shardId: { number: 3, type: "int32" },
    offset: { number: 4, type: "int64" },
    size: { number: 5, type: "int64" },
    crc32c: { number: 6, type: "fixed32" },
    slices: { number: 7, type: "bytes", repeated: true },
  },
  TensorShapeProto: { dim: { number: 2, type: "Dim", repeated: true } },
  Dim: { size: { number: 1, type: "int64" } },
  TrackableObjectGraph: { nodes: { number: 1, type: "TrackableObject", repeated: true } },
  TrackableObject: { attributes: { number: 2, type: "SerializedTensor", repeated: true } },
  SerializedTensor: {
    fullName: { number: 2, type: "string" },
    checkpointKey: { number: 3, type: "string" },
  },
} as const;

export const { decode: decodeTensorflow, encode: encodeTensorflow } = protobufCodec(MESSAGES);

/** TensorFlow's numbers of element types, and the bytes of an element. @source tensorflow/core/framework/types.proto */
export const DTYPES: Readonly<Record<number, { readonly name: string; readonly bytes: number }>> = {
  1: { name: "float32", bytes: 4 },
  2: { name: "float64", bytes: 8 },
  3: { name: "int32", bytes: 4 },
  4: { name: "uint8", bytes: 1 },
  5: { name: "int16", bytes: 2 },
  6: { name: "int8", bytes: 1 },
  9: { name: "int64", bytes: 8 },
  10: { name: "bool", bytes: 1 },
  14: { name: "bfloat16", bytes: 2 },
  17: { name: "uint16", bytes: 2 },
  19: { name: "float16", bytes: 2 },
  22: { name: "uint32", bytes: 4 },
  23: { name: "uint64", bytes: 8 },
};
/** Text has no fixed size. */
export const STRING_DTYPE = 7;
