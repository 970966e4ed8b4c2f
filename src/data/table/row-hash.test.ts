import { describe, expect, it } from "vitest";
import { hashBytes, hashHex, hashText } from "./row-hash.js";

describe("row hash", () => {
  it("is MurmurHash3 x86_128", () => {
    // Published test vectors of the reference implementation, seed 0.
    expect(hashText("")).toBe("00000000000000000000000000000000");
    expect(hashText("The quick brown fox jumps over the lazy dog")).toBe("2f1583c3ecee2c675d7bf66ce5e91d2c");
  });

  it("gives another value for another seed and for every length of the tail", () => {
    const out = new Uint32Array(4);
    const seen = new Set<string>();
    for (let length = 0; length <= 33; length++) {
      for (const seed of [0, 1]) {
        hashBytes(new Uint8Array(length).fill(length + 1), seed, out);
        seen.add(hashHex(out));
      }
    }
    expect(seen.size).toBe(68);
  });
});
