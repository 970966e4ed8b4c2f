/** Protobuf messages to bytes and back, by tables of their fields. */
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

type Scalar = "int64" | "int32" | "fixed32" | "float" | "double" | "string" | "bytes";

/** A field of a message; its type is a scalar or the name of a message of the same table. */
interface Field {
  readonly number: number;
  readonly type: string;
  readonly repeated?: true;
}

/** The fields of messages by their names. */
type Schema = Readonly<Record<string, Readonly<Record<string, Field>>>>;

type FieldValue<S extends Schema, F> = F extends { type: infer T }
  ? T extends Exclude<Scalar, "string" | "bytes">
    ? number
    : T extends "string"
      ? string
      : T extends "bytes"
        ? Uint8Array
        : T extends keyof S
          ? MessageOf<S, T>
          : never
  : never;

/** The value of a message: fields by name, absent ones left out, repeated ones as arrays. */
export type MessageOf<S extends Schema, N extends keyof S> = {
  -readonly [K in keyof S[N]]?: S[N][K] extends { repeated: true }
    ? readonly FieldValue<S, S[N][K]>[]
    : FieldValue<S, S[N][K]>;
};

type Contents = Record<string, unknown>;

export interface ProtobufCodec<S extends Schema> {
  /** The encoding of a message. */
  encode<N extends keyof S & string>(name: N, message: MessageOf<S, N>): Uint8Array;
  /** The message in `bytes`; fields that the table does not name are passed over. Throws where `bytes` are none. */
  decode<N extends keyof S & string>(name: N, bytes: Uint8Array): MessageOf<S, N>;
}

/** Writes and reads the messages of `schema`. */
export function protobufCodec<const S extends Schema>(schema: S): ProtobufCodec<S> {
  return {
    encode: (name, message) => {
      const writer = new BinaryWriter();
      writeFields(schema, writer, name, message as Contents);
      return writer.finish();
    },
    decode: (name, bytes) => readFields(schema, new BinaryReader(bytes), name, bytes.length) as never,
  };
}

function writeFields(schema: Schema, writer: BinaryWriter, name: string, message: Contents): void {
  for (const [key, field] of Object.entries(schema[name] ?? {})) {
    const value = message[key];
    if (value === undefined) continue;
    for (const item of field.repeated ? (value as readonly unknown[]) : [value])
      writeField(schema, writer, field, item);
  }
}

function writeField(schema: Schema, writer: BinaryWriter, field: Field, value: unknown): void {
  switch (field.type) {
    case "int64":
      writer.tag(field.number, WireType.Varint).int64(value as number);
      return;
    case "int32":
      writer.tag(field.number, WireType.Varint).int32(value as number);
      return;
    case "fixed32":
      writer.tag(field.number, WireType.Bit32).fixed32(value as number);
      return;
    case "float":
      writer.tag(field.number, WireType.Bit32).float(value as number);
      return;
    case "double":
      writer.tag(field.number, WireType.Bit64).double(value as number);
      return;
    case "string":
      writer.tag(field.number, WireType.LengthDelimited).string(value as string);
      return;
    case "bytes":
      writer.tag(field.number, WireType.LengthDelimited).bytes(value as Uint8Array);
      return;
    default:
      writer.tag(field.number, WireType.LengthDelimited).fork();
      writeFields(schema, writer, field.type, value as Contents);
      writer.join();
  }
}

function readFields(schema: Schema, reader: BinaryReader, name: string, length: number): Contents {
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError(`a message of ${length} bytes goes beyond the end`);
  const message: Contents = {};
  const byNumber = new Map(
    Object.entries(schema[name] ?? {}).map(([key, field]) => [field.number, { key, field }] as const),
  );
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    const known = byNumber.get(number);
    if (known === undefined) {
      reader.skip(wireType, number);
      continue;
    }
    const { key, field } = known;
    if (!field.repeated) {
      message[key] = readField(schema, reader, field);
      continue;
    }
    const items = (message[key] as unknown[] | undefined) ?? [];
    message[key] = items;
    if (wireType === WireType.LengthDelimited && NUMBERS.has(field.type)) {
      // Numbers may stand packed, one after another.
      const last = reader.uint32() + reader.pos;
      while (reader.pos < last) items.push(readField(schema, reader, field));
    } else items.push(readField(schema, reader, field));
  }
  return message;
}

const NUMBERS: ReadonlySet<string> = new Set<Scalar>(["int64", "int32", "fixed32", "float", "double"]);

function readField(schema: Schema, reader: BinaryReader, field: Field): unknown {
  switch (field.type) {
    case "int64":
      return Number(reader.int64());
    case "int32":
      return reader.int32();
    case "fixed32":
      return reader.fixed32();
    case "float":
      return reader.float();
    case "double":
      return reader.double();
    case "string":
      return reader.string();
    case "bytes":
      return reader.bytes();
    default:
      return readFields(schema, reader, field.type, reader.uint32());
  }
}
