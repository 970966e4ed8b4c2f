/** The same as tokenizer-kinds.test.ts, on so many texts that rare meetings of characters are among them. */
import { describe, expect, it } from "vitest";
import { fuzzTexts } from "../support/fuzz-texts.js";
import { golden, hashOf, kinds, linesOf, tokenizerOf } from "../support/tokenizer-kinds.js";

it("has the texts that the library had", () => {
  expect(hashOf([[...fuzzTexts(golden.texts)].join("\n")])).toBe(golden.text_hash);
});

describe.each(kinds.filter(([, { sections }]) => sections === undefined))("%s", (name, kind) => {
  it(`gives the library's ids of ${golden.texts} texts`, () => {
    expect(hashOf(linesOf(tokenizerOf(name, kind), golden.texts))).toBe(kind.hash);
  });
});
