import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextuneError } from "../../base/errors.js";
import { readIndex } from "./bundle.js";
import { maskedCrc32c } from "./crc32c.js";
import { readTable, type TableEntry } from "./table.js";
import { writeTable } from "./write-table.js";

it("the checksum is that of TensorFlow", () => {
  // RFC 3720, B.4: 32 zero bytes have 0x8a9136aa; masked: turned right by 15 bits, plus a constant.
  const crc = 0x8a9136aa;
  expect(maskedCrc32c(new Uint8Array(32))).toBe((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
});

const entries = fc
  .uniqueArray(fc.record({ key: fc.string(), value: fc.uint8Array({ maxLength: 40 }) }), { selector: ({ key }) => key })
  .map((rows) => rows as TableEntry[]);

describe("a table", () => {
  it("gives back what was written", () => {
    fc.assert(
      fc.property(entries, (rows) => {
        expect(readTable(writeTable(rows), "here")).toEqual(rows);
      }),
    );
  });

  it("has keys that share their beginnings", () => {
    // "abc", then two letters of it and "d".
    const block = [0, 3, 1, 97, 98, 99, 1, 2, 1, 1, 100, 2];
    const read = readTable(tableOf([...block, ...RESTARTS]), "here");
    expect(read.map(({ key, value }) => [key, [...value]])).toEqual([
      ["abc", [1]],
      ["abd", [2]],
    ]);
  });

  it("whose entries are of any kind is a checkpoint, or an error that names the file", () => {
    // What is in the blocks, with checksums that fit it.
    const property = fc.property(entries, (rows) => {
      const header: TableEntry = { key: "", value: Uint8Array.of(8, 1, 26, 2, 8, 1) };
      try {
        readIndex(writeTable([header, ...rows]), "here");
      } catch (error) {
        if (!(error instanceof TextuneError && error.code === "E_WEIGHTS" && error.message.startsWith("here")))
          throw error;
      }
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it("refuses keys that grow from one another without end", () => {
    // Each entry is the key before it and one letter more: a few bytes for thousands.
    const rows = Array.from({ length: 5000 }, (_, i) => [...varint(i), 1, 0, 97]).flat();
    expect(() => readTable(tableOf([...rows, ...RESTARTS]), "here")).toThrow(/at most 4096 bytes/);
    expect(() => readTable(tableOf([5, 1, 0, 97, ...RESTARTS]), "here")).toThrow(/5 shared of 0/);
  });

  it("refuses what does not have its checksum, is packed, or no table", () => {
    const bytes = writeTable([{ key: "a", value: Uint8Array.of(1) }]);
    const changed = (place: number, byte: number): Uint8Array => bytes.map((old, i) => (i === place ? byte : old));
    expect(() => readTable(changed(3, 98), "here")).toThrow(/here, byte 0: expected the checksum/);
    expect(() => readTable(changed(13, 1), "here")).toThrow(/compression 1/);
    expect(() => readTable(changed(bytes.length - 1, 0), "here")).toThrow(/expected a table of TensorFlow/);
    expect(() => readTable(bytes.subarray(-47), "here")).toThrow(/a file of 47/);
  });
});

const RESTARTS = [0, 0, 0, 0, 1, 0, 0, 0];

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

/** A table with these bytes as its one block of entries. */
function tableOf(block: readonly number[]): Uint8Array {
  const sealed = (bytes: readonly number[]): number[] => {
    const crc = maskedCrc32c(Uint8Array.from([...bytes, 0]));
    return [...bytes, 0, crc & 255, (crc >>> 8) & 255, (crc >>> 16) & 255, crc >>> 24];
  };
  const handle = [0, ...varint(block.length)];
  const index = [0, 0, handle.length, ...handle, ...RESTARTS];
  const handles = [0, 0, ...varint(block.length + 5), ...varint(index.length)];
  const footer = [...handles, ...new Array<number>(40 - handles.length).fill(0), ...writeTable([]).subarray(-8)];
  return Uint8Array.from([...sealed(block), ...sealed(index), ...footer]);
}
