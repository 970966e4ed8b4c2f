/**
 * TensorBoard's event files: records of TensorFlow, each an Event message.
 *
 * @source tensorflow/core/lib/io/record_writer.cc, tensorflow/core/util/event.proto, core/framework/summary.proto
 */
import { fail } from "../../base/errors.js";
import { type MessageOf, protobufCodec } from "../../base/protobuf.js";
import { maskedCrc32c } from "../../checkpoints/tensorflow/crc32c.js";

const MESSAGES = {
  Event: {
    wallTime: { number: 1, type: "double" },
    step: { number: 2, type: "int64" },
    fileVersion: { number: 3, type: "string" },
    summary: { number: 5, type: "Summary" },
  },
  Summary: { value: { number: 1, type: "Value", repeated: true } },
  Value: {
    tag: { number: 1, type: "string" },
    simpleValue: { number: 2, type: "float" },
    tensor: { number: 8, type: "Tensor" },
  },
  Tensor: {
    dtype: { number: 1, type: "int32" },
    content: { number: 4, type: "bytes" },
    floats: { number: 5, type: "float", repeated: true },
    doubles: { number: 6, type: "double", repeated: true },
  },
} as const;

const { encode, decode } = protobufCodec(MESSAGES);
export type EventMessage = MessageOf<typeof MESSAGES, "Event">;

/** Bytes before a record: its length in 8, and the checksum of these. */
const HEAD = 12;
const FOOT = 4;

/** A record with its length and checksums. */
export function encodeEvent(event: EventMessage): Uint8Array {
  const body = encode("Event", event);
  const record = new Uint8Array(HEAD + body.length + FOOT);
  const view = new DataView(record.buffer);
  view.setUint32(0, body.length, true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(body, HEAD);
  view.setUint32(HEAD + body.length, maskedCrc32c(body), true);
  return record;
}

/**
 * The events of a file. One that is cut short, as a program that still writes or was killed leaves it, ends at its last
 * whole record.
 *
 * @throws E_DATA where a checksum is wrong: the file is damaged, or is none
 */
export function* decodeEvents(bytes: Uint8Array, name: string): Generator<EventMessage> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const broken = (at: number): never =>
    fail("E_DATA", { where: `${name}, byte ${at}`, expected: "a record of TensorBoard", got: "a wrong checksum" });
  let at = 0;
  while (at + HEAD <= bytes.length) {
    const length = Number(view.getBigUint64(at, true));
    if (view.getUint32(at + 8, true) !== maskedCrc32c(bytes.subarray(at, at + 8))) broken(at);
    const end = at + HEAD + length;
    if (end + FOOT > bytes.length) return;
    const body = bytes.subarray(at + HEAD, end);
    if (view.getUint32(end, true) !== maskedCrc32c(body)) broken(at);
    yield decode("Event", body);
    at = end + FOOT;
  }
}

const FLOAT = 1;
const DOUBLE = 2;

/** The number in a value: as PyTorch and TensorFlow 1 write it, or as a tensor of one, as TensorFlow 2 does. */
export function scalarOf(value: MessageOf<typeof MESSAGES, "Value">): number | undefined {
  if (value.simpleValue !== undefined) return value.simpleValue;
  const { tensor } = value;
  if (tensor === undefined) return undefined;
  const listed = tensor.floats ?? tensor.doubles;
  if (listed?.length === 1) return listed[0];
  const { content } = tensor;
  if (content === undefined) return undefined;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  if (tensor.dtype === FLOAT && content.length === 4) return view.getFloat32(0, true);
  return tensor.dtype === DOUBLE && content.length === 8 ? view.getFloat64(0, true) : undefined;
}
