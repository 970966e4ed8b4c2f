/** Every kind of tokenizer gives the Rust library's ids on texts of all of Unicode; tokenizer-fuzz.test.ts has more of them. */
import { describe, expect, it } from "vitest";
import { loadTokenizer } from "../../src/tokenizers/tokenizer.js";
import { fuzzTexts } from "../support/fuzz-texts.js";
import { filesOf, golden, hashOf, kinds, linesOf, tokenizerOf } from "../support/tokenizer-kinds.js";

const texts = [...fuzzTexts(golden.first)];

describe.each(kinds)("%s", (name, kind) => {
  const tokenizer = tokenizerOf(name, kind);

  it("gives the library's ids", () => {
    for (const [i, ids] of kind.ids.entries())
      expect({ text: texts[i], ids: [...tokenizer.encode(texts[i], { maxLength: 1e9 }).ids] }).toEqual({
        text: texts[i],
        ids,
      });
    expect(hashOf(linesOf(tokenizer, golden.first))).toBe(kind.first_hash);
  });

  it("is the same after saving", () => {
    const saved = loadTokenizer(tokenizer.files);
    // WordPiece's vocabulary goes along for programs that know no tokenizer.json.
    const saidTwice = tokenizer.wordpiece === undefined ? [] : ["vocab.txt"];
    expect(Object.keys(tokenizer.files).sort()).toEqual(["tokenizer.json", "tokenizer_config.json", ...saidTwice]);
    expect(saved.fingerprint).toBe(tokenizer.fingerprint);
    expect(hashOf(linesOf(saved, golden.first))).toBe(kind.first_hash);
  });
});

it("vocab.json and merges.txt give what tokenizer.json gives", () => {
  const tokenizer = loadTokenizer(filesOf("roberta", "tokenizer.json"));
  expect(hashOf(linesOf(tokenizer, golden.first))).toBe(golden.kinds.roberta.first_hash);
  expect(tokenizer.fingerprint).toBe(loadTokenizer(filesOf("roberta")).fingerprint);
});
