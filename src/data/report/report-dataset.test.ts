import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sharedPath } from "../../../tests/support/shared.js";
import { datasetFrom, fromArrays } from "../dataset/dataset-from.js";
import { readDataset } from "../dataset/node/read-dataset.js";
import { countWords } from "./count-words.js";
import { renderReportHtml } from "./node/render-html.js";
import { writeReportImages } from "./node/write-images.js";
import { bar, renderReportText } from "./render-text.js";
import { reportDataset } from "./report-dataset.js";

const mails = datasetFrom([
  ...Array.from({ length: 60 }, (_, i) => ({ text: `see you at lunch on day ${i}`, label: "ham" })),
  ...Array.from({ length: 8 }, (_, i) => ({ text: `win a <b>free</b> prize now ${i}`, label: "spam" })),
  { text: "Win a <b>FREE</b> prize now 3!", label: "ham" },
  { text: "see you at lunch on day 5", label: "ham" },
]);

describe("reportDataset", () => {
  it("counts what is there", async () => {
    const tokenizer = {
      vocabularySize: 100,
      unknownId: 7,
      // Ten tokens for a character, a special one on either side, and none for what is no ASCII.
      encode: (text: string) => ({
        ids: [1, ...Array.from(text).flatMap((character) => new Array(10).fill(character === "3" ? 7 : 2)), 3],
      }),
    };
    const report = await reportDataset(mails, { tokenizer, tokenizerName: "tens" });
    expect(report.rows).toBe(70);
    expect(report.labels).toMatchObject({
      names: ["ham", "spam"],
      counts: [62, 8],
      majorityAccuracy: 62 / 70,
      imbalance: 62 / 8,
    });
    expect(report.duplicates).toMatchObject({
      exact: 1,
      normalized: 2,
      contradictory: 1,
      contradictions: [{ text: "win a <b>free</b> prize now 3", labels: ["ham", "spam"] }],
    });
    expect(report.lengths.map((length) => length.unit)).toEqual(["words", "characters", "tokens"]);
    expect(report.lengths[0]?.all).toMatchObject({ minimum: 6, maximum: 7, median: 7 });
    expect(report.lengths[0]?.byLabel[1]?.summary).toMatchObject({ count: 8, mean: 6 });
    const over = [...mails].filter((row) => row.text.length * 10 + 2 > 256).length;
    const threes = [...mails].filter((row) => row.text.includes("3"));
    const characters = [...mails].reduce((sum, row) => sum + row.text.length, 0);
    expect(report.tokens).toMatchObject({
      tokenizer: "tens",
      shares: [
        { limit: 128, share: 1 },
        { limit: 256, share: over / 70 },
        { limit: 512, share: 0 },
      ],
      used: 4,
      unknown: threes.reduce((sum, row) => sum + 10 * row.text.split("3").slice(1).length, 0),
      unknownRows: threes.length,
    });
    expect(report.tokens?.unknownShare).toBeCloseTo((report.tokens?.unknown ?? 0) / (characters * 10), 12);
    expect(report.tokens?.unknownWords).toContainEqual({ word: "3!", count: 1 });
    expect(report.damage).toEqual([
      expect.objectContaining({ name: "markup", rows: 9, example: "win a <b>free</b> prize now 0" }),
    ]);
    expect(report.words[1]?.words.map((entry) => entry.word)).toContain("prize");
    expect(report.words[1]?.pairs.map((entry) => entry.word)).toContain("prize now");
    expect(report.shortest[0]).toMatchObject({ part: "all", row: 1, words: 7, characters: 25 });
    expect(report.longest[0]?.text).toBe("Win a <b>FREE</b> prize now 3!");
    expect(report.samples.map((sample) => sample.texts.length)).toEqual([10, 8]);
    expect(JSON.parse(JSON.stringify(report)).fingerprint).toBe(mails.fingerprint);
  });

  it("says what it means, problems first", async () => {
    const report = await reportDataset({ train: mails.head(65), test: mails.select([66, 67, 68, 69]) });
    const said = report.findings.map((finding) => `${finding.kind}: ${finding.finding}`);
    expect(said[0]).toBe("problem: 2 rows of test also stand in train.");
    expect(said.some((line) => line.startsWith('warning: Only 10 % of the rows are "spam".'))).toBe(true);
    expect(said.some((line) => line.includes("mixed otherwise than in train"))).toBe(true);
    expect(report.findings.every((finding) => /[.!?]$/.test(finding.finding) && /[.!?]$/.test(finding.advice))).toBe(
      true,
    );
    const one = await reportDataset(fromArrays(["a", "b"], ["x", "x"]));
    expect(one.findings[0]).toMatchObject({ kind: "problem", finding: 'All rows have the label "x".' });
    expect((await reportDataset(fromArrays(["a", "b"]))).findings[0]?.finding).toBe("There are no labels.");
  });

  it("finds the two parts of a fair split alike, and other data not", async () => {
    const rows = Array.from({ length: 2000 }, (_, i) => ({
      text: "word ".repeat(1 + ((i * 31) % 40)) + i,
      label: i % 3 === 0 ? "a" : "b",
    }));
    const dataset = datasetFrom(rows);
    const { train, test } = dataset.split({ test: 0.3, stratify: true });
    expect((await reportDataset({ train, test })).comparisons[0]).toMatchObject({
      labels: { alike: true },
      lengths: { alike: true },
    });
    const sorted = await reportDataset({
      train: dataset.filter((row) => row.text.length < 60),
      test: dataset.filter((row) => row.text.length >= 60),
    });
    expect(sorted.comparisons[0]?.lengths).toMatchObject({ alike: false, statistic: 1 });
  });

  it("finds texts of a part that are nearly those of another, and labels that differ", async () => {
    const train = datasetFrom([
      { text: "your parcel number 11 waits at the office", label: "ham" },
      { text: "something quite different for everyone in town", label: "ham" },
    ]);
    const test = datasetFrom([
      { text: "Your parcel number 12 waits at the office!", label: "spam" },
      { text: "Something quite DIFFERENT for everyone in town", label: "ham" },
    ]);
    const { nearDuplicates, duplicates, vocabulary } = await reportDataset({ train, test });
    expect(nearDuplicates).toMatchObject({ texts: 0 });
    expect(duplicates.acrossParts).toEqual([{ part: "test", alsoIn: "train", rows: 1, split: false }]);
    // One of fifteen words is new in the test part.
    expect(vocabulary).toMatchObject({ words: 30, different: 16, newIn: [{ part: "test", share: 1 / 15 }] });
    const longer = (dataset: typeof train) =>
      dataset.map(({ text }) => ({ text: `${text}, so please come and see us` }));
    expect((await reportDataset({ train: longer(train), test: longer(test) })).nearDuplicates).toMatchObject({
      texts: 1,
      contradictory: 1,
      acrossParts: [{ part: "test", alsoIn: "train", texts: 1 }],
      examples: [{ labels: ["ham", "spam"], similarity: 13 / 15 }],
    });
  });

  it("looks at several classes of a row and at numbers", async () => {
    const toxic = datasetFrom(
      Array.from({ length: 400 }, (_, i) => ({
        text: `${i % 2 === 0 ? "stupid" : "nice"} ${i % 4 === 0 ? "loser" : "words"} number ${i}`,
        label: [...(i % 2 === 0 ? ["toxic"] : []), ...(i % 4 === 0 ? ["insult"] : [])],
      })),
      { target: "labels" },
    );
    const several = await reportDataset(toxic);
    expect(several).toMatchObject({
      targetKind: "labels",
      labels: {
        names: ["insult", "toxic"],
        counts: [100, 200],
        perRow: [200, 100, 100],
        majorityAccuracy: 0.5,
        together: [{ labels: ["insult", "toxic"], rows: 100 }],
      },
    });
    expect(several.words[0]?.words[0]?.word).toBe("loser");
    expect(several.lengths[0]?.byLabel[1]?.summary.count).toBe(200);

    const stars = datasetFrom(
      Array.from({ length: 60 }, (_, i) => ({
        text: `${(i < 30 ? "awful " : "great ").repeat(9)}film ${i}`,
        label: i / 10,
      })),
      { target: "number" },
    );
    const { train, test } = stars.split({ test: 0.5, seed: 1 });
    const numbers = await reportDataset({ train, test });
    expect(numbers.labels.numbers).toMatchObject({ count: 60, minimum: 0, maximum: 5.9, median: 2.9 });
    expect(numbers.words.map(({ label, words }) => [label, words[0]?.word])).toEqual([
      ["up to 1.9", "awful"],
      ["from 3.9", "great"],
    ]);
    expect(numbers.findings.some(({ finding }) => finding === "The numbers go from 0 to 5.9.")).toBe(true);
    expect(numbers.comparisons[0]?.sentence).toContain("The numbers of test are spread as in train");
    for (const report of [several, numbers]) {
      expect(renderReportText(report)).not.toMatch(/NaN|undefined/);
      expect(await renderReportHtml(report)).not.toMatch(/>(?:NaN|undefined)/);
    }
  });

  it("profiles further columns, and says which classes are alike", async () => {
    const topics = ["rain and wind", "wind and snow", "goals and players"];
    const rows = Array.from({ length: 90 }, (_, i) => ({
      text: `${topics[i % 3]} today ${i}`,
      label: `topic${i % 3}`,
      stars: i % 5,
      shop: i % 10 === 0 ? "" : `shop ${i % 2}`,
    }));
    const { columns, alikeClasses } = await reportDataset(datasetFrom(rows));
    expect(columns.find(({ name }) => name === "stars")).toMatchObject({
      numbers: { minimum: 0, median: 2, maximum: 4, mean: 2 },
    });
    expect(columns.find(({ name }) => name === "shop")).toMatchObject({
      missing: 9,
      distinct: 2,
      values: [
        { value: "shop 1", rows: 45 },
        { value: "shop 0", rows: 36 },
      ],
    });
    expect(alikeClasses[0]).toMatchObject({ a: "topic0", b: "topic1", shared: expect.arrayContaining(["wind"]) });
  });

  it("counts words as runs without spaces", () => {
    expect([countWords(""), countWords(" a  b\n"), countWords("a\u00a0b\u3000c"), countWords("don't stop")]).toEqual([
      0, 2, 3, 2,
    ]);
  });

  it("stops on request", async () => {
    await expect(reportDataset(mails, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "E_ABORTED" });
  });
});

describe("rendering a report", () => {
  it("draws bars exact to an eighth", () => {
    expect([bar(1, 4), bar(0.5, 4), bar(0.53125, 4), bar(1e-9, 4), bar(0, 4)]).toEqual(["████", "██", "██▏", "▏", ""]);
  });

  it("as text keeps to its width and shows the numbers", async () => {
    const text = renderReportText(await reportDataset(mails), { width: 80 });
    expect(text.split("\n").filter((line) => Array.from(line).length > 80)).toEqual([]);
    expect(text).toMatch(/^ham +62 +88\.6 % {2}█{50}/m);
    expect(text).toContain("majority-class accuracy 88.6 %");
  });

  it("as HTML is one page that loads nothing, and escapes what it shows", async () => {
    const html = await renderReportHtml(
      await reportDataset(
        datasetFrom(
          Array.from({ length: 8 }, (_, i) => ({
            text: `</script><script>alert(1)</script> <img src=x onerror=alert(2)> ${i}`,
            label: i % 2 === 0 ? "<b onclick=alert(3)>" : "b",
            '<i id="c">': "<img src=x onerror=alert(4)>",
          })),
        ),
        { title: "<u>title</u>", notices: ["<u>notice</u>"] },
      ),
    );
    expect(html).not.toMatch(/<script>alert|<img|<b onclick|<i id|<u>/);
    expect(html).toContain("&lt;/script&gt;&lt;script&gt;alert(1)");
    const outside = html.replace(/<script>[\s\S]*?<\/script>/g, "");
    expect(outside).not.toMatch(/(?:src|href)="?http/);
    const specs = JSON.parse(
      /<script type="application\/json" id="specs">(.*?)<\/script>/s.exec(html)?.[1] ?? "",
    ) as Record<string, { marks: unknown[] }>;
    expect(Object.keys(specs)).toEqual(expect.arrayContaining(["labels-linear", "labels-log", "length-words"]));
    for (const name of Object.keys(specs)) expect(html).toContain(`id="${name}"`);
    for (const [, id] of html.matchAll(/<a href="#([^"]+)"/g)) expect(html).toContain(`<section id="${id}">`);
  });

  it("as pictures draws every class", async () => {
    const folder = await mkdtemp(join(tmpdir(), "textune-"));
    try {
      const report = await reportDataset(mails);
      await writeReportImages(report, folder, "svg");
      const svg = await readFile(join(folder, "labels-linear.svg"), "utf8");
      expect(svg).toContain(">spam</text>");
      const [path] = await writeReportImages(report, folder, "png");
      expect([...(await readFile(path as string)).subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
      expect((await readdir(folder)).some((name) => name.endsWith(".part"))).toBe(false);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("report of SMS spam", () => {
  const path = sharedPath("data/sms-spam/SMSSpamCollection");
  it.skipIf(path === undefined)(
    `agrees with counting otherwise${path === undefined ? " (skipped: not there)" : ""}`,
    async () => {
      const dataset = await readDataset(path as string);
      const report = await reportDataset(dataset);
      const texts = [...dataset].map((row) => row.text);
      expect(report.duplicates.exact).toBe(texts.length - new Set(texts).size);
      const words = texts.map((text) => text.trim().split(/\s+/u).length).sort((a, b) => a - b);
      expect(report.lengths[0]?.all.maximum).toBe(words.at(-1));
      expect(report.lengths[0]?.all.mean).toBeCloseTo(words.reduce((sum, count) => sum + count, 0) / words.length, 10);
      expect(report.languages.shares[0]?.language).toBe("en");
      const [ham] = report.words;
      expect(ham?.words.slice(0, 3).map((entry) => entry.word)).toEqual(["me", "my", "it"]);
      expect(ham?.contentWords.slice(0, 3).map((entry) => entry.word)).toEqual(["not", "ok", "good"]);
      expect(report.words[1]?.words.slice(0, 3).map((entry) => entry.word)).toEqual(["call", "free", "txt"]);
    },
  );
});
