import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textColumn } from "./text-column.js";

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
});
