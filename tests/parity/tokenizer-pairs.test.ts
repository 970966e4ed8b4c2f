/** Pairs of texts: ids and segments equal the Rust tokenizers'; scripts/golden/tokenizer_pairs.py made the golden file. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadTokenizer, type TextTokenizer, type TruncationStrategy } from "../../src/tokenizers/tokenizer.js";

/** The number of tokens in the second segment and the ids; null for a pair that cannot be cut as asked for. */
type Encoded = readonly number[] | null;

interface Golden {
  readonly lengths: readonly number[];
  readonly cases: readonly {
    readonly name: string;
    readonly side: "left" | "right";
    readonly post_processor: object;
    readonly pairs: number;
    readonly encodings: Readonly<Record<TruncationStrategy, readonly (readonly Encoded[])[]>>;
  }[];
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../golden/${name}`, import.meta.url), "utf8"));
const golden = read("tokenizer-pairs.json") as Golden;
const { texts, vocabulary } = read("tokenizer-corpus.json") as {
  readonly texts: readonly string[];
  readonly vocabulary: readonly string[];
};
const plain = loadTokenizer({ "vocab.txt": vocabulary.join("\n") });

function tokenizerWith(postProcessor: unknown, side: string): TextTokenizer {
  const json = JSON.parse(plain.files["tokenizer.json"] as string) as object;
  return loadTokenizer({
    "tokenizer.json": JSON.stringify({ ...json, post_processor: postProcessor }),
    "tokenizer_config.json": JSON.stringify({ truncation_side: side }),
  });
}

function encoded(tokenizer: TextTokenizer, row: number, maxLength: number, truncation: TruncationStrategy): Encoded {
  const pair = { text: texts[row], textPair: texts[(row + 1) % texts.length] };
  try {
    const { ids, secondStart } = tokenizer.encode(pair, { maxLength, truncation });
    return [ids.length - secondStart, ...ids];
  } catch (error) {
    expect(error).toMatchObject({ code: "E_DATA", message: expect.stringMatching(/^truncation only_/) });
    return null;
  }
}

describe.each(golden.cases)("pairs under $name, cut on the $side", ({ post_processor, side, pairs, encodings }) => {
  const tokenizer = tokenizerWith(post_processor, side);

  it.each(Object.keys(encodings) as TruncationStrategy[])("%s", (strategy) => {
    for (const [i, wanted] of encodings[strategy].entries()) {
      const rows = Array.from({ length: pairs }, (_, row) => row);
      expect(rows.map((row) => encoded(tokenizer, row, golden.lengths[i], strategy))).toEqual(wanted);
    }
  });

  it("say how long they are, and end with the second segment", () => {
    const [text, textPair] = texts.slice(2, 4);
    const alone = [text, textPair].map((one) => tokenizer.tokenize(one).length);
    const whole = tokenizer.encode({ text, textPair }, { maxLength: 10_000 });
    const specials = whole.ids.length - alone[0] - alone[1];
    const cut = tokenizer.encode({ text, textPair }, { maxLength: specials + 2 });
    expect([whole.fullLength, cut.fullLength, cut.ids.length]).toEqual([
      whole.ids.length,
      whole.ids.length,
      specials + 2,
    ]);
    expect(() => tokenizer.encode({ text, textPair }, { maxLength: specials + 1 })).toThrow(
      `maxLength: expected a whole number of at least ${specials + 2}: a token of each text and the special ones around them, got ${specials + 1}; choose a larger one`,
    );
  });
});

describe("templates", () => {
  const template = golden.cases[0].post_processor as Record<string, object[]>;

  it("of another kind are refused by name", () => {
    for (const [processor, message] of [
      [{ type: "Odd" }, /got "Odd"/],
      [{ ...template, single: template.single.slice(1) }, /got another template/],
      [{ ...template, pair: [...template.pair].reverse() }, /got another template of pairs/],
      [{ ...template, pair: template.pair.map((part) => reversedTypes(part)) }, /got other segments than 0, then 1/],
    ] as const)
      expect(() => tokenizerWith(processor, "right")).toThrow(message);
  });

  it("without one for pairs are enough for single texts", () => {
    const single = tokenizerWith({ ...template, pair: [] }, "right");
    expect(single.encode("a", { maxLength: 8 })).toEqual(plain.encode("a", { maxLength: 8 }));
    expect(() => single.encode({ text: "a", textPair: "b" }, { maxLength: 8 })).toThrow(
      "post_processor of tokenizer.json: expected a template of pairs, got none; classify one text at a time",
    );
  });

  it("decide the fingerprint", () => {
    const prints = golden.cases.map(({ post_processor, side }) => tokenizerWith(post_processor, side).fingerprint);
    // BertProcessing is what transformers builds, said otherwise.
    expect(new Set(prints).size).toBe(6);
    expect(prints.slice(0, 2)).toEqual(prints.slice(2, 4));
  });
});

function reversedTypes(part: object): object {
  return Object.fromEntries(
    Object.entries(part as Record<string, { type_id: number }>).map(([kind, one]) => [
      kind,
      { ...one, type_id: 1 - one.type_id },
    ]),
  );
}
