import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MESSAGES, type Message } from "./schema.js";
import { decodeMessage, encodeMessage } from "./wire.js";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const safeInteger = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });

const attribute: fc.Arbitrary<Message<"AttributeProto">> = fc.record(
  {
    name: fc.string(),
    f: fc.float({ noNaN: true }),
    i: safeInteger,
    s: fc.string(),
    ints: fc.array(safeInteger, { minLength: 1 }),
    type: fc.integer({ min: 0, max: 20 }),
  },
  { requiredKeys: ["name"] },
);
const tensor: fc.Arbitrary<Message<"TensorProto">> = fc.record(
  {
    dims: fc.array(fc.nat(), { minLength: 1 }),
    dataType: fc.integer({ min: 1, max: 16 }),
    name: fc.string(),
    rawData: fc.uint8Array(),
    externalData: fc.array(fc.record({ key: fc.string(), value: fc.string() }), { minLength: 1 }),
  },
  { requiredKeys: ["name"] },
);
const node: fc.Arbitrary<Message<"NodeProto">> = fc.record({
  input: fc.array(fc.string(), { minLength: 1 }),
  output: fc.array(fc.string(), { minLength: 1 }), // "" among them: an output that nobody reads
  opType: fc.string(),
  attribute: fc.array(attribute, { minLength: 1 }),
});

describe("the wire format", () => {
  it("is that of protobuf, byte for byte", () => {
    // Written by hand from the encoding's documentation: tag = number * 8 + wire type.
    expect(hex(encodeMessage("OperatorSetIdProto", { domain: "ai", version: 300 }))).toBe("0a02616910ac02");
    // int64 -1 takes ten bytes; a float stands in four; strings are UTF-8.
    expect(hex(encodeMessage("AttributeProto", { name: "é", f: 0.5, i: -1, type: 2 }))).toBe(
      "0a02c3a9150000003f18ffffffffffffffffff01a00102",
    );
    // A nested message is a length and its bytes; an empty string in a list is kept, an absent field left out.
    expect(hex(encodeMessage("NodeProto", { output: ["", "a"], attribute: [{ i: 7 }] }))).toBe(
      "1200120161" + "2a021807",
    );
  });

  it("gives back every message that was written", () => {
    fc.assert(
      fc.property(
        fc.record({
          node: fc.array(node, { minLength: 1 }),
          initializer: fc.array(tensor, { minLength: 1 }),
          name: fc.string(),
        }),
        (graph) => {
          const model: Message<"ModelProto"> = { irVersion: 10, graph };
          expect(decodeMessage("ModelProto", encodeMessage("ModelProto", model))).toEqual(model);
        },
      ),
    );
  });

  it("passes over fields that the tables do not name", () => {
    // ModelProto: domain (4, text), model_version (5, varint), an unknown 64-bit and an unknown 32-bit field.
    const unknown = ["2203616263", "2805", "a1010102030405060708", "ad0101020304"].join("");
    const known = hex(encodeMessage("ModelProto", { irVersion: 10, producerName: "x" }));
    expect(decodeMessage("ModelProto", Buffer.from(unknown + known, "hex"))).toEqual({
      irVersion: 10,
      producerName: "x",
    });
  });
});

it("no message has two fields of one number", () => {
  for (const fields of Object.values(MESSAGES)) {
    const numbers = Object.values(fields).map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
  }
});
