import { expect, it } from "vitest";
import { graphemeEnd } from "./graphemes.js";

function graphemes(text: string): string[] {
  const found: string[] = [];
  for (let start = 0; start < text.length; start += found[found.length - 1].length)
    found.push(text.slice(start, graphemeEnd(text, start)));
  return found;
}

it.each([
  ["a line end", ["\r\n", "\n", "\r", "a"]],
  ["marks, and a control that has none", ["e\u0301\u0323", "\n", "\u0301", "x"]],
  ["syllables in parts", ["\u1100\u1161\u11a8", "\uac00\u11a8", "\uac01\u11a8", "\uac01", "\u1161"]],
  [
    "joined pictures",
    ["\u{1f469}\u200d\u{1f469}", "\u{1f469}", "\u{1f469}\u{1f3fd}\u200d\u{1f4bb}", "a\u200d", "\u{1f469}"],
  ],
  ["flags", ["\u{1f1e9}\u{1f1ea}", "\u{1f1ef}\u{1f1f5}", "\u{1f1e9}"]],
  ["linked consonants", ["\u0915\u094d\u0937", "\u0915", "\u0915\u0301"]],
  ["what is put before", ["\u06001", "2"]],
])("keeps together %s", (_, parts) => {
  expect(graphemes(parts.join(""))).toEqual(parts);
});
