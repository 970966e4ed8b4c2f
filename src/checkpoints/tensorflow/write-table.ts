/** Writes the table that table.ts reads: one block of entries, and an index with one entry for it. */
import { maskedCrc32c } from "./crc32c.js";
import type { TableEntry } from "./table.js";

/** The table of `entries`, whose keys are in the order of their bytes. */
export function writeTable(entries: readonly TableEntry[]): Uint8Array {
  const bytes: number[] = [];
  const put = (part: Iterable<number>): void => {
    for (const byte of part) bytes.push(byte);
  };
  /** A block, and its place for the index. */
  const block = (rows: readonly TableEntry[]): number[] => {
    const offset = bytes.length;
    for (const { key, value } of rows) {
      const name = new TextEncoder().encode(key);
      put([...varint(0), ...varint(name.length), ...varint(value.length)]);
      put(name);
      put(value);
    }
    // One place where keys begin anew: the first.
    put([0, 0, 0, 0, 1, 0, 0, 0]);
    const size = bytes.length - offset;
    put([0]);
    put(littleEndian(maskedCrc32c(Uint8Array.from(bytes.slice(offset)))));
    return [...varint(offset), ...varint(size)];
  };
  const data = block(entries);
  const meta = block([]);
  const last = entries.at(-1)?.key ?? "";
  const index = block([{ key: last, value: Uint8Array.from(data) }]);
  const handles = [...meta, ...index];
  put([...handles, ...new Array<number>(40 - handles.length).fill(0)]);
  put([0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb]);
  return Uint8Array.from(bytes);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

function littleEndian(value: number): number[] {
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
}
