/**
 * Every kind of tokenizer gives the Rust library's ids on texts of all of Unicode; scripts/golden/tokenizer_kinds.py made
 * the files. Where the texts are too many to keep, a hash of all ids is.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { protobufCodec } from "../../src/base/protobuf.js";
import { loadTokenizer, type TextTokenizer, type TokenizerFiles } from "../../src/tokenizers/tokenizer.js";
import { fuzzTexts } from "../support/fuzz-texts.js";

interface Kind {
  readonly hash: string;
  readonly first_hash: string;
  readonly ids: readonly (readonly number[])[];
  /** Sections that take the place of those of XLM-RoBERTa. */
  readonly sections?: object;
}

const here = (path: string): URL => new URL(`../golden/tokenizers/${path}`, import.meta.url);
const golden = JSON.parse(readFileSync(here("kinds.json"), "utf8")) as {
  readonly texts: number;
  readonly first: number;
  readonly text_hash: string;
  readonly kinds: Readonly<Record<string, Kind>>;
};
const kinds = Object.entries(golden.kinds);
const texts = [...fuzzTexts(golden.texts)];
const hashOf = (lines: Iterable<string>): string => {
  const hash = createHash("sha256");
  for (const line of lines) hash.update(line);
  return hash.digest("hex");
};

// A message of protobuf may come in parts: the table of normalization, which all models share, is the last one.
const { encode } = protobufCodec({
  ModelProto: { normalizerSpec: { number: 3, type: "NormalizerSpec" } },
  NormalizerSpec: { precompiledCharsmap: { number: 2, type: "bytes" } },
});
const charsmap = encode("ModelProto", {
  normalizerSpec: { precompiledCharsmap: gunzipSync(readFileSync(here("charsmap.gz"))) },
});

function filesOf(folder: string, without?: string): TokenizerFiles {
  const names = readdirSync(here(folder)).filter((name) => name !== without);
  return Object.fromEntries(
    names.map((name) => {
      const content = readFileSync(here(`${folder}/${name}`));
      return [name, name.endsWith(".model") ? Buffer.concat([content, charsmap]) : content.toString("utf8")];
    }),
  );
}

function tokenizerOf(name: string, { sections }: Kind): TextTokenizer {
  if (sections === undefined) return loadTokenizer(filesOf(name));
  const { files } = loadTokenizer(filesOf("xlm-roberta"));
  const json = JSON.parse(files["tokenizer.json"] as string) as object;
  return loadTokenizer({ "tokenizer.json": JSON.stringify({ ...json, ...sections }) });
}

function* linesOf(tokenizer: TextTokenizer, count: number): Generator<string> {
  for (const text of texts.slice(0, count)) yield `${tokenizer.encode(text, { maxLength: 1e9 }).ids.join(" ")}\n`;
}

it("has the texts that the library had", () => {
  expect(hashOf([texts.join("\n")])).toBe(golden.text_hash);
});

describe.each(kinds)("%s", (name, kind) => {
  const tokenizer = tokenizerOf(name, kind);

  it("gives the library's ids, of the first texts one by one", () => {
    for (const [i, ids] of kind.ids.entries())
      expect({ text: texts[i], ids: [...tokenizer.encode(texts[i], { maxLength: 1e9 }).ids] }).toEqual({
        text: texts[i],
        ids,
      });
  });

  it(`and of all of ${kind.sections === undefined ? golden.texts : golden.first}`, () => {
    const [count, wanted] = kind.sections === undefined ? [golden.texts, kind.hash] : [golden.first, kind.first_hash];
    expect(hashOf(linesOf(tokenizer, count))).toBe(wanted);
  });

  it("is the same after saving", () => {
    const saved = loadTokenizer(tokenizer.files);
    expect(Object.keys(tokenizer.files).sort()).toEqual(["tokenizer.json", "tokenizer_config.json"]);
    expect(saved.fingerprint).toBe(tokenizer.fingerprint);
    expect(hashOf(linesOf(saved, golden.first))).toBe(kind.first_hash);
  });
});

it("vocab.json and merges.txt give what tokenizer.json gives", () => {
  const { kinds } = golden;
  const tokenizer = loadTokenizer(filesOf("roberta", "tokenizer.json"));
  expect(hashOf(linesOf(tokenizer, golden.first))).toBe(kinds.roberta.first_hash);
  expect(tokenizer.fingerprint).toBe(loadTokenizer(filesOf("roberta")).fingerprint);
});
