import { describe, expect, it } from "vitest";
import { TextuneError } from "../base/errors.js";
import { loadTokenizer, type TokenizerFiles } from "./tokenizer.js";

const TOKENS = [
  "[PAD]",
  "[UNK]",
  "[CLS]",
  "[SEP]",
  "[MASK]",
  "a",
  "b",
  "##a",
  "##b",
  "hello",
  "Hello",
  "中",
  "文",
  "中文",
  "é",
  "e",
  ",",
];
const VOCABULARY = `${TOKENS.join("\n")}\n`;

function withConfig(config: object, vocabulary = VOCABULARY): TokenizerFiles {
  return { "vocab.txt": vocabulary, "tokenizer_config.json": JSON.stringify(config) };
}

function jsonWith(change: object): TokenizerFiles {
  const json = JSON.parse(loadTokenizer({ "vocab.txt": VOCABULARY }).files["tokenizer.json"] as string) as object;
  return { "tokenizer.json": JSON.stringify({ ...json, ...change }) };
}

function complaint(files: TokenizerFiles): string {
  try {
    loadTokenizer(files);
  } catch (error) {
    if (error instanceof TextuneError && error.code === "E_TOKENIZER") return error.message;
    throw error;
  }
  return "no complaint";
}

describe("settings of tokenizer_config.json", () => {
  it("decide letter case, accents and ideographs", () => {
    expect(loadTokenizer({ "vocab.txt": VOCABULARY }).tokenize("Hello é 中文")).toEqual(["hello", "e", "中", "文"]);
    expect(loadTokenizer(withConfig({ do_lower_case: false })).tokenize("Hello é")).toEqual(["Hello", "é"]);
    expect(loadTokenizer(withConfig({ strip_accents: false })).tokenize("Hello é")).toEqual(["hello", "é"]);
    expect(loadTokenizer(withConfig({ tokenize_chinese_chars: false })).tokenize("中文")).toEqual(["中文"]);
  });

  it("win over tokenizer.json's, as in transformers", () => {
    const files = { ...jsonWith({}), "tokenizer_config.json": '{"do_lower_case": false}' };
    expect(loadTokenizer(files).tokenize("Hello")).toEqual(["Hello"]);
  });

  it("take very large as no limit", () => {
    expect(loadTokenizer(withConfig({ model_max_length: 1e30 })).modelMaxLength).toBeUndefined();
    expect(loadTokenizer(withConfig({ model_max_length: 512 })).modelMaxLength).toBe(512);
  });
});

describe("truncation", () => {
  it("keeps both ends and counts all", () => {
    const { ids, fullLength } = loadTokenizer({ "vocab.txt": VOCABULARY }).encode("a b a b hello", { maxLength: 5 });
    expect([...ids]).toEqual([2, 5, 6, 5, 3]);
    expect(fullLength).toBe(7);
  });

  it("refuses a length without room for a token", () => {
    expect(() => loadTokenizer({ "vocab.txt": VOCABULARY }).encode("a", { maxLength: 2 })).toThrow(
      expect.objectContaining({ code: "E_CONFIG" }),
    );
  });

  it("is Textune's own: neither section of tokenizer.json has an effect, nor is one saved", () => {
    const tokenizer = loadTokenizer(
      jsonWith({
        truncation: { max_length: 3, strategy: "LongestFirst", stride: 0, direction: "Right" },
        padding: { strategy: { Fixed: 8 }, direction: "Right", pad_id: 0, pad_type_id: 0, pad_token: "[PAD]" },
      }),
    );
    expect([...tokenizer.encode("a b", { maxLength: 10 }).ids]).toEqual([2, 5, 6, 3]);
    expect(JSON.parse(tokenizer.files["tokenizer.json"] as string)).toMatchObject({ truncation: null, padding: null });
  });
});

describe("added tokens", () => {
  const token = {
    id: 17,
    content: "foo",
    single_word: true,
    lstrip: true,
    rstrip: false,
    normalized: false,
    special: false,
  };

  it("are found as whole words only where they ask for it, and their ids count", () => {
    const tokenizer = loadTokenizer(jsonWith({ added_tokens: [token] }));
    expect([...tokenizer.encode("a foo b", { maxLength: 10 }).ids]).toEqual([2, 5, 17, 6, 3]);
    expect([...tokenizer.encode("afoo", { maxLength: 10 }).ids]).toEqual([2, 1, 3]);
    expect(tokenizer.vocabularySize).toBe(18);
  });

  it("are found after normalizing where they ask for it", () => {
    const tokenizer = loadTokenizer(jsonWith({ added_tokens: [{ ...token, content: "Foo", normalized: true }] }));
    expect([...tokenizer.encode("a FOO, b", { maxLength: 10 }).ids]).toEqual([2, 5, 17, 16, 6, 3]);
  });
});

describe("the fingerprint", () => {
  it("survives saving, and differs where ids do", () => {
    const lower = loadTokenizer({ "vocab.txt": VOCABULARY });
    const cased = loadTokenizer(withConfig({ do_lower_case: false }));
    expect(loadTokenizer(lower.files).fingerprint).toBe(lower.fingerprint);
    expect(loadTokenizer({ "tokenizer.json": lower.files["tokenizer.json"] as string }).fingerprint).toBe(
      lower.fingerprint,
    );
    expect(cased.fingerprint).not.toBe(lower.fingerprint);
    expect(loadTokenizer({ "vocab.txt": `${VOCABULARY}c\n` }).fingerprint).not.toBe(lower.fingerprint);
    expect(loadTokenizer(withConfig({ strip_accents: true, model_max_length: 9 })).fingerprint).toBe(lower.fingerprint);
  });
});

describe("long texts", () => {
  it.each([
    ["one word", "a".repeat(1_000_000), 3],
    ["short words", "a ".repeat(500_000), 500_002],
    ["ideographs", "中".repeat(200_000), 200_002],
    ["marks", "\u0301".repeat(200_000), 2],
  ])("take time in proportion: %s", (_, text, length) => {
    const encoding = loadTokenizer({ "vocab.txt": VOCABULARY }).encode(text, { maxLength: 16 });
    expect(encoding.fullLength).toBe(length);
    expect(encoding.ids.length).toBe(Math.min(length, 16));
  });
});

describe("what is wrong with files is said in one line", () => {
  const model = {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
  };
  it.each<readonly [string, TokenizerFiles, RegExp]>([
    [
      "no file",
      {},
      /expected tokenizer.json, or vocab.txt, vocab.json with merges.txt, spiece.model, .*, got none of them; put/,
    ],
    [
      "damaged JSON",
      { "tokenizer.json": '{"model": {' },
      /^tokenizer.json: expected JSON, got damaged content; download/,
    ],
    ["empty JSON", { "tokenizer.json": "" }, /got an empty file/],
    ["a list", { "tokenizer.json": "[]" }, /expected a JSON object/],
    [
      "damaged configuration",
      { "vocab.txt": VOCABULARY, "tokenizer_config.json": "{" },
      /^tokenizer_config.json: expected JSON/,
    ],
    [
      "another kind",
      jsonWith({ model: { type: "WordLevel", vocab: {} } }),
      /expected a model of the kind WordPiece, BPE, Unigram, got WordLevel; choose/,
    ],
    [
      "a prefix of pieces",
      jsonWith({ model: { type: "BPE", vocab: {}, merges: [], continuing_subword_prefix: "##" } }),
      /expected a model without continuing_subword_prefix, got "##"/,
    ],
    [
      "a pair that makes no token",
      jsonWith({ model: { type: "BPE", vocab: { a: 0, b: 1 }, merges: ["a b"] } }),
      /expected model.merges\[0\] to be two tokens of the vocabulary that make a third, got "a b"/,
    ],
    [
      "a token without score",
      jsonWith({ model: { type: "Unigram", unk_id: 0, vocab: [["<unk>", 0], ["a"]] } }),
      /expected model.vocab\[1\] to be a token and its score, got \["a"\]/,
    ],
    [
      "no id for what is unknown",
      jsonWith({ model: { type: "Unigram", vocab: [["<unk>", 0]] } }),
      /expected model.unk_id to be a token's id, got nothing/,
    ],
    [
      "an unknown pre-tokenizer",
      jsonWith({ pre_tokenizer: { type: "Odd" } }),
      /expected a pre-tokenizer of a known type \(BertPreTokenizer, .*\), got "Odd"/,
    ],
    [
      "bytes before words",
      jsonWith({ pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "ByteLevel" }, { type: "Whitespace" }] } }),
      /expected ByteLevel to come last/,
    ],
    [
      "an expression that JavaScript lacks",
      jsonWith({ pre_tokenizer: { type: "Split", pattern: { Regex: "(?i:a)++" }, behavior: "Isolated" } }),
      /expected a regular expression of letters, classes.*, got "\(\?i:a\)\+\+"/,
    ],
    [
      "a table of normalization that is cut off",
      jsonWith({ normalizer: { type: "Precompiled", precompiled_charsmap: "AAAA" } }),
      /precompiled_charsmap: expected a whole table of normalization, got one that is cut off/,
    ],
    [
      "a damaged model of SentencePiece",
      { "spm.model": Uint8Array.of(10, 200, 1) },
      /^spm.model: expected a model of SentencePiece, got damaged content/,
    ],
    [
      "an empty one",
      { "spm.model": new Uint8Array(0) },
      /^spm.model: expected a unigram model of SentencePiece, got no vocabulary/,
    ],
    [
      "one that merges pairs",
      // A piece "a", and 2 for the kind of model.
      { "spm.model": Uint8Array.of(10, 3, 10, 1, 97, 18, 2, 24, 2) },
      /^spm.model: expected a unigram model of SentencePiece, got BPE; use a model whose tokenizer is a unigram one/,
    ],
    [
      "no special token",
      jsonWith({ model: { ...model, vocab: { a: 0, "[UNK]": 1 } }, added_tokens: [] }),
      /the special token \[CLS\] in the vocabulary/,
    ],
    ["an id twice", jsonWith({ model: { ...model, vocab: { a: 0, b: 0 } } }), /each id once, got 0 for "a" and "b"/],
    [
      "an id that is none",
      jsonWith({ model: { ...model, vocab: { a: "0" } } }),
      /whole number as the id of "a", got "0"/,
    ],
    ["no vocabulary", jsonWith({ model }), /model.vocab/],
    [
      "no post-processor",
      jsonWith({ post_processor: null }),
      /post_processor that puts \[CLS\] before and \[SEP\] after a text, got none/,
    ],
    [
      "an unknown normalizer",
      jsonWith({ normalizer: { type: "Odd" } }),
      /expected a normalizer of a known type \(BertNormalizer, .*\), got "Odd"/,
    ],
    [
      "a token twice",
      { "vocab.txt": `${VOCABULARY}a\n` },
      /^vocab.txt, line 18: expected each token once, got "a" again, first on line 6; /,
    ],
    [
      "an empty line",
      { "vocab.txt": VOCABULARY.replace("hello", "") },
      /^vocab.txt, line 10: expected a token, got an empty line/,
    ],
    ["an empty vocabulary", { "vocab.txt": "\n" }, /got an empty file/],
    [
      "a vocabulary without [SEP]",
      { "vocab.txt": VOCABULARY.replace("[SEP]", "sep") },
      /^vocab.txt: expected the special token \[SEP\]/,
    ],
    ["a setting that is none", withConfig({ do_lower_case: "no" }), /do_lower_case to be true or false, got "no"/],
  ])("%s", (_, files, message) => {
    const said = complaint(files);
    expect(said).toMatch(message);
    expect(said).not.toContain("\n");
  });
});
