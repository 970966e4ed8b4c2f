import { describe, expect, it } from "vitest";
import { protobufCodec } from "../../base/protobuf.js";
import { readIndex, variableNames } from "./bundle.js";
import { writeTable } from "./write-table.js";

const { encode } = protobufCodec({
  Header: { numShards: { number: 1, type: "int32" }, endianness: { number: 2, type: "int32" } },
  Entry: {
    dtype: { number: 1, type: "int32" },
    shape: { number: 2, type: "Shape" },
    shardId: { number: 3, type: "int32" },
    offset: { number: 4, type: "int64" },
    size: { number: 5, type: "int64" },
    slices: { number: 7, type: "bytes", repeated: true },
  },
  Shape: { dim: { number: 2, type: "Dim", repeated: true } },
  Dim: { size: { number: 1, type: "int64" } },
  Graph: { nodes: { number: 1, type: "Node", repeated: true } },
  Node: { attributes: { number: 2, type: "Attribute", repeated: true } },
  Attribute: { fullName: { number: 2, type: "string" }, checkpointKey: { number: 3, type: "string" } },
});

const ENTRY = { dtype: 1, shape: { dim: [{ size: 2 }, { size: 3 }] }, shardId: 0, offset: 8, size: 24 };

const read = (
  entry: Parameters<typeof encode<"Entry">>[1],
  header: Parameters<typeof encode<"Header">>[1] = { numShards: 1 },
) =>
  readIndex(
    writeTable([
      { key: "", value: encode("Header", header) },
      { key: "w", value: encode("Entry", entry) },
    ]),
    "here",
  );

describe("an index", () => {
  it("says where each weight stands", () => {
    expect(read(ENTRY)).toMatchObject({
      shards: 1,
      entries: [{ key: "w", dtype: "float32", shape: [2, 3], shard: 0, offset: 8, size: 24 }],
    });
  });

  it.each([
    ["another size than its shape", { ...ENTRY, size: 20 }, /"w": expected 24 bytes, got 20/],
    [
      "a shape that overflows",
      { ...ENTRY, shape: { dim: [{ size: 2 ** 40 }, { size: 2 ** 40 }] } },
      /a shape and a place/,
    ],
    ["a negative axis", { ...ENTRY, shape: { dim: [{ size: -1 }] } }, /a shape and a place/],
    ["a file that is not there", { ...ENTRY, shardId: 1 }, /of file 1/],
    ["a type that nobody knows", { ...ENTRY, dtype: 99 }, /a known element type/],
    ["slices", { ...ENTRY, slices: [new Uint8Array()] }, /1 slices/],
  ])("refuses %s", (_, entry, said) => {
    expect(() => read(entry)).toThrow(said);
  });

  it("refuses files beyond counting, and other byte orders", () => {
    expect(() => read(ENTRY, { numShards: 1e9 })).toThrow(/1 to 1000 files/);
    expect(() => read(ENTRY, { numShards: 1, endianness: 1 })).toThrow(/little-endian/);
    expect(() => readIndex(writeTable([]), "here")).toThrow(/the header/);
  });
});

it("variables are known by their own names, where these are theirs alone", () => {
  const attribute = (fullName: string, checkpointKey: string) => ({ attributes: [{ fullName, checkpointKey }] });
  const suffix = "/.ATTRIBUTES/VARIABLE_VALUE";
  const graph = encode("Graph", {
    nodes: [
      attribute("kernel", `a${suffix}`),
      attribute("Variable", `b${suffix}`),
      attribute("Variable", `c${suffix}`),
    ],
  });
  const keys = ["a", "b", "c", "d"].map((key) => key + suffix);
  expect([...variableNames(keys, graph, "here").values()]).toEqual(["kernel", "b", "c", "d"]);
  expect([...variableNames(["bert/kernel"], undefined, "here").values()]).toEqual(["bert/kernel"]);
});
