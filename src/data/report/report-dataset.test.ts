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
    const report = await reportDataset(mails, { countTokens: (text) => text.length * 10 });
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
    const over = [...mails].filter((row) => row.text.length * 10 > 256).length;
    expect(report.truncation?.shares).toEqual([
      { limit: 128, share: 1 },
      { limit: 256, share: over / 70 },
      { limit: 512, share: 0 },
    ]);
    expect(report.damage).toEqual([
      expect.objectContaining({ name: "markup", rows: 9, example: "win a <b>free</b> prize now 0" }),
    ]);
    expect(report.words[1]?.words.map((entry) => entry.word)).toContain("prize");
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
        datasetFrom([
          { text: "</script><script>alert(1)</script>", label: "<b>" },
          { text: "x & y", label: "b" },
        ]),
      ),
    );
    expect(html).not.toContain("<script>alert(1)");
    expect(html).toContain("&lt;/script&gt;&lt;script&gt;alert(1)");
    const outside = html.replace(/<script>[\s\S]*?<\/script>/g, "");
    expect(outside).not.toMatch(/(?:src|href)="?http/);
    const specs = JSON.parse(
      /<script type="application\/json" id="specs">(.*?)<\/script>/s.exec(html)?.[1] ?? "",
    ) as Record<string, { marks: unknown[] }>;
    expect(Object.keys(specs)).toEqual(expect.arrayContaining(["labels-linear", "labels-log", "length-words"]));
    for (const name of Object.keys(specs)) expect(html).toContain(`id="${name}"`);
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
      expect(report.words[1]?.words.slice(0, 3).map((entry) => entry.word)).toEqual(["call", "free", "txt"]);
    },
  );
});
