import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTextIndex, normalizedText } from "../dataset/row-groups.js";
import { lengthHistogram, percentile, roundWidth, summarizeLengths } from "./length-statistics.js";
import { NEAR, nearPairs } from "./near-duplicates.js";
import { chiSquareTest, kolmogorovSmirnovTest, upperGamma } from "./statistical-tests.js";
import { countByClass, tellingWords } from "./telling-words.js";
import { DAMAGE_KINDS, scriptsOf } from "./text-damage.js";
import { countSequences, countTerms, wordsOf } from "./word-table.js";

describe("lengths", () => {
  it("are summarised by the inverse of the empirical distribution", () => {
    const lengths = Int32Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(summarizeLengths(lengths)).toEqual({
      count: 100,
      mean: 50.5,
      median: 50,
      minimum: 1,
      maximum: 100,
      p90: 90,
      p95: 95,
      p99: 99,
    });
    expect(percentile([3], 0.5)).toBe(3);
    expect(summarizeLengths(new Int32Array())).toMatchObject({ count: 0, mean: 0, maximum: 0 });
  });

  it("are counted in bins of a round width that hold every one", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1 }), (values) => {
        const { width, counts, beyond } = lengthHistogram(Int32Array.from(values));
        expect(counts.reduce((sum, count) => sum + count, beyond)).toBe(values.length);
        expect(counts.length).toBeLessThanOrEqual(51);
        const bin = Math.floor((values[0] as number) / width);
        expect(bin < counts.length ? counts[bin] : beyond).toBeGreaterThan(0);
      }),
    );
    // One text far longer than the others is counted apart, and the others keep bins of one.
    const lengths = Int32Array.from({ length: 200 }, (_, i) => (i === 7 ? 100_000 : i % 20));
    expect(lengthHistogram(lengths)).toMatchObject({ width: 1, beyond: 1, counts: { length: 20 } });
    expect([0.3, 1.1, 3, 7, 12].map(roundWidth)).toEqual([1, 2, 5, 10, 20]);
  });
});

describe("tests", () => {
  it("give the p-values of scipy 1.17", () => {
    // scipy.stats.chi2_contingency([[30, 10, 60], [20, 25, 40]], correction=False)
    const chi = chiSquareTest([30, 10, 60], [20, 25, 40]);
    expect(chi.statistic).toBeCloseTo(11.286554621848737, 8);
    expect(chi.pValue).toBeCloseTo(0.0035412436112195666, 10);
    // scipy.special.gammaincc
    expect(upperGamma(0.5, 0.1)).toBeCloseTo(0.6547208460185768, 12);
    expect(upperGamma(50, 60)).toBeCloseTo(0.08440668109369177, 12);
    // scipy.stats.kstwobign.sf(1.0) is the limit's tail.
    const a = Int32Array.from({ length: 20_000 }, (_, i) => i);
    const shifted = kolmogorovSmirnovTest(
      a,
      a.map((value) => value + 200),
    );
    expect(shifted.statistic).toBeCloseTo(0.01, 10);
    expect(shifted.pValue).toBeCloseTo(0.27, 2);
  });

  it("find no difference where there is none, and a large one where there is", () => {
    expect(chiSquareTest([10, 20], [100, 200]).pValue).toBeCloseTo(1, 10);
    expect(chiSquareTest([10, 0], [0, 10]).pValue).toBeLessThan(1e-4);
    expect(chiSquareTest([5, 0, 0], [7, 0, 0])).toMatchObject({ statistic: 0, pValue: 1 });
    const lengths = Int32Array.from({ length: 500 }, (_, i) => (i * 7919) % 101);
    expect(kolmogorovSmirnovTest(lengths, lengths)).toEqual({ statistic: 0, pValue: 1 });
    expect(
      kolmogorovSmirnovTest(
        lengths,
        lengths.map((length) => length + 50),
      ).pValue,
    ).toBeLessThan(1e-10);
  });
});

describe("rows alike", () => {
  it("get the number of their first, as a map of the texts would give", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom("a", "b", "é", "😀"), maxLength: 3 }), { maxLength: 300 }),
        (texts) => {
          const index = createTextIndex(4);
          const known = new Map<string, number>();
          for (const text of texts) {
            if (!known.has(text)) known.set(text, known.size);
            expect(index.number(text)).toBe(known.get(text));
          }
          expect(index.size).toBe(known.size);
        },
      ),
    );
  });

  it("does not confuse many similar texts", () => {
    const index = createTextIndex(100_000);
    for (let i = 0; i < 100_000; i++) index.number(`text number ${i}`);
    expect(index.size).toBe(100_000);
  });

  it("are alike apart from case, punctuation, spaces and width", () => {
    expect(normalizedText("  Free   ENTRY!!  ")).toBe(normalizedText("free entry"));
    expect(normalizedText("ＦＲＥＥ cafe\u0301")).toBe(normalizedText("free café"));
    expect(normalizedText("don't")).not.toBe(normalizedText("dont"));
    expect([normalizedText("!!!"), normalizedText(":-)")]).toEqual(["!!!", ":-)"]);
  });
});

describe("telling words", () => {
  it("are those that a class has more often than the others, frequent evidence first", () => {
    const rows = Array.from({ length: 200 }, (_, i) => ({
      text: i % 2 === 0 ? `the film was wonderful number${i}` : `the film was dreadful ${i % 20 === 1 ? "boring" : ""}`,
      labelId: i % 2,
    }));
    const table = countTerms(rows.map(({ text }, row) => ({ text, row })));
    const counts = countByClass(table, (row) => [rows[row]?.labelId as number], 2);
    const [good, bad] = tellingWords(table, counts, 12);
    expect(tellingWords(table, counts, 1, (word) => word !== "dreadful")[1]?.[0]?.word).toBe("boring");
    expect(good?.map((entry) => entry.word)).toEqual(["wonderful"]);
    expect(bad?.map((entry) => entry.word)).toEqual(["dreadful", "boring"]);
    expect(good?.[0]).toMatchObject({ count: 100, total: 100 });
    expect(good?.[0]?.z as number).toBeGreaterThan(bad?.[1]?.z as number);
  });

  it("are words of any script, with apostrophes inside", () => {
    expect(wordsOf("Don't go—naïve ÉTÉ 'quoted' x 42nd")).toEqual(["don't", "go", "naïve", "été", "quoted", "42nd"]);
  });
});

describe("sequences of words", () => {
  it("are counted inside rows, as counting strings would", () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom("aa ", "bb ", "cc "), maxLength: 6 }), { maxLength: 60 });
    fc.assert(
      fc.property(texts, (all) => {
        const words = countTerms(all.map((text, row) => ({ text, row })));
        const pairs = countSequences(words, words);
        const triples = countSequences(pairs, words);
        [words, pairs, triples].forEach((table, extra) => {
          const wanted = new Map<string, number>();
          for (const text of all) {
            const list = wordsOf(text);
            for (let i = 0; i + extra < list.length; i++) {
              const term = list.slice(i, i + extra + 1).join(" ");
              wanted.set(term, (wanted.get(term) ?? 0) + 1);
            }
          }
          const kept = [...wanted].filter(([, count]) => extra === 0 || count >= 3);
          expect(new Map(table.terms.map((term, i) => [term, table.counts[i]]))).toEqual(new Map(kept));
        });
      }),
    );
  });
});

describe("texts that are nearly the same", () => {
  const pairsOf = (texts: readonly string[]): [number, number, number][] => {
    const table = countTerms(texts.map((text, row) => ({ text, row })));
    const found: [number, number, number][] = [];
    nearPairs(table, Int32Array.from(texts.keys()), (pair) => {
      found.push([pair.earlier, pair.later, pair.similarity]);
    });
    return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  };
  it("are exactly the pairs that comparing each with each finds", () => {
    const words = Array.from({ length: 9 }, (_, i) => `word${i}`);
    const texts = fc.array(fc.subarray(words, { minLength: 3 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(texts, (sets) => {
        const wanted: [number, number, number][] = [];
        sets.forEach((a, i) => {
          sets.slice(i + 1).forEach((b, k) => {
            const both = a.filter((word) => b.includes(word)).length;
            const similarity = both / (a.length + b.length - both);
            if (Math.min(a.length, b.length) >= 5 && similarity >= NEAR - 1e-9) wanted.push([i, i + 1 + k, similarity]);
          });
        });
        expect(pairsOf(sets.map((set) => set.join(" ")))).toEqual(wanted);
      }),
    );
  });

  it("share four of five words, in any order, and texts of four words are left alone", () => {
    expect(pairsOf(["please call our office now", "call now, our office: please!"])).toEqual([[0, 1, 1]]);
    expect(pairsOf(["win one of ten cars today", "win one of ten prizes today"])).toEqual([]);
    expect(pairsOf(["call our office now", "call our office now"])).toEqual([]);
  });
});

describe("signs of damage", () => {
  const kinds = (text: string): string[] => DAMAGE_KINDS.filter((kind) => kind.test(text)).map((kind) => kind.name);
  it("are found, and nothing where there is none", () => {
    expect(kinds("A fine text, isn't it? 3 < 4 & 5 > 2; Zoë – naïve “quotes” £5")).toEqual([]);
    expect(kinds("cafÃ©")).toEqual(["mojibake"]);
    expect(kinds("itâ€™s")).toEqual(["mojibake"]);
    expect(kinds("caf\ufffd")).toEqual(["replacement"]);
    expect(kinds("a\u0000b")).toEqual(["control"]);
    expect(kinds("a\u200bb")).toEqual(["invisible"]);
    expect(kinds("one<br />two <a href='x'>three</a>")).toEqual(["markup"]);
    expect(kinds("T&amp;C and #39;s")).toEqual(["entities"]);
    expect(kinds("see http://x.org or me@x.org")).toEqual(["addresses"]);
    expect(kinds(" padded")).toEqual(["spaces"]);
  });

  it("scripts are those of the letters", () => {
    expect(scriptsOf("Hello")).toEqual(["Latin"]);
    expect(scriptsOf("Привет, world 你好 🎬")).toEqual(["Latin", "Cyrillic", "Han", "emoji"]);
    expect(scriptsOf("123 !")).toEqual([]);
  });
});
