import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { sha256 } from "./sha256.js";

it("equals Node's for every length around the edges of its blocks", () => {
  for (let length = 0; length < 200; length++) {
    const text = "aé中😀".repeat(50).slice(0, length);
    expect(sha256(text)).toBe(createHash("sha256").update(text).digest("hex"));
  }
  const long = "0123456789".repeat(100_000);
  expect(sha256(long)).toBe(createHash("sha256").update(long).digest("hex"));
});
