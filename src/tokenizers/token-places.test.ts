import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fuzzTexts } from "../../tests/support/fuzz-texts.js";
import { kinds, tokenizerOf } from "../../tests/support/tokenizer-kinds.js";

const golden = JSON.parse(readFileSync(new URL("../../tests/golden/token-places.json", import.meta.url), "utf8")) as {
  readonly texts: readonly string[];
  readonly places: Readonly<Record<string, readonly (readonly (readonly number[] | null)[])[]>>;
};

describe.each(kinds)("%s", (name, kind) => {
  const tokenizer = tokenizerOf(name, kind);
  const placed = (text: string) => tokenizer.encodePlaced(text, { maxLength: 1e9 })[0];

  it("stands where the Rust library sees it", () => {
    for (const [i, text] of golden.texts.entries()) {
      const tokens = tokenizer.tokenize(text);
      // Of the mark of a space by itself one tokenizer of the library says this and another that.
      const places = placed(text)
        .places.filter((place) => place !== undefined)
        .map(({ start, end }, i) =>
          tokens[i] === "\u2581" || text.slice(start, end).trim() === "" ? null : [start, end],
        );
      expect({ text, places }).toEqual({ text, places: golden.places[name][i] });
    }
  });

  it("has the ids of encode and places in the text, whatever it is", () => {
    for (const text of fuzzTexts(300)) {
      const { ids, places } = placed(text);
      expect({ text, ids: [...ids] }).toEqual({ text, ids: [...tokenizer.encode(text, { maxLength: 1e9 }).ids] });
      for (const place of places) {
        if (place === undefined) continue;
        expect(place.start >= 0 && place.start <= place.end && place.end <= text.length, text).toBe(true);
      }
    }
  });
});

it("keeps the two texts of a pair apart, and what is left of a text that is cut", () => {
  const tokenizer = tokenizerOf("bert", Object.fromEntries(kinds).bert);
  const pair = { text: "good film", textPair: "good book" };
  const [{ ids, places }] = tokenizer.encodePlaced(pair, { maxLength: 64 });
  expect([...ids]).toEqual([...tokenizer.encode(pair, { maxLength: 64 }).ids]);
  const shown = places.flatMap((place) => (place === undefined ? ["-"] : [`${place.isSecond ? 2 : 1}:${place.start}`]));
  expect(shown[0]).toBe("-");
  expect(new Set(shown)).toEqual(new Set(["-", ...shown.filter((one) => /^[12]:/.test(one))]));
  expect(shown.filter((one) => one === "2:0").length).toBe(1);
  expect(places.at(-1)).toBeUndefined();

  const words = "one two three four five six seven eight nine ten eleven twelve";
  const [first, second] = tokenizer.encodePlaced(words, {
    maxLength: 10,
    longTexts: { read: "windows", stride: 2, scores: "mean" },
  });
  // The second window begins two tokens before the first one ends.
  expect(second.places[1]).toEqual(first.places[7]);
  const [cut] = tokenizer.encodePlaced(words, { maxLength: 10, longTexts: { read: "tail" } });
  expect(cut.places.at(-2)?.end).toBe(words.length);
});
