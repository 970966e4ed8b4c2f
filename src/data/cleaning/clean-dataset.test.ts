import { describe, expect, it } from "vitest";
import { datasetFrom, fromArrays } from "../dataset/dataset-from.js";
import { DAMAGE_KINDS } from "../report/text-damage.js";
import { cleanDataset, renderCleanText } from "./clean-dataset.js";
import { stripControl, stripMarkup } from "./text-repair.js";

const texts = (dataset: Iterable<{ text: string }>): string[] => [...dataset].map((row) => row.text);

describe("cleanDataset", () => {
  it("does what is asked and nothing else, and leaves the data as it was", () => {
    const dataset = fromArrays([" <b>Good</b>&amp;fine ", "cafe\u0301", "x"], ["a", "b", "a"]);
    const before = dataset.fingerprint;
    const cleaned = cleanDataset(dataset, { stripMarkup: true, normalizeUnicode: true });
    expect(texts(cleaned.dataset)).toEqual([" Good&fine ", "café", "x"]);
    expect(cleaned.steps.map(({ step, changed, dropped }) => [step, changed, dropped])).toEqual([
      ["normalizeUnicode", 1, 0],
      ["stripMarkup", 1, 0],
    ]);
    expect(cleaned.steps[1]?.examples).toEqual([{ before: " <b>Good</b>&amp;fine ", after: " Good&fine " }]);
    expect(dataset.fingerprint).toBe(before);
    expect(cleaned.dataset.labels.names).toEqual(["a", "b"]);
  });

  it("drops duplicates exactly or apart from case and punctuation, keeping the first", () => {
    const dataset = fromArrays(["Hi!", "hi", "Hi!", "ho"], ["a", "a", "a", "b"]);
    expect(texts(cleanDataset(dataset, { dropDuplicates: "exact" }).dataset)).toEqual(["Hi!", "hi", "ho"]);
    expect(texts(cleanDataset(dataset, { dropDuplicates: true }).dataset)).toEqual(["Hi!", "ho"]);
  });

  it("resolves contradictory labels by majority, drops ties, or drops all", () => {
    const dataset = fromArrays(["x", "X", "x!", "y", "y", "z"], ["a", "b", "a", "a", "b", "b"]);
    const majority = cleanDataset(dataset, { resolveLabels: "majority" });
    expect([...majority.dataset].map((row) => [row.text, row.label])).toEqual([
      ["x", "a"],
      ["X", "a"],
      ["x!", "a"],
      ["z", "b"],
    ]);
    expect(majority.steps[0]).toMatchObject({ changed: 1, dropped: 2 });
    expect(texts(cleanDataset(dataset, { resolveLabels: "drop" }).dataset)).toEqual(["z"]);
  });

  it("takes steps in order: what is empty after stripping is dropped", () => {
    const cleaned = cleanDataset(
      datasetFrom([
        { text: "<p></p>", label: "a", n: 1 },
        { text: "one  two three", label: "b", n: 2 },
      ]),
      { stripMarkup: true, collapseSpaces: true, trim: true, maxCharacters: 7, dropEmpty: true },
    );
    expect([texts(cleaned.dataset), cleaned.dataset.value(0, "n")]).toEqual([["one two"], 2]);
    expect(renderCleanText(cleaned)).toContain("2 rows before, 1 after");
    expect(renderCleanText(cleaned)).toContain("dropEmpty: 1 dropped");
  });

  it("refuses steps that do not exist and cleaning that leaves nothing", () => {
    const dataset = fromArrays(["<p>"], ["a"]);
    expect(() => cleanDataset(dataset, { stripMarkups: true } as object)).toThrow(/did you mean "stripMarkup"/);
    expect(() => cleanDataset(dataset, {})).toThrow(/at least one step/);
    expect(() => cleanDataset(dataset, { maxCharacters: 0 })).toThrow(/a whole number from 1/);
    expect(() => cleanDataset(dataset, { stripMarkup: true, dropEmpty: true })).toThrow(
      /rows after cleaning, got none/,
    );
  });
});

describe("text repair", () => {
  it("takes no longer for a text that was made to be slow", async () => {
    const began = performance.now();
    for (const part of ["a", "<!--", "<script", "<script>", "<style>", "</script", "<a ", "&#", "a@"]) {
      const text = part.repeat(200_000);
      stripMarkup(text);
      for (const kind of DAMAGE_KINDS) kind.test(text);
    }
    // Looked at once each, all together take a fraction of a second; squared, they would take minutes.
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it("removes tags but not what only looks like one", () => {
    expect(stripMarkup("a<br />b <i>c</i> 3 < 4 and 5 > 2 <3")).toBe("a b c 3 < 4 and 5 > 2 <3");
    expect(stripMarkup("<!-- x --><script>alert('<b>')</script>y")).toBe("  y");
    expect(stripMarkup("&Eacute;t&eacute; &Omega; &hearts; a&nbsp;b &amp")).toBe("Été Ω ♥ a b &amp");
    expect(stripMarkup("R&amp;D &lt;ok&gt; &eacute;&#233;&#xE9; &unknown; it #39;s &#xD800;")).toBe(
      "R&D <ok> ééé &unknown; it's \ufffd",
    );
  });

  it("removes control characters but keeps lines and joined emoji", () => {
    expect(stripControl("a\u0000b\tc\nd\u200be\u00adf 👩\u200d🚀")).toBe("ab\tc\ndef 👩\u200d🚀");
  });
});
