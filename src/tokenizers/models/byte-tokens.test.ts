import { describe, expect, it } from "vitest";
import { bytePairKind } from "./byte-pair.js";
import { unigramKind } from "./unigram.js";

const BYTES = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
/** The two bytes of "é". */
const SOME = ["<0xC3>", "<0xA9>"];
const TEXTS = ["abé中ab", "éé", "a😀b", "x", "ab", "éx", "xéa", "xxé", "xéxa"];

function unigram(bytes: readonly string[]) {
  const known: readonly (readonly [string, number])[] = [
    ["a", -1],
    ["b", -1.5],
    ["ab", -2],
  ];
  const vocab = [["<unk>", 0], ...bytes.map((byte) => [byte, 0]), ...known];
  return unigramKind.read({ type: "Unigram", vocab, unk_id: 0, byte_fallback: true }, new Map(), "here");
}

function bytePair(bytes: readonly string[], fuseUnk: boolean) {
  const vocab = Object.fromEntries(["<unk>", ...bytes, "a", "b", "ab"].map((token, id) => [token, id]));
  const model = {
    type: "BPE",
    vocab,
    merges: [["a", "b"]],
    unk_token: "<unk>",
    fuse_unk: fuseUnk,
    byte_fallback: true,
  };
  return bytePairKind.read(model, new Map(), "here");
}

// The expected ids are those of the Rust library, tokenizers 0.23.2.
describe("characters that the vocabulary lacks", () => {
  it("become their bytes, of unigrams as of byte pairs", () => {
    const wanted = [
      [259, 196, 170, 229, 185, 174, 259],
      [196, 170, 196, 170],
      [257, 241, 160, 153, 129, 258],
      [121],
      [259],
    ];
    for (const model of [unigram(BYTES), bytePair(BYTES, false), bytePair(BYTES, true)])
      expect(TEXTS.slice(0, 5).map((text) => model.tokens(text))).toEqual(wanted);
  });

  it("are unknown together with their neighbours where a byte of unigrams is missing", () => {
    const ids = TEXTS.slice(0, 7).map((text) => unigram(SOME).tokens(text));
    expect(ids).toEqual([[5, 0, 5], [1, 2, 1, 2], [3, 0, 4], [0], [5], [0], [0, 3]]);
  });

  it("are unknown each for itself where a byte of pairs is missing, and come after the bytes behind them", () => {
    const ids = (fuseUnk: boolean) => TEXTS.map((text) => bytePair(SOME, fuseUnk).tokens(text));
    const alike = [[5, 1, 2, 0, 5], [1, 2, 1, 2], [3, 0, 4], [0], [5], [1, 2, 0], [1, 2, 0, 3]];
    expect(ids(false)).toEqual([...alike, [0, 1, 2, 0], [1, 2, 0, 0, 3]]);
    expect(ids(true)).toEqual([...alike, [1, 2, 0], [1, 2, 0, 3]]);
  });
});
