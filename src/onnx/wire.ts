/** ONNX messages to bytes and back, by the tables of the schema. */
import { protobufCodec } from "../base/protobuf.js";
import { MESSAGES } from "./schema.js";

export const { encode: encodeMessage, decode: decodeMessage } = protobufCodec(MESSAGES);
