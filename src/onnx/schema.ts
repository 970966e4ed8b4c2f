/**
 * The messages of the ONNX file format that Textune writes and reads, as tables.
 *
 * @source onnx/onnx.proto (ONNX 1.17): field names and numbers
 */

import type { MessageOf } from "../base/protobuf.js";

export const MESSAGES = {
  ModelProto: {
    irVersion: { number: 1, type: "int64" },
    producerName: { number: 2, type: "string" },
    producerVersion: { number: 3, type: "string" },
    graph: { number: 7, type: "GraphProto" },
    opsetImport: { number: 8, type: "OperatorSetIdProto", repeated: true },
    metadataProps: { number: 14, type: "StringStringEntryProto", repeated: true },
  },
  OperatorSetIdProto: { domain: { number: 1, type: "string" }, version: { number: 2, type: "int64" } },
  StringStringEntryProto: { key: { number: 1, type: "string" }, value: { number: 2, type: "string" } },
  GraphProto: {
    node: { number: 1, type: "NodeProto", repeated: true },
    name: { number: 2, type: "string" },
    initializer: { number: 5, type: "TensorProto", repeated: true },
    input: { number: 11, type: "ValueInfoProto", repeated: true },
    output: { number: 12, type: "ValueInfoProto", repeated: true },
  },
  NodeProto: {
    input: { number: 1, type: "string", repeated: true },
    output: { number: 2, type: "string", repeated: true },
    name: { number: 3, type: "string" },
    opType: { number: 4, type: "string" },
    attribute: { number: 5, type: "AttributeProto", repeated: true },
    domain: { number: 7, type: "string" },
  },
  AttributeProto: {
    name: { number: 1, type: "string" },
    f: { number: 2, type: "float" },
    i: { number: 3, type: "int64" },
    s: { number: 4, type: "string" },
    ints: { number: 8, type: "int64", repeated: true },
    type: { number: 20, type: "int32" },
  },
  TensorProto: {
    dims: { number: 1, type: "int64", repeated: true },
    dataType: { number: 2, type: "int32" },
    name: { number: 8, type: "string" },
    rawData: { number: 9, type: "bytes" },
    externalData: { number: 13, type: "StringStringEntryProto", repeated: true },
    dataLocation: { number: 14, type: "int32" },
  },
  ValueInfoProto: { name: { number: 1, type: "string" }, type: { number: 2, type: "TypeProto" } },
  TypeProto: { tensorType: { number: 1, type: "TensorTypeProto" } },
  TensorTypeProto: { elemType: { number: 1, type: "int32" }, shape: { number: 2, type: "TensorShapeProto" } },
  TensorShapeProto: { dim: { number: 1, type: "DimensionProto", repeated: true } },
  DimensionProto: { dimValue: { number: 1, type: "int64" }, dimParam: { number: 2, type: "string" } },
} as const;

/** ONNX's numbers of element types (TensorProto.DataType). */
export const DATA_TYPES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  uint4: 21,
} as const;

/** ONNX's numbers of attribute types (AttributeProto.AttributeType). */
export const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, ints: 7 } as const;

export type MessageName = keyof typeof MESSAGES;

/** The value of a message: fields by name, absent ones left out, repeated ones as arrays. */
export type Message<N extends MessageName> = MessageOf<typeof MESSAGES, N>;
