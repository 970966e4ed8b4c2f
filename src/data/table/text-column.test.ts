import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinColumns, textColumn } from "./text-column.js";

describe("text column", () => {
  it("gives back every text, across blocks, missing ones included", () => {
    const texts = Array.from({ length: 10_000 }, (_, i) =>
      i % 11 === 0 ? undefined : i % 7 === 0 ? "" : `row ${i} – ünï 🎬`,
    );
    const column = textColumn(texts);
    expect(column.length).toBe(10_000);
    expect(Array.from({ length: 10_000 }, (_, i) => column.get(i))).toEqual(texts);
  });

  it("keeps any well-formed text, byte order marks and NULs included", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.constant("\ufeffa\0b"))), (texts) => {
        const column = textColumn(texts);
        expect(texts.map((_, i) => column.get(i))).toEqual(texts);
      }),
    );
  });

  it("refuses a row that is not there", () => {
    expect(() => textColumn(["a"]).get(1)).toThrow(RangeError);
    expect(() => textColumn(["a"]).get(-1)).toThrow(RangeError);
  });

  it("joins rows of columns as a view on their bytes", () => {
    const [first, second] = [textColumn(["a", undefined, "c"]), textColumn(["d", "e"])];
    const joined = joinColumns([
      { column: first, rows: Uint32Array.of(2, 1) },
      { column: textColumn([]), rows: undefined },
      { column: second, rows: undefined },
      { column: first, rows: Uint32Array.of(0) },
    ]);
    expect(Array.from({ length: joined.length }, (_, row) => joined.get(row))).toEqual(["c", undefined, "d", "e", "a"]);
    expect(joined.bytes(3).buffer).toBe(second.bytes(1).buffer);
    expect(() => joined.get(5)).toThrow(RangeError);
    expect(() => joined.get(-1)).toThrow(RangeError);
  });
});
