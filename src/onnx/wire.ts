/** ONNX messages to bytes and back, by the tables of the schema. */
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { type Field, MESSAGES, type Message, type MessageName } from "./schema.js";

type Fields = Readonly<Record<string, Field>>;
type Contents = Record<string, unknown>;

/** The protobuf encoding of a message. */
export function encodeMessage<N extends MessageName>(name: N, message: Message<N>): Uint8Array {
  const writer = new BinaryWriter();
  writeFields(writer, name, message as Contents);
  return writer.finish();
}

function writeFields(writer: BinaryWriter, name: MessageName, message: Contents): void {
  for (const [key, field] of Object.entries(MESSAGES[name] as Fields)) {
    const value = message[key];
    if (value === undefined) continue;
    for (const item of field.repeated ? (value as readonly unknown[]) : [value]) writeField(writer, field, item);
  }
}

function writeField(writer: BinaryWriter, field: Field, value: unknown): void {
  switch (field.type) {
    case "int64":
      writer.tag(field.number, WireType.Varint).int64(value as number);
      return;
    case "int32":
      writer.tag(field.number, WireType.Varint).int32(value as number);
      return;
    case "float":
      writer.tag(field.number, WireType.Bit32).float(value as number);
      return;
    case "string":
      writer.tag(field.number, WireType.LengthDelimited).string(value as string);
      return;
    case "bytes":
      writer.tag(field.number, WireType.LengthDelimited).bytes(value as Uint8Array);
      return;
    default:
      writer.tag(field.number, WireType.LengthDelimited).fork();
      writeFields(writer, field.type, value as Contents);
      writer.join();
  }
}

/** The message in `bytes`; fields that the schema does not name are passed over. */
export function decodeMessage<N extends MessageName>(name: N, bytes: Uint8Array): Message<N> {
  return readFields(new BinaryReader(bytes), name, bytes.length) as Message<N>;
}

function readFields(reader: BinaryReader, name: MessageName, length: number): Contents {
  const end = reader.pos + length;
  const message: Contents = {};
  const byNumber = new Map(
    Object.entries(MESSAGES[name] as Fields).map(([key, field]) => [field.number, { key, field }]),
  );
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    const known = byNumber.get(number);
    if (known === undefined) {
      reader.skip(wireType, number);
      continue;
    }
    const value = readField(reader, known.field);
    if (known.field.repeated) {
      const items = (message[known.key] as unknown[] | undefined) ?? [];
      items.push(value);
      message[known.key] = items;
    } else message[known.key] = value;
  }
  return message;
}

function readField(reader: BinaryReader, field: Field): unknown {
  switch (field.type) {
    case "int64":
      return Number(reader.int64());
    case "int32":
      return reader.int32();
    case "float":
      return reader.float();
    case "string":
      return reader.string();
    case "bytes":
      return reader.bytes();
    default:
      return readFields(reader, field.type, reader.uint32());
  }
}
