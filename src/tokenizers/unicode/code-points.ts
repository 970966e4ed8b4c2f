/** Sets of code points, written as ranges: see bert-characters.ts. */

/** The ranges of a table, each from its first code point to before `to`. */
export function* rangesOf(table: string): Iterable<readonly [from: number, to: number]> {
  let end = 0;
  for (const range of table.split(",")) {
    const [gap, length] = range.split(":");
    const from = end + Number.parseInt(gap as string, 36);
    end = from + (length === undefined ? 1 : Number.parseInt(length, 36));
    yield [from, end];
  }
}

/** A bit set per code point: the flag of each table that holds it. */
export function flagged(tables: readonly (readonly [table: string, flag: number])[]): Uint8Array {
  const flags = new Uint8Array(0x110000);
  for (const [table, flag] of tables)
    for (const [from, to] of rangesOf(table)) for (let c = from; c < to; c++) flags[c] |= flag;
  return flags;
}
