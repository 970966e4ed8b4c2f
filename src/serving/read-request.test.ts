import { describe, expect, it } from "vitest";
import { examplesOf } from "./read-request.js";

const LIMITS = { maxBody: 1000, maxTexts: 2, maxTextLength: 10 };
const PAIR = { text: "a", text_pair: "b" };

describe("texts of a request", () => {
  it("are one or several, and pairs", () => {
    expect(examplesOf("a", LIMITS, undefined)).toEqual({ examples: ["a"], alone: true });
    expect(examplesOf(["a", PAIR], LIMITS, undefined)).toEqual({
      examples: ["a", { text: "a", textPair: "b" }],
      alone: false,
    });
  });

  it.each<[Parameters<typeof examplesOf>[0], boolean | undefined, number, string]>([
    [[], undefined, 400, "input: expected at least one text, got none"],
    [["a", "b", "c"], undefined, 413, "input: expected at most 2 texts, got 3; send them in parts"],
    [["a", "01234567890"], undefined, 413, "input, text 2: expected at most 10 characters, got 11"],
    [{ text: "a", text_pair: " " }, undefined, 400, "input, text 1: expected a text, got an empty one"],
    [[PAIR, "a"], true, 400, "input, text 2: expected a pair {text, text_pair}, as in training, got a text alone"],
    [PAIR, false, 400, "input, text 1: expected a text alone, as in training, got a pair {text, text_pair}"],
  ])("%j for a model of pairs (%s) are refused", (input, pairs, status, message) => {
    expect(() => examplesOf(input, LIMITS, pairs)).toThrow(expect.objectContaining({ status, message }));
  });
});
